"""A period, and a figure with the cases behind it: a rate keeps both its numbers, nothing divides by zero."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from engine.deadline.shanghai import SHANGHAI

NOTHING = "–"
"""What an empty denominator prints: neither 0 % nor 100 % would be true."""


@dataclass(frozen=True)
class Period:
    """Days of Asia/Shanghai, both included. `until` is not after today: what is not due yet is not late."""

    since: date
    until: date

    def holds(self, day: date | datetime | None) -> bool:
        """Whether an event of that day, or aware instant, belongs to it."""
        if isinstance(day, datetime):
            day = day.astimezone(SHANGHAI).date()
        return day is not None and self.since <= day <= self.until


@dataclass(frozen=True)
class Figure:
    """`top` of `bottom`, or a plain count where `bottom` is None; `cases` are ids of the instances counted.

    Of a rate, `cases` are those of the denominator and `counted` those of the numerator.
    """

    top: int
    bottom: int | None
    cases: tuple[str, ...]
    counted: tuple[str, ...] = ()

    @property
    def rate(self) -> float | None:
        """Between 0 and 1; None of a plain count and of an empty denominator."""
        return self.top / self.bottom if self.bottom else None

    @property
    def words(self) -> str:
        """83.3%（6 件中 5 件）, 12, or – where there was nothing to divide by."""
        if self.bottom is None:
            return str(self.top)
        return NOTHING if self.rate is None else f"{self.rate * 100:.1f}%（{self.bottom} 件中 {self.top} 件）"


Query = Callable[[Session, Period, "str | None"], Figure]
"""(session, period, code of a unit or None for all) → figure. Reads only what the viewer may see."""


def count(ids: Iterable[str]) -> Figure:
    """A plain count."""
    found = tuple(ids)
    return Figure(len(found), None, found, found)


def ratio(top: Iterable[str], bottom: Iterable[str]) -> Figure:
    """A rate of two lists of instances, the first within the second."""
    of, counted = tuple(bottom), tuple(top)
    return Figure(len(counted), len(of), of, counted)
