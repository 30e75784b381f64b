"""Which rung of the ladder a deadline stands on, which one people know of, and when to look again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time

from engine.deadline.calendar import WorkCalendar
from engine.deadline.ladder import notice_on
from engine.deadline.shanghai import ONE_DAY, SHANGHAI, date_of, end_of

AT = time(9)
"""When people are told, Asia/Shanghai."""
CARDED = ("L2", "L3")
"""Levels that give a card, from the first moment of their day; people read of it at nine."""


def rung(levels: Mapping[str, str], calendar: WorkCalendar, now: datetime) -> str:
    """The highest level people should know of by `now`; L0 when none."""
    return max((level for level, day in levels.items() if told_at(calendar, level, day) <= now), default="L0")


def reached(levels: Mapping[str, str], now: datetime) -> str:
    """The level the deadline stands on at `now`, whether or not people were told; L0 when none."""
    return max((level for level, day in levels.items() if begins(day) <= now), default="L0")


def told(levels: Mapping[str, str], announced: Iterable[tuple[str, datetime]]) -> str:
    """The highest level that was announced for the days as they are now; L0 when none.

    An extension moves the days away from what was announced: people are told again, of the new ones. A
    calendar that brings a day forward does not.
    """
    past = [(level, date_of(at)) for level, at in announced]
    known = [
        level
        for level, day in levels.items()
        if any(other >= level and on >= date.fromisoformat(day) for other, on in past)
    ]
    return max(known, default="L0")


def next_look(
    levels: Mapping[str, str], calendar: WorkCalendar, known: str, now: datetime
) -> datetime | None:
    """The next moment at which the ladder has something to do; None when it is at its top."""
    moments = [told_at(calendar, level, day) for level, day in levels.items() if level > known]
    moments += [begins(levels[level]) for level in CARDED if level in levels]
    return min((moment for moment in moments if moment > now), default=None)


def coming(levels: Mapping[str, str], now: datetime) -> tuple[str, date] | None:
    """The level that comes next, and its first day; None at the top."""
    ahead = [(level, date.fromisoformat(day)) for level, day in levels.items() if begins(day) > now]
    return min(ahead, default=None)


def begins(day: str) -> datetime:
    """The first moment of an ISO day, Asia/Shanghai."""
    return end_of(date.fromisoformat(day) - ONE_DAY)


def told_at(calendar: WorkCalendar, level: str, day: str) -> datetime:
    """Nine o'clock of the working day on which people are told of a level that begins on `day`."""
    return datetime.combine(notice_on(calendar, level, date.fromisoformat(day)), AT, SHANGHAI)
