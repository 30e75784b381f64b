"""When a cycle comes round: its days as drawn in the file, moved off rest days, under keys that never change.

A key names the period, not the day ("self_check:2026H1"), so that a new holiday notice, a clock that jumps or
a second scheduler computes the same key for the same occasion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from engine.deadline.shanghai import SHANGHAI


class Workdays(Protocol):
    """The part of a calendar that is needed."""

    def is_workday(self, day: date) -> bool: ...


class Recurrence(Protocol):
    """The periods of a cycle and the day each has before rest days are looked at."""

    def days(self, since: date) -> Iterator[tuple[str, date]]:
        """(label of the period, day) from the period that contains `since` on, oldest first, without end."""
        ...


@dataclass(frozen=True)
class Weekly:
    """Once a week; Monday is 0. Labels are ISO weeks."""

    weekday: int

    def days(self, since: date) -> Iterator[tuple[str, date]]:
        monday = since - timedelta(days=since.weekday())
        while True:
            year, week, _ = monday.isocalendar()
            yield f"{year}-W{week:02d}", monday + timedelta(days=self.weekday)
            monday += timedelta(weeks=1)


@dataclass(frozen=True)
class Monthly:
    """Once a month. Labels are months."""

    day: int

    def days(self, since: date) -> Iterator[tuple[str, date]]:
        year, month = since.year, since.month
        while True:
            yield f"{year}-{month:02d}", date(year, month, self.day)
            year, month = (year + 1, 1) if month == 12 else (year, month + 1)


@dataclass(frozen=True)
class Yearly:
    """On the same days of every year. Labels are years; of two half-years 2026H1 and 2026H2."""

    dates: tuple[tuple[int, int], ...]
    """(month, day), in order."""

    def days(self, since: date) -> Iterator[tuple[str, date]]:
        year = since.year
        while True:
            for number, (month, day) in enumerate(self.dates, start=1):
                yield self._label(year, number), date(year, month, day)
            year += 1

    def _label(self, year: int, number: int) -> str:
        if len(self.dates) == 1:
            return str(year)
        return f"{year}{'H' if len(self.dates) == 2 else 'N'}{number}"


@dataclass(frozen=True)
class Cycle:
    """One section of cycles.toml; `at` is Asia/Shanghai."""

    key: str
    process: str
    name: str
    recurrence: Recurrence
    at: time
    earlier: bool
    """Whether a rest day moves it to the working day before, instead of the one after."""
    clause: str = ""
    lead: int = 0
    """Working days before the day of the cycle on which its process begins, e.g. to draft a notice."""
    starters: frozenset[str] = frozenset()
    """Roles that may start an occasion by hand, with a reason."""
    first_on: date = date.min
    last_on: date = date.max
    """Occasions drawn on days outside these two do not exist."""

    def shift(self, calendar: Workdays, day: date) -> date:
        """`day`, or the nearest working day in the direction of this cycle."""
        while not calendar.is_workday(day):
            day += timedelta(days=-1 if self.earlier else 1)
        return day

    def opens_on(self, calendar: Workdays, on: date) -> date:
        """The day on which the process of the occasion of `on` begins."""
        for _ in range(self.lead):
            on -= timedelta(days=1)
            while not calendar.is_workday(on):
                on -= timedelta(days=1)
        return on

    def instant(self, day: date) -> datetime:
        """The hour of this cycle on `day`."""
        return datetime.combine(day, self.at, SHANGHAI)


@dataclass(frozen=True)
class Occasion:
    """One time a cycle comes round (一期); `key` is the same whenever it is computed."""

    key: str
    label: str
    drawn_on: date
    """The day before rest days were looked at."""
    on: date
    """The day of the cycle (周期日): periods that begin with the cycle are counted from it."""
    due_at: datetime
    """When its process begins: on the day of the cycle, or some working days before."""


def occasions(cycle: Cycle, calendar: Workdays, since: date, until: datetime) -> Iterator[Occasion]:
    """The occasions from the period of `since` on that are due by `until`, oldest first."""
    for label, drawn_on in cycle.recurrence.days(max(since, cycle.first_on)):
        if drawn_on < cycle.first_on:
            continue
        on = cycle.shift(calendar, drawn_on)
        due_at = cycle.instant(cycle.opens_on(calendar, on))
        if due_at > until or drawn_on > cycle.last_on:
            return
        yield Occasion(f"{cycle.key}:{label}", label, drawn_on, on, due_at)
