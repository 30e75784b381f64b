"""A proof folded into months and reasons says no less than its days."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.export import export
from engine.deadline.pause import Pause
from engine.deadline.rule import RuleSet
from engine.deadline.rule_file import parse_rules
from forms.proof.sheet import Sheet, sheet_of

PROCESSES = Path(__file__).parents[3] / "processes"
D = date.fromisoformat
CLAUSES = {"R8(8)": "不及时受理、查处公众投诉的。", "R14": "被问责的单位应当及时整改。"}


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return parse_rules((PROCESSES / "deadlines.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return Calendar.from_tomls({2026: (PROCESSES / "calendar" / "2026.toml").read_text("utf-8")})


def drawn(rules: RuleSet, calendar: Calendar, key: str, start: str, **how: Any) -> Sheet:
    due = compute(rules[key], calendar, D(start), **how)
    return sheet_of(export(due, {"id": "1", "case": "TS-2026-0001", "status": "running"}), CLAUSES)


def told(sheet: Sheet) -> list[tuple[str, int, str]]:
    return [(line.days, line.count, line.why) for line in sheet.lines]


def test_neighbours_with_one_reason_are_one_line(rules: RuleSet, calendar: Calendar) -> None:
    pause = Pause(D("2026-02-24"), D("2026-02-27"), "第三方意见", "条例第三十二条", "李督查", "李督查")
    sheet = drawn(rules, calendar, "CP-HANDLE", "2026-02-13", pauses=[pause])
    assert told(sheet) == [
        ("2026-02-13（周五）", 1, "起算日，不计入期间"),
        ("2026-02-14（周六）", 1, "调休上班（春节），计入第 1 日"),
        ("2026-02-15（周日）至 02-23（周一）", 9, "春节放假，不计入"),
        ("2026-02-25（周三）至 02-27（周五）", 3, "中止期间（第三方意见），不计入"),
        ("2026-02-28（周六）", 1, "调休上班（春节），计入第 3 日"),
        ("2026-03-17（周二）", 1, "计入第 15 日，期满"),
    ]
    assert sheet.plain == "其余工作日逐日计入，其余周末不计入。"
    assert sheet.counted == 15
    (moved,) = sheet.moved
    assert "依据条例第三十二条；李督查" in moved


def test_every_day_of_the_proof_is_in_the_grid_with_its_number(rules: RuleSet, calendar: Calendar) -> None:
    for key, start in (("CP-HANDLE", "2026-02-13"), ("AC-CF", "2026-03-10"), ("AC-IMPL", "2026-09-01")):
        sheet = drawn(rules, calendar, key, start)
        cells = [cell for month in sheet.months for week in month.weeks for cell in week if cell]
        assert [(cell.day.isoformat(), cell.number, cell.words) for cell in cells] == [
            (row["on"], row["counted"], row["why"]) for row in sheet.proof["days"]
        ]
        assert sum(month.counted for month in sheet.months) == sheet.counted
        assert [cell.mark for cell in cells if cell.kind == "edge"] == ["起", "止"]
        assert [cell.day for cell in cells if cell.warned] == [D(sheet.proof["result"]["amber_on"])]


def test_an_end_that_moves_over_a_holiday_is_told(rules: RuleSet, calendar: Calendar) -> None:
    sheet = drawn(rules, calendar, "AC-IMPL", "2026-09-01")
    assert told(sheet)[1:] == [
        ("2026-10-01（周四）", 1, "计入第 30 日，期满日是休息日，顺延"),
        ("2026-10-02（周五）至 10-07（周三）", 6, "国庆节放假，继续顺延"),
        ("2026-10-08（周四）", 1, "顺延后的期满日"),
    ]
    assert sheet.clauses == [("第十四条", "被问责的单位应当及时整改。")]


def test_a_clause_of_the_regulation_stands_there_word_for_word(rules: RuleSet, calendar: Calendar) -> None:
    assert drawn(rules, calendar, "CP-PUB", "2026-03-02").clauses == [
        ("第八条第（八）项", "不及时受理、查处公众投诉的。")
    ]
    assert drawn(rules, calendar, "CP-XF", "2026-03-02").clauses == []


def test_a_fixed_date_shows_our_day_and_the_laws(rules: RuleSet, calendar: Calendar) -> None:
    sheet = drawn(rules, calendar, "YR-UNIT", "2027-01-04")
    assert told(sheet) == [
        ("2027-01-29（周五）", 1, "内部期限日"),
        ("2027-01-31（周日）", 1, "法定期限日"),
    ]
    assert dict(sheet.result)["到期日"] == "2027-01-29（周五）（暂定）"
    assert dict(sheet.result)["法定期限日"] == "2027-01-31（周日）"
    assert "放假安排尚未录入" in dict(sheet.facts)["2027 年日历"]
    cells = [cell for month in sheet.months for week in month.weeks for cell in week if cell]
    assert [cell.mark for cell in cells if cell.mark] == ["止", "法"]


def test_a_year_is_said_again_only_where_it_changes(rules: RuleSet, calendar: Calendar) -> None:
    lines = drawn(rules, calendar, "AI-REPORT", "2026-12-31").lines
    assert [line.days for line in lines] == ["2026-12-31（周四）"]
    pause = Pause(D("2026-12-29"), D("2027-01-02"), "中止")
    spans = [line.days for line in drawn(rules, calendar, "CP-HANDLE", "2026-12-28", pauses=[pause]).lines]
    assert "2026-12-30（周三）至 2027-01-02（周六）" in spans


def test_every_rule_can_be_drawn(rules: RuleSet, calendar: Calendar) -> None:
    for rule in rules.values():
        sheet = drawn(rules, calendar, rule.key, "2026-09-29")
        assert sheet.months
        assert sheet.lines
        assert sheet.legend.keys() <= {"counted", "makeup", "rest", "holiday", "paused", "edge"}
