"""A deadline as a list or page shows it: words, colour, and how much of it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, Protocol

from engine.deadline.calendar import WorkCalendar
from engine.deadline.light import Light, light
from engine.deadline.shanghai import date_of
from engine.deadline.words import in_words
from engine.deadline.workdays import remaining_workdays
from engine.store.tables import Task
from forms.words import short_day

LABELS: dict[Light | Literal[""], str] = {
    "green": "办理中", "amber": "即将到期", "red": "已逾期", "grey": "已中止", "": "无期限",
}  # fmt: skip


class HasDueOrNone(Protocol):
    """A task or deadline row."""

    @property
    def due_on(self) -> date | None: ...

    @property
    def due_at(self) -> datetime | None: ...

    @property
    def amber_on(self) -> date | None: ...


@dataclass(frozen=True)
class DueView:
    """`percent` of the period that is used, 0–100; `light` is '' where there is no deadline."""

    words: str = "未设期限"
    light: Light | Literal[""] = ""
    percent: int = 0
    sub: str = ""
    done: bool = False

    @property
    def label(self) -> str:
        """The colour in words, for those who do not see it."""
        return LABELS[self.light]


SUSPENDED = DueView("期限中止", "grey", 0, "恢复计时后推后")


@dataclass(frozen=True)
class _Due:
    due_on: date
    due_at: datetime
    amber_on: date | None


def due_view(
    row: HasDueOrNone,
    calendar: WorkCalendar,
    now: datetime,
    *,
    start_on: date | None = None,
    finished_at: datetime | None = None,
    suspended: bool = False,
) -> DueView:
    """`start_on` lets the bar show how much is used; without it the bar is empty or full.

    A task under a suspended deadline has no day (`engine.instance.cover`), and shows 灰.
    """
    if row.due_on is None or row.due_at is None:
        under = isinstance(row, Task) and row.deadline_id  # it has a deadline, which has no day now
        return SUSPENDED if under else DueView()
    due = _Due(row.due_on, row.due_at, row.amber_on)
    colour = light(due, now, finished_at=finished_at, suspended=suspended)
    sub = f"应于 {short_day(due.due_on)}办结"
    if finished_at is not None:
        return DueView("逾期办结" if colour == "red" else "按期办结", colour, 100, sub, done=True)
    if suspended:
        return SUSPENDED
    return DueView(in_words(due, calendar, now), colour, _used(due, calendar, now, start_on), sub)


def _used(due: _Due, calendar: WorkCalendar, now: datetime, start_on: date | None) -> int:
    if now >= due.due_at:
        return 100
    if start_on is None or start_on >= due.due_on:
        return 0
    whole = max(1, remaining_workdays(calendar, start_on, due.due_on))
    left = remaining_workdays(calendar, date_of(now), due.due_on)
    return min(100, max(4, round(100 * (whole - left) / whole)))
