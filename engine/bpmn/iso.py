"""ISO 8601 durations and instants, added to a moment the way people count months: 31 Jan + P1M is 28 Feb."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from engine.bpmn.functions import SHANGHAI
from engine.errors import ExpressionError

_DURATION = re.compile(
    r"P(?=[\dT])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?"
    r"(?:(\d+(?:[.,]\d+)?)S)?)?"
)
_CYCLE = re.compile(r"R(\d*)/(P.+)")
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?")
_MAX_YEARS = 100


@dataclass(frozen=True)
class Duration:
    """Calendar months, then an exact span."""

    months: int
    span: timedelta

    def after(self, start: datetime) -> datetime:
        """Months are counted in Asia/Shanghai; a day that a month lacks becomes its last day."""
        local = start.astimezone(SHANGHAI)
        year, month = divmod(local.year * 12 + local.month - 1 + self.months, 12)
        day = min(local.day, calendar.monthrange(year, month + 1)[1])
        return (local.replace(year=year, month=month + 1, day=day) + self.span).astimezone(UTC)


def is_literal(text: str, kind: str) -> bool:
    """Whether text is an ISO literal of that kind (timeDate, timeDuration, timeCycle), no expression."""
    pattern = {"timeDate": _INSTANT, "timeDuration": _DURATION, "timeCycle": _CYCLE}[kind]
    return pattern.fullmatch(text.strip()) is not None


def duration(text: str) -> Duration:
    """``P1Y2M3W4DT5H6M7S``; raises ExpressionError for anything else, also for negative and empty ones."""
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        raise ExpressionError(f"时长应写成 P10D、PT2H 这样的形式，但是“{text}”")
    *whole, fraction = found.groups()
    years, months, weeks, days, hours, minutes = (int(part or 0) for part in whole)
    seconds = float((fraction or "0").replace(",", "."))
    if years + months / 12 > _MAX_YEARS or days + weeks * 7 > _MAX_YEARS * 366:
        raise ExpressionError(f"时长应不超过 {_MAX_YEARS} 年，但是“{text}”")
    span = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return Duration(years * 12 + months, span)


def cycle(text: str) -> tuple[int | None, Duration]:
    """``R3/PT24H`` as (3, duration); None for endless."""
    found = _CYCLE.fullmatch(text.strip())
    if found is None:
        raise ExpressionError(f"循环应写成 R3/PT24H 这样的形式，但是“{text}”")
    return (int(found.group(1)) if found.group(1) else None), duration(found.group(2))


def instant(value: Any, now: datetime) -> datetime:
    """The aware UTC instant meant by a timer's value.

    A date is its first moment, and a time without a zone is meant, in Asia/Shanghai. A duration counts
    from `now`.
    """
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=SHANGHAI)).astimezone(UTC)
    if isinstance(value, date):
        return datetime.combine(value, time(), SHANGHAI).astimezone(UTC)
    if isinstance(value, timedelta):
        return now.astimezone(UTC) + value
    if isinstance(value, str) and value.strip().startswith("P"):
        return duration(value).after(now)
    if isinstance(value, str):
        try:
            return instant(datetime.fromisoformat(value.strip()), now)
        except ValueError as error:
            raise ExpressionError(f"时间应写成 2026-09-30T18:00 这样的形式，但是“{value}”") from error
    raise ExpressionError(f"定时器的值应为日期、时间或时长，但是“{value}”")
