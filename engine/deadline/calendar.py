"""工作日历: which days are working days, from the yearly notices with their make-up days (调休)."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Protocol

from engine.deadline.calendar_file import Notice, days_of, parse_notice
from engine.errors import InvalidData

_STATUTORY = {(1, 1): "元旦", (5, 1): "劳动节", (5, 2): "劳动节"} | {(10, day): "国庆节" for day in (1, 2, 3)}
"""Holidays on a fixed date. Source: 全国年节及纪念日放假办法 (2024) 第二条."""


class WorkCalendar(Protocol):
    """What counting needs to know; a `Calendar`, or the calendar written down in a proof."""

    @property
    def version(self) -> str: ...

    def is_workday(self, day: date) -> bool: ...

    def workday_after(self, day: date, count: int) -> date: ...

    def reason(self, day: date) -> str: ...

    def provisional(self, year: int) -> bool: ...

    def source(self, year: int) -> str: ...


@dataclass(frozen=True)
class _Year:
    """One year ready for counting."""

    workdays: frozenset[date]
    in_order: tuple[date, ...]
    """The working days, ascending."""
    names: Mapping[date, str]
    """Reasons of all days that are not a plain working day or a plain weekend."""
    source: str
    provisional: bool


class Calendar:
    """The working calendar of all years on file; a year without notice is provisional (暂定)."""

    def __init__(self, notices: Mapping[int, Notice], version: str) -> None:
        self.version = version
        """SHA-256 over the years' files: the same days under the same notices, the same version."""
        self._years = {year: _announced(notice) for year, notice in notices.items()}

    @classmethod
    def from_tomls(cls, texts: Mapping[int, str]) -> Calendar:
        """Reads ``{2026: text of calendar/2026.toml, …}``.

        Raises:
            InvalidData: keyed by file, every problem of every year.
        """
        notices: dict[int, Notice] = {}
        errors: dict[str, list[str]] = {}
        for year, text in sorted(texts.items()):
            try:
                notices[year] = parse_notice(year, text)
            except InvalidData as error:
                errors |= error.errors
        if errors:
            raise InvalidData(errors)
        return cls(notices, version_of(texts))

    @property
    def years(self) -> tuple[int, ...]:
        """The years with a notice on file, ascending."""
        return tuple(sorted(self._years))

    def is_workday(self, day: date) -> bool:
        """Adjusted weekends (调休上班日) are working days; `day` is a plain date."""
        return day in self._year(day.year).workdays

    def workday_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`; `count` is at least 1."""
        year = day.year
        ahead = self._year(year).in_order
        at = bisect_right(ahead, day) + count - 1
        while at >= len(ahead):
            at -= len(ahead)
            year += 1
            ahead = self._year(year).in_order
        return ahead[at]

    def reason(self, day: date) -> str:
        """Why `day` is a working day or not, e.g. ``春节放假``, ``调休上班（国庆节）``, ``周末``."""
        known = self._year(day.year)
        return known.names.get(day) or ("工作日" if day in known.workdays else "周末")

    def provisional(self, year: int) -> bool:
        """Whether no notice is on file for `year`, so that its days may still change."""
        return self._year(year).provisional

    def source(self, year: int) -> str:
        """The notice on which `year` rests, with its 文号, or that there is none yet."""
        return self._year(year).source

    def _year(self, year: int) -> _Year:
        return self._years.get(year) or _expected(year)


def version_of(texts: Mapping[int, str]) -> str:
    """The version of the calendar that is made of these files."""
    digest = hashlib.sha256()
    for year, text in sorted(texts.items()):
        digest.update(f"{year}\n{text}\n".encode())
    return digest.hexdigest()


def _announced(notice: Notice) -> _Year:
    names = {day: f"{name}放假" for day, name in notice.holidays.items()}
    names |= {day: f"调休上班（{name}）" for day, name in notice.make_up.items()}
    workdays = tuple(
        day
        for day in days_of(notice.year)
        if day in notice.make_up or (day.weekday() < 5 and day not in notice.holidays)
    )
    source = f"《{notice.title}》（{notice.number}）"
    return _Year(frozenset(workdays), workdays, names, source, provisional=False)


@lru_cache(maxsize=128)
def _expected(year: int) -> _Year:
    """A year whose notice is not out: weekends and the statutory days of fixed date only."""
    names = {date(year, month, day): f"{name}（法定节日，暂定）" for (month, day), name in _STATUTORY.items()}
    workdays = tuple(day for day in days_of(year) if day.weekday() < 5 and day not in names)
    source = f"{year} 年放假安排尚未录入，暂按周末和固定日期的法定节日推算"
    return _Year(frozenset(workdays), workdays, names, source, provisional=True)
