"""Counting days on a calendar, and finding the working day nearest to one."""

from __future__ import annotations

from collections.abc import Set
from datetime import date
from typing import Literal

from engine.deadline.calendar import WorkCalendar
from engine.deadline.shanghai import ONE_DAY

Counted = Literal["wd", "cd"]
"""What is counted one by one: working days or calendar days."""


def count_from(
    calendar: WorkCalendar,
    start_on: date,
    length: int,
    unit: Counted,
    off: Set[date] = frozenset(),
) -> date:
    """The `length`-th counted day after `start_on`, which is itself not counted; 0 gives `start_on`.

    Working days (``wd``) or calendar days (``cd``) are counted; days in `off` never are.
    """
    if not off and length:
        if unit == "wd":
            return calendar.workday_after(start_on, length)
        return start_on + length * ONE_DAY
    day, is_workday = start_on, calendar.is_workday
    while length:
        day += ONE_DAY
        if day not in off and (unit == "cd" or is_workday(day)):
            length -= 1
    return day


def on_or_after(calendar: WorkCalendar, day: date, off: Set[date] = frozenset()) -> date:
    """`day`, or the first working day after it."""
    while day in off or not calendar.is_workday(day):
        day += ONE_DAY
    return day


def on_or_before(calendar: WorkCalendar, day: date, not_before: date) -> date:
    """`day`, or the last working day before it; never earlier than `not_before`."""
    while day > not_before and not calendar.is_workday(day):
        day -= ONE_DAY
    return day


def remaining_workdays(calendar: WorkCalendar, today: date, due_on: date) -> int:
    """Working days after `today` up to `due_on`; negative when `due_on` has passed.

    0 on the due day itself, and also when only rest days lie between the two.
    """
    first, last = sorted((today, due_on))
    between = 0
    while first < last:
        first += ONE_DAY
        between += calendar.is_workday(first)
    return between if due_on >= today else -between
