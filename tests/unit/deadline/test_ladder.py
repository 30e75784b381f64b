"""When a deadline turns amber and red and climbs."""

from __future__ import annotations

from datetime import date

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.ladder import notice_on
from engine.deadline.rule import RuleSet
from engine.deadline.rule_file import parse_rules

D = date.fromisoformat


@pytest.mark.parametrize(
    ("key", "start", "amber", "red", "third", "fourth"),
    [
        # T05, T07: 16 of 20 working days; then 4 and 10 after 06-30
        ("SC-DUE", "2026-06-01", "2026-06-24", "2026-07-01", "2026-07-06", "2026-07-14"),
        # T10: 4 of 5; the rungs are at least 1 and 2 days apart from due (2.5 is rounded up to 3)
        ("CP-TRIAGE", "2026-02-13", "2026-02-26", "2026-02-28", "2026-02-28", "2026-03-03"),
        # T10: 12 of 15
        ("CP-HANDLE", "2026-02-27", "2026-03-16", "2026-03-20", "2026-03-24", "2026-03-31"),
        # the 24th of 30 days is Friday 中秋节: told the working day before; rungs count from the shifted end
        ("AC-IMPL", "2026-09-01", "2026-09-24", "2026-10-09", "2026-10-14", "2026-10-23"),
        # months are laddered in days: 184 days to 09-10, 147 of them are 08-04, then 37 and 92
        ("AC-CF", "2026-03-10", "2026-08-04", "2026-09-11", "2026-10-17", "2026-12-11"),
        # a fixed date: 10 working days before, 5 and 10 after (02-28 works, 04-06 does not)
        ("YR-GOV", "2026-01-05", "2026-03-17", "2026-04-01", "2026-04-08", "2026-04-15"),
    ],
)
def test_the_rungs_fall_on_their_days(
    calendar: Calendar, rules: RuleSet, key: str, start: str, amber: str, red: str, third: str, fourth: str
) -> None:
    due = compute(rules[key], calendar, D(start))
    assert due.amber_on == D(amber)
    assert due.levels == {"L1": D(amber), "L2": D(red), "L3": D(third), "L4": D(fourth)}


def test_the_same_day_has_no_amber(calendar: Calendar, rules: RuleSet) -> None:
    due = compute(rules["AI-REPORT"], calendar, D("2026-12-14"))
    assert due.amber_on is None
    assert due.levels == {"L2": D("2026-12-15"), "L3": D("2026-12-15"), "L4": D("2026-12-16")}


def test_an_extension_moves_every_rung(calendar: Calendar, rules: RuleSet) -> None:
    before = compute(rules["CP-HANDLE"], calendar, D("2026-02-27"))
    after = compute(rules["CP-HANDLE"], calendar, D("2026-02-27"), extended_by=10)
    assert after.amber_on == D("2026-03-26")  # 20 of 25 working days
    assert all(after.levels[level] > before.levels[level] for level in before.levels)


def test_amber_is_not_told_before_the_start(calendar: Calendar, rules: RuleSet) -> None:
    # 7 days from Wednesday 02-18 in 春节: the 5th is 02-23, and every day between is a holiday
    due = compute(rules["CP-CALL"], calendar, D("2026-02-18"))
    assert (due.amber_on, due.due_on) == (D("2026-02-24"), D("2026-02-25"))


@pytest.mark.parametrize(
    ("level", "day", "told"),
    [
        ("L1", "2026-09-24", "2026-09-24"),
        ("L2", "2026-02-28", "2026-02-28"),  # a working Saturday
        ("L2", "2026-10-03", "2026-10-08"),  # the card bears 10-03, people are told after the holiday
        ("L4", "2026-10-17", "2026-10-19"),
    ],
)
def test_red_is_told_on_the_next_workday(calendar: Calendar, level: str, day: str, told: str) -> None:
    assert notice_on(calendar, level, D(day)) == D(told)


def test_a_rule_may_use_a_ladder_of_its_own(calendar: Calendar) -> None:
    text = """
[ladder.strict]
amber = 50
l3 = 110
l4 = 120
[CP-X]
step = "办结"
start = "受理"
ends_at = "签署"
value = 10
unit = "wd"
ladder = "strict"
tag = "default"
"""
    due = compute(parse_rules(text)["CP-X"], calendar, D("2026-03-02"))
    assert due.levels == {
        "L1": D("2026-03-09"),
        "L2": D("2026-03-17"),
        "L3": D("2026-03-17"),
        "L4": D("2026-03-18"),
    }
