"""A second way to count, written from the statute alone, must agree on every start day of 2019 to 2026."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

import chinese_calendar
import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.rule import Rule

FIRST = date(2019, 1, 1)
STARTS = [FIRST + timedelta(days=n) for n in range((date(2027, 1, 1) - FIRST).days)]
FIXED = {"01-01", "05-01", "05-02", "10-01", "10-02", "10-03"}


def works(day: date) -> bool:
    if day.year <= 2026:
        return bool(chinese_calendar.is_workday(day))
    return day.isoweekday() <= 5 and f"{day:%m-%d}" not in FIXED


THIRTY_MONTHS = 950
WORKDAYS = [
    day for day in (FIRST + timedelta(days=n) for n in range(len(STARTS) + THIRTY_MONTHS)) if works(day)
]


def expected_due(start: date, length: int, unit: str) -> date:
    """Working days are read off a list; the others end on the first working day not before the last."""
    if unit == "wd":
        return WORKDAYS[bisect_right(WORKDAYS, start) + length - 1]
    last = start + timedelta(days=length) if unit == "cd" else months_after(start, length)
    return WORKDAYS[bisect_left(WORKDAYS, last)]


def months_after(start: date, count: int) -> date:
    """Walks from first to first of the month; a day that the last month lacks is its last day."""
    first = start.replace(day=1)
    for _ in range(count):
        first = (first + timedelta(days=31)).replace(day=1)
    last_of_month = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return min(first + timedelta(days=start.day - 1), last_of_month)


@pytest.mark.parametrize("unit", ["wd", "cd", "month"])
@pytest.mark.parametrize("length", [5, 7, 10, 15, 20, 30])
def test_both_ways_agree_on_every_start_day(calendar: Calendar, length: int, unit: str) -> None:
    rule = Rule("X", "环节", "开始", "结束", length, unit)  # type: ignore[arg-type]
    differing = [
        start
        for start in STARTS
        if compute(rule, calendar, start).due_on != expected_due(start, length, unit)
    ]
    assert differing == []


@pytest.mark.parametrize("length", [5, 7, 10, 15, 20, 30])
def test_amber_and_the_upper_rungs_agree_on_every_start_day(calendar: Calendar, length: int) -> None:
    rule = Rule("X", "环节", "开始", "结束", length, "wd")
    rungs = {5: (4, 1, 3), 7: (5, 2, 4), 10: (8, 2, 5), 15: (12, 3, 8), 20: (16, 4, 10), 30: (24, 6, 15)}
    amber, third, fourth = rungs[length]  # worked out by hand: 80 % down, 20 % and 50 % up
    for start in STARTS:
        due = compute(rule, calendar, start)
        assert due.amber_on == expected_due(start, amber, "wd")
        assert due.levels["L3"] == expected_due(due.due_on, third, "wd")
        assert due.levels["L4"] == expected_due(due.due_on, fourth, "wd")


def test_a_fixed_date_agrees_on_every_start_day(calendar: Calendar) -> None:
    for month, day in [(1, 31), (3, 31), (10, 5)]:
        rule = Rule("X", "环节", "开始", "结束", 0, "date", month_day=f"{month:02}-{day:02}")
        for start in STARTS:
            legal = next(end for year in (0, 1) if (end := date(start.year + year, month, day)) >= start)
            before = WORKDAYS[bisect_right(WORKDAYS, legal) - 1] if legal >= WORKDAYS[0] else legal
            due = compute(rule, calendar, start)
            assert (due.legal_on, due.due_on) == (legal, max(before, start))
