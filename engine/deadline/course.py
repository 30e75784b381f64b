"""What befell a period besides its counting: extensions, restarts, the suspension that still lasts.

The counting needs no more than the start, the sum of the extensions and the pauses; the proof tells how these
came about, and `checked` holds the two together, so that neither can be changed alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from engine.deadline.shanghai import day_in_words
from engine.errors import InvalidData


@dataclass(frozen=True)
class Extended:
    """延期 that was granted on `on`, by `days` in the rule's unit."""

    on: date
    days: int
    reason: str
    by: str = ""
    """Who granted it, by name."""


@dataclass(frozen=True)
class Restarted:
    """重新起算: the period that began at `was_start_on` and would have ended on `was_due_on` began anew.

    Its extensions and pauses fell away with it. Source: DOMAIN 7.1 (补正 restarts the clock).
    """

    on: date
    was_start_on: date
    was_due_on: date
    start_on: date
    reason: str
    clause: str = ""
    by: str = ""


@dataclass(frozen=True)
class Suspended:
    """中止 that still lasts: the days after `since` will not count, however many they become."""

    since: date
    reason: str
    clause: str = ""
    by: str = ""


@dataclass(frozen=True)
class Course:
    """All of it, in order. Pauses that are over are arguments of `compute`, for they are counted."""

    extensions: tuple[Extended, ...] = ()
    restarts: tuple[Restarted, ...] = ()
    suspended: Suspended | None = None

    def checked(self, start_on: date, extended_by: int) -> Course:
        """This course when it leads to that start and that sum; an empty one tells nothing and always does.

        Raises:
            InvalidData: it contradicts them; field `course`.
        """
        total = sum(extended.days for extended in self.extensions)
        if self.extensions and total != extended_by:
            raise InvalidData({"course": [f"各次延期合计 {total}，与延长的 {extended_by} 不符。"]})
        began = [*(restart.was_start_on for restart in self.restarts[1:]), start_on]
        for restart, next_start in zip(self.restarts, began, strict=bool(self.restarts)):
            if restart.start_on != next_start:
                said, is_now = day_in_words(restart.start_on), day_in_words(next_start)
                raise InvalidData({"course": [f"重新起算日 {said}与其后的起算日 {is_now}不符。"]})
        return self


UNEVENTFUL = Course()


def as_plain(part: Any) -> dict[str, Any]:
    """A part of a course as JSON values, dates as ISO text."""
    return {
        name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(part).items()
    }


def course_of(proof: Mapping[str, Any]) -> Course:
    """The course that a proof wrote down. Raises KeyError, TypeError or ValueError when it is malformed."""
    suspended = proof["suspended"]
    return Course(
        extensions=tuple(Extended(**_dated(row)) for row in proof["extensions"]),
        restarts=tuple(Restarted(**_dated(row)) for row in proof["restarts"]),
        suspended=None if suspended is None else Suspended(**_dated(suspended)),
    )


def _dated(row: Mapping[str, Any]) -> dict[str, Any]:
    days = ("on", "since", "was_start_on", "was_due_on", "start_on")
    return {name: date.fromisoformat(value) if name in days else value for name, value in row.items()}
