"""Warns the process owners, on working days from 15 November, that next year's holiday notice is missing."""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy.orm import Session

from engine.deadline.calendar import WorkCalendar
from engine.deadline.shanghai import SHANGHAI, date_of
from supervision.deadlines.calendars import MISSING
from supervision.notice import holders, notify

FROM = (11, 15)
"""(month, day) from which the next year must be there. Source: DOMAIN 7.1."""
AT = time(9)
"""When people are told, Asia/Shanghai."""


def missing_years(calendar: WorkCalendar, now: datetime) -> list[int]:
    """The years that should be on file today and are not."""
    today = date_of(now)
    years = [today.year, today.year + 1] if (today.month, today.day) >= FROM else [today.year]
    return [year for year in years if calendar.provisional(year)]


def warn_missing(session: Session, calendar: WorkCalendar, now: datetime) -> int:
    """One notice per owner and working day, however often this runs; returns the years warned of.

    The caller commits.
    """
    today = date_of(now)
    if not calendar.is_workday(today) or now < datetime.combine(today, AT, SHANGHAI):
        return 0
    years = missing_years(calendar, now)
    for year in years:
        text = f"{year} 年的放假安排还没有录入：经过该年的期限都是暂定的，请按国务院办公厅的通知录入"
        people = holders(session, "OWNER", "", now)
        notify(session, people, text, f"/calendar/{year}", now, f"{MISSING}:{year}:{today}")
    return len(years)
