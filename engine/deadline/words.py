"""How much time is left, in words for lists and pages."""

from __future__ import annotations

from datetime import date, datetime

from engine.deadline.calendar import WorkCalendar
from engine.deadline.light import HasDue
from engine.deadline.shanghai import date_of, last_day_before
from engine.deadline.workdays import remaining_workdays


def in_words(due: HasDue, calendar: WorkCalendar, now: datetime) -> str:
    """``剩余 3 个工作日``, ``今日到期`` or ``逾期 2 个工作日``.

    ``（暂定）`` is added while the year of the due day, or a year up to it, has no holiday notice.
    """
    today, legal_on = date_of(now), last_day_before(due.due_at)
    if now >= due.due_at:
        return _overdue(-remaining_workdays(calendar, today, legal_on))
    if today == due.due_on or today == legal_on:
        return "今日到期"
    years = range(today.year, due.due_on.year + 1)
    provisional = "（暂定）" if any(map(calendar.provisional, years)) else ""
    return _left(calendar, today, due.due_on, legal_on) + provisional


def _left(calendar: WorkCalendar, today: date, due_on: date, legal_on: date) -> str:
    if today > due_on:
        return f"已过内部期限，法定期限为 {legal_on.month} 月 {legal_on.day} 日"
    left = remaining_workdays(calendar, today, due_on)
    # only a period that ends on a rest day (公告期) can have days left and no working day
    return f"剩余 {left} 个工作日" if left else f"剩余 {(due_on - today).days} 日"


def _overdue(workdays: int) -> str:
    return f"逾期 {workdays} 个工作日" if workdays else "已逾期，不足 1 个工作日"
