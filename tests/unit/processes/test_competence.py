"""措施 (DMN-2) and 权限 (DMN-3) say what R11 and R12 say; a sanction is never more than a suggestion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from engine.bpmn.dmn.decide import decide
from engine.bpmn.dmn.read import read_decisions
from engine.errors import Problem
from supervision.accountability.rules import read_rules

FOLDER = Path("processes/accountability")
GRAVE = "情节严重影响较大"
SINGLE = ("responsibility", "competence", "severity_hint")


def table(name: str) -> Any:
    problems: list[Problem] = []
    found = read_decisions(f"{name}.dmn", (FOLDER / f"{name}.dmn").read_bytes(), problems)[0]
    assert not problems
    return found


def power(measure: str, group: str, body: str, setting: str = "decide") -> str:
    asked = {
        "measure": measure, "subject_group": group, "body": body, "person_measures_by_lsg": setting,
    }  # fmt: skip
    row: Any = decide(table("competence"), asked)
    return str(row["power"])


def measures(level: str, subject: str, crime: bool = False) -> set[tuple[str, str]]:
    asked = {"level": level, "subject": subject, "crime_suspected": crime}
    rows: Any = decide(table("measures"), asked)
    return {(row["measure"], row["force"]) for row in rows}


@pytest.mark.parametrize("setting", ["decide", "recommend"])
@pytest.mark.parametrize("group", ["单位", "领导", "其他人员"])
@pytest.mark.parametrize("body", ["领导小组", "行为人所在单位"])
def test_a_sanction_is_only_ever_suggested(body: str, group: str, setting: str) -> None:
    assert power("处分建议", group, body, setting) == "建议"


def test_the_setting_turns_decisions_on_persons_into_suggestions() -> None:
    assert power("取消评优评先", "领导", "领导小组") == "决定"
    assert power("取消评优评先", "领导", "领导小组", "recommend") == "建议"
    assert power("通报批评", "单位", "领导小组", "recommend") == "决定"


def test_whatever_measure_there_is_somebody_has_a_power_over_it() -> None:
    for measure in read_rules(Path("processes")).known_measures:
        assert power(measure, "其他人员", "领导小组") in ("决定", "建议", "不得")


def test_article_eleven_parts_units_leaders_and_who_did_it() -> None:
    unit, leader, doer = (measures(GRAVE, who) for who in ("部门或单位", "领导", "直接责任人"))
    assert {one for one, _ in unit} == {"通报批评", "责令限期整改", "取消评优评先"}
    assert {one for one, _ in leader} == {"通报批评", "取消评优评先", "处分建议"}
    assert {one for one, _ in doer} == {"调离原岗位", "处分建议"}
    assert ("移送", "应当") in measures(GRAVE, "领导", crime=True)


@pytest.mark.parametrize("name", SINGLE)
def test_the_last_row_catches_what_no_other_does(name: str) -> None:
    last = list(etree.parse(FOLDER / f"{name}.dmn").iter("{*}rule"))[-1]
    assert table(name).hit_policy == "FIRST"
    assert [cell.findtext("{*}text") or "" for cell in last.iter("{*}inputEntry")] == [""] * len(
        table(name).inputs
    )
