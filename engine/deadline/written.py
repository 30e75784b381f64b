"""The calendar that a proof wrote down: its own days and no others."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.deadline.shanghai import ONE_DAY, day_in_words

LISTS = ("days", "days_after")
Place = tuple[str | int, ...]
"""Where in a proof, as ``("days", 3, "why")``."""


class MissingDay(LookupError):
    """The counting came to a day that the proof does not tell of."""


class WrittenCalendar:
    """A `WorkCalendar`. Raises KeyError, TypeError or ValueError when the proof is malformed."""

    def __init__(self, proof: Mapping[str, Any]) -> None:
        self.version: str = proof["calendar_version"]
        self._rows = [((name, at), row) for name in LISTS for at, row in enumerate(proof[name])]
        self._days = {date.fromisoformat(row["on"]): row for _, row in self._rows}
        self._years = {row["year"]: row for row in proof["calendar"]}

    def is_workday(self, day: date) -> bool:
        return bool(self._row(day)["workday"])

    def workday_after(self, day: date, count: int) -> date:
        while count:
            day += ONE_DAY
            count -= self.is_workday(day)
        return day

    def reason(self, day: date) -> str:
        return str(self._row(day)["reason"])

    def provisional(self, year: int) -> bool:
        return bool(self._years[year]["provisional"])

    def source(self, year: int) -> str:
        return str(self._years[year]["source"])

    def contradictions(self) -> Iterator[tuple[Place, str]]:
        """Days whose reason cannot be true of their weekday, or does not go with working or resting."""
        for place, row in self._rows:
            day, worked, reason = date.fromisoformat(row["on"]), row["workday"], row["reason"]
            expected = ("调休上班" if day.weekday() >= 5 else "工作日") if worked else ""
            named = reason.startswith(expected) if worked else not reason.startswith(("工作日", "调休上班"))
            if not named or (day.weekday() < 5 and reason == "周末"):
                yield place, f"“{reason}”与是否为工作日的记载不符"

    def _row(self, day: date) -> Mapping[str, Any]:
        if day not in self._days:
            raise MissingDay(f"缺少 {day_in_words(day)}的记载")
        return self._days[day]
