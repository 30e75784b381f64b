"""责任认定 (DMN-1) says what 第十条 says, and leaves to a person what it does not say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.bpmn.dmn.decide import decide
from engine.bpmn.dmn.read import read_decisions
from engine.errors import Problem

FILE = Path("processes/accountability/responsibility.dmn")
ALONE, APPROVED, COLLECTIVE = "未经主管领导审批", "经主管领导审批或同意", "领导班子集体讨论决定"


def responsibility(
    path: str, role: str, special: str = "没有", rules: tuple[str, ...] = (), others: str = "待认定"
) -> str:
    problems: list[Problem] = []
    table = read_decisions(FILE.name, FILE.read_bytes(), problems)[0]
    assert not problems
    row: Any = decide(
        table,
        {
            "approval_path": path,
            "case_role": role,
            "special": special,
            "optional_rules": list(rules),
            "r10_3_other_members": others,
        },
    )
    return str(row["responsibility"])


@pytest.mark.parametrize(
    ("path", "role", "said"),
    [
        (ALONE, "直接承办人", "全部责任"),
        (ALONE, "主管领导", "不承担"),
        (APPROVED, "主管领导", "主要责任"),
        (APPROVED, "直接承办人", "次要责任"),
        (APPROVED, "主要领导", "待认定"),
        (COLLECTIVE, "主要领导", "主要责任"),
        (COLLECTIVE, "分管领导", "次要责任"),
        (COLLECTIVE, "其他班子成员", "待认定"),
        ("别的", "直接承办人", "待认定"),
    ],
)
def test_article_ten_is_followed_to_the_letter(path: str, role: str, said: str) -> None:
    assert responsibility(path, role) == said


def test_optional_rules_are_silent_until_switched_on() -> None:
    lied = ("直接承办人", "隐瞒或弄虚作假取得批准")
    assert responsibility(APPROVED, *lied) == "次要责任"
    assert responsibility(APPROVED, *lied, rules=("X1",)) == "全部责任"


@pytest.mark.parametrize("said", ["待认定", "次要责任", "不承担"])
def test_the_district_says_what_other_members_of_the_board_bear(said: str) -> None:
    assert responsibility(COLLECTIVE, "其他班子成员", others=said) == said
    assert responsibility(COLLECTIVE, "分管领导", others=said) == "次要责任"
