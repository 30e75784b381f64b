"""Suspended days do not count."""

from __future__ import annotations

from datetime import date

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.pause import Pause
from engine.deadline.rule import RuleSet
from engine.errors import InvalidData

D = date.fromisoformat


def pause(begins: str, ends: str, reason: str = "第三方意见") -> Pause:
    return Pause(D(begins), D(ends), reason)


@pytest.mark.parametrize(
    ("key", "start", "pauses", "due_on"),
    [
        # 20 wd from 03-02 end on 03-30; five working days (03-10…16) are left out
        ("IC-DUE", "2026-03-02", [pause("2026-03-09", "2026-03-16")], "2026-04-07"),
        # lifted on its own day: nothing is lost
        ("IC-DUE", "2026-03-02", [pause("2026-03-09", "2026-03-09")], "2026-03-30"),
        # the same days twice count once
        (
            "IC-DUE",
            "2026-03-02",
            [pause("2026-03-09", "2026-03-16"), pause("2026-03-12", "2026-03-16", "公告")],
            "2026-04-07",
        ),
        # a weekend alone is no working day anyway
        ("IC-DUE", "2026-03-02", [pause("2026-03-06", "2026-03-08")], "2026-03-30"),
        # after the end it changes nothing
        ("IC-DUE", "2026-03-02", [pause("2026-04-09", "2026-05-09")], "2026-03-30"),
        # 30 days to 07-15; ten of them left out: Saturday 07-25 moves to Monday
        ("RC-DUE", "2026-06-15", [pause("2026-06-20", "2026-06-30")], "2026-07-27"),
        # six months to 09-10 and 30 days more: Saturday 10-10 works
        ("AC-CF", "2026-03-10", [pause("2026-04-01", "2026-05-01")], "2026-10-10"),
        # the end would move to Monday 08-10, but that day is suspended
        ("AI-OBJ", "2026-07-10", [pause("2026-08-09", "2026-08-11")], "2026-08-12"),
        # a fixed date is the law's and does not wait
        ("YR-GOV", "2026-01-05", [pause("2026-02-01", "2026-03-01")], "2026-03-31"),
    ],
)
def test_a_suspension_moves_the_end_by_the_days_it_took(
    calendar: Calendar, rules: RuleSet, key: str, start: str, pauses: list[Pause], due_on: str
) -> None:
    assert compute(rules[key], calendar, D(start), pauses=pauses).due_on == D(due_on)


def test_a_suspension_moves_amber_as_well(calendar: Calendar, rules: RuleSet) -> None:
    plain = compute(rules["IC-DUE"], calendar, D("2026-03-02"))
    paused = compute(rules["IC-DUE"], calendar, D("2026-03-02"), pauses=[pause("2026-03-09", "2026-03-16")])
    assert (plain.amber_on, paused.amber_on) == (D("2026-03-24"), D("2026-03-31"))


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        (
            pause("2026-03-16", "2026-03-09"),
            "pauses",
            "结束日 2026-03-09（周一）早于开始日 2026-03-16（周一）",
        ),
        (Pause(date(26, 3, 9), date(2026, 3, 16), "x"), "start", "请检查年份"),
    ],
)
def test_a_suspension_that_cannot_be_meant_is_refused(
    calendar: Calendar, rules: RuleSet, wrong: Pause, field: str, sentence: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        compute(rules["IC-DUE"], calendar, D("2026-03-02"), pauses=[wrong])
    assert sentence in refused.value.errors[field][0]
