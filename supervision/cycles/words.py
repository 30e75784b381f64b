"""A cycle's rule, and why an occasion was moved, in the words people read."""

from __future__ import annotations

from datetime import timedelta

from engine.deadline.calendar import WorkCalendar
from engine.deadline.shanghai import date_of, day_in_words
from supervision.cycles.file import WEEKDAYS
from supervision.cycles.recur import Cycle, Monthly, Occasion, Weekly, Yearly

SLACK = timedelta(minutes=10)
"""Starting within this long after the hour is on time: the pump looks every half minute."""


def rule_in_words(cycle: Cycle) -> str:
    """``每周五 15:00，遇休息日提前到前一个工作日``."""
    parts = [f"{_when(cycle)} {cycle.at:%H:%M}"]
    parts.append("遇休息日" + ("提前到前一个工作日" if cycle.earlier else "顺延到下一个工作日"))
    if cycle.lead:
        parts.append(f"提前 {cycle.lead} 个工作日开始")
    return "，".join(parts)


def moved_in_words(cycle: Cycle, calendar: WorkCalendar, occasion: Occasion) -> str:
    """``10-01 国庆节放假，顺延到 10-08``, or '' where it stays on its day."""
    if occasion.on == occasion.drawn_on:
        return ""
    way = "提前" if cycle.earlier else "顺延"
    return (
        f"{occasion.drawn_on:%m-%d} {calendar.reason(occasion.drawn_on)}，{way}到 {day_in_words(occasion.on)}"
    )


def provisional(calendar: WorkCalendar, occasion: Occasion) -> bool:
    """Whether it rests on a year without a holiday notice, so that it may still move."""
    years = {occasion.drawn_on.year, occasion.on.year, date_of(occasion.due_at).year}
    return any(calendar.provisional(year) for year in years)


def late_in_words(late: timedelta) -> str:
    """``晚 7 天``, ``晚 3 小时``; '' within the slack."""
    if late <= SLACK:
        return ""
    if late.days:
        return f"晚 {late.days} 天"
    hours = late.seconds // 3600
    return f"晚 {hours} 小时" if hours else f"晚 {late.seconds // 60} 分钟"


def _when(cycle: Cycle) -> str:
    match cycle.recurrence:
        case Weekly(weekday):
            return f"每周{WEEKDAYS[weekday]}"
        case Monthly(day):
            return f"每月 {day} 日"
        case Yearly(dates):
            return "每年 " + "、".join(f"{month:02d}-{day:02d}" for month, day in dates)
    return cycle.name
