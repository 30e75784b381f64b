"""Dates are those of Asia/Shanghai; instants are aware UTC: the two ways between them.

China has kept UTC+8 without summer time since 1992, so 24:00 of a day is 16:00 UTC.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from engine.errors import InvalidData

SHANGHAI = ZoneInfo("Asia/Shanghai")
ONE_DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2099
"""Outside these a start date is a slip of the keyboard."""

_WEEKDAYS = "一二三四五六日"


def date_of(moment: date | datetime) -> date:
    """The day in Asia/Shanghai on which `moment` lies.

    Raises:
        InvalidData: an instant without time zone, or a year nobody can mean; field `start`.
    """
    if isinstance(moment, datetime):
        if moment.tzinfo is None:
            raise InvalidData(
                {"start": [f"起算时间“{moment.isoformat()}”没有时区，请写成“{moment.isoformat()}+08:00”。"]}
            )
        moment = moment.astimezone(SHANGHAI).date()
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise InvalidData(
            {"start": [f"起算日“{moment}”应在 {FIRST_YEAR} 年至 {LAST_YEAR} 年之间，请检查年份。"]}
        )
    return moment


def end_of(day: date) -> datetime:
    """24:00 of `day` in Asia/Shanghai, as an aware UTC instant: the first moment after the day."""
    return datetime(day.year, day.month, day.day, 16, tzinfo=UTC)


def last_day_before(end: datetime) -> date:
    """The day whose 24:00 is `end`; the inverse of `end_of`."""
    return end.astimezone(SHANGHAI).date() - ONE_DAY


def weekday_in_words(day: date) -> str:
    """``周三``."""
    return f"周{_WEEKDAYS[day.weekday()]}"


def day_in_words(day: date) -> str:
    """``2026-03-19（周四）``."""
    return f"{day.isoformat()}（{weekday_in_words(day)}）"
