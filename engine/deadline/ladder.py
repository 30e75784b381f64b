"""逐级督办: when a deadline turns amber (L1), red (L2), and climbs to L3 and L4."""

from __future__ import annotations

from collections.abc import Set
from datetime import date

from engine.deadline.calendar import WorkCalendar
from engine.deadline.rule import Ladder
from engine.deadline.shanghai import ONE_DAY
from engine.deadline.span import Span
from engine.deadline.workdays import Counted, count_from, on_or_after, on_or_before


def climb(
    ladder: Ladder, calendar: WorkCalendar, span: Span, off: Set[date]
) -> tuple[date | None, dict[str, date]]:
    """The amber day and the first day of each level.

    L1 is the amber day (absent for a period of length 0); L2 the day after the legal end, whatever the
    server was doing then; L3 and L4 count on from the due day in the rule's own unit.
    """
    if span.unit == "date":
        third, fourth = ladder.date_l3, ladder.date_l4
        amber_on: date | None = _before(calendar, span.due_on, ladder.date_amber, span.start_on)
    else:
        third = max(1, -(-span.length * (ladder.l3 - 100) // 100))
        fourth = max(2, -(-span.length * (ladder.l4 - 100) // 100))
        amber_on = _amber(ladder, calendar, span, off) if span.length else None
    unit: Counted = "cd" if span.unit == "cd" else "wd"
    levels = {"L1": amber_on} if amber_on else {}
    levels["L2"] = span.legal_on + ONE_DAY
    levels["L3"] = count_from(calendar, span.legal_on, third, unit, off)
    levels["L4"] = count_from(calendar, levels["L3"], fourth - third, unit, off)
    return amber_on, levels


def notice_on(calendar: WorkCalendar, level: str, day: date) -> date:
    """The working day on which people are told of `level`: amber has been moved already, the rest wait."""
    return day if level == "L1" else on_or_after(calendar, day)


def _amber(ladder: Ladder, calendar: WorkCalendar, span: Span, off: Set[date]) -> date:
    """80 % of the period, told on the working day before when it falls on a rest day."""
    unit: Counted = "wd" if span.unit == "wd" else "cd"
    day = count_from(calendar, span.start_on, max(1, span.length * ladder.amber // 100), unit, off)
    day = min(day, span.due_on)
    earlier = on_or_before(calendar, day, not_before=span.start_on)
    if earlier > span.start_on:
        return earlier
    # the whole time since the start was a holiday: nobody could have been told before it
    return min(on_or_after(calendar, day), span.due_on)


def _before(calendar: WorkCalendar, day: date, workdays: int, not_before: date) -> date:
    """The day `workdays` working days before `day`, but not before `not_before`."""
    while workdays and day > not_before:
        day -= ONE_DAY
        workdays -= calendar.is_workday(day)
    return day
