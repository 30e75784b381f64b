"""A year as twelve month grids, Monday first."""

from __future__ import annotations

import calendar as weeks
from dataclasses import dataclass
from datetime import date

from engine.deadline.calendar import WorkCalendar


@dataclass(frozen=True)
class DayCell:
    """One day: `kind` is work, rest, holiday or makeup; `mark` is the sign beside the number."""

    day: date
    kind: str
    mark: str
    reason: str


@dataclass(frozen=True)
class Month:
    """`weeks` have seven cells each; None lies outside the month."""

    number: int
    weeks: list[list[DayCell | None]]
    workdays: int


def months_of(calendar: WorkCalendar, year: int) -> list[Month]:
    """January to December."""
    return [_month(calendar, year, number) for number in range(1, 13)]


def _month(calendar: WorkCalendar, year: int, number: int) -> Month:
    rows = [
        [_cell(calendar, day) if day.month == number else None for day in week]
        for week in weeks.Calendar().monthdatescalendar(year, number)
    ]
    worked = sum(calendar.is_workday(cell.day) for row in rows for cell in row if cell)
    return Month(number, rows, worked)


def _cell(calendar: WorkCalendar, day: date) -> DayCell:
    reason = calendar.reason(day)
    if calendar.is_workday(day):
        return DayCell(day, *(("makeup", "班") if day.weekday() >= 5 else ("work", "")), reason)
    return DayCell(day, *(("rest", "") if reason == "周末" else ("holiday", "休")), reason)
