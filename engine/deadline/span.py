"""How far a rule reaches from its start day: the last counted day, the shifted end, the legal end."""

from __future__ import annotations

import calendar as months
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from typing import Literal

from engine.deadline.calendar import WorkCalendar
from engine.deadline.rule import Rule
from engine.deadline.workdays import count_from, on_or_after, on_or_before


@dataclass(frozen=True)
class Span:
    """A measured period."""

    start_on: date
    """Not counted."""
    last_on: date
    """Last counted day, before any shift or cap."""
    due_on: date
    legal_on: date
    """Differs from `due_on` for fixed dates only: the law does not move, our own due day does."""
    length: int
    """Counted units from start to end as the ladder takes them."""
    unit: Literal["wd", "cd", "date"]
    """Unit of the ladder; months are laddered in calendar days."""


def measure(rule: Rule, calendar: WorkCalendar, start_on: date, extended_by: int, off: Set[date]) -> Span:
    """The period of `rule` from `start_on`, lengthened by `extended_by` units, without the days in `off`.

    Source: 民事诉讼法第八十五条 (start day not counted, an end on a rest day moves to the next working day);
    month periods end on the same-numbered day, or the last of the month.
    """
    if rule.unit == "date":
        return _fixed(rule, calendar, start_on)
    length = rule.value + extended_by
    last_on = _last_day(rule.unit, length, calendar, start_on, off)
    if not rule.shift or (rule.unit == "wd" and length):
        due_on = last_on
    else:
        due_on = on_or_after(calendar, last_on, off)
    if rule.cap:
        cap_on = _last_day(rule.cap.unit, rule.cap.value, calendar, start_on, off)
        if due_on > cap_on:  # the law's own period is not stretched by a rest day: ours ends before it
            due_on = on_or_before(calendar, cap_on, not_before=start_on)
    if rule.unit == "wd":
        return Span(start_on, last_on, due_on, due_on, length, "wd")
    if rule.unit == "month":
        length = (due_on - start_on).days - sum(start_on < day <= due_on for day in off)
    return Span(start_on, last_on, due_on, due_on, length, "cd")


def _last_day(unit: str, length: int, calendar: WorkCalendar, start_on: date, off: Set[date]) -> date:
    if unit == "month":
        same_day = add_months(start_on, length)
        return count_from(calendar, start_on, (same_day - start_on).days, "cd", off)
    return count_from(calendar, start_on, length, "wd" if unit == "wd" else "cd", off)


def _fixed(rule: Rule, calendar: WorkCalendar, start_on: date) -> Span:
    """The first such date on or after the start; suspensions and rest days do not move it."""
    month, day = map(int, rule.month_day.split("-"))
    legal_on = date(start_on.year, month, day)
    if legal_on < start_on:
        legal_on = date(start_on.year + 1, month, day)
    due_on = on_or_before(calendar, legal_on, not_before=start_on)
    return Span(start_on, legal_on, due_on, legal_on, 0, "date")


def add_months(day: date, count: int) -> date:
    """The same-numbered day `count` months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
