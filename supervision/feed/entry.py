"""One day in somebody's calendar program, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Entry:
    """An all-day event. It is the same event for as long as its `uid` is; `sequence` only ever grows."""

    uid: str
    on: date
    title: str
    """Holds no title of a case: that may name a person, and a calendar is shown to others."""
    lines: tuple[str, ...]
    path: str
    """Where in the pages it is dealt with."""
    sequence: int
    changed_at: datetime
    cancelled: bool = False
    tentative: bool = False
    alarm_at: datetime | None = None
