"""How dates, instants and sizes are written for people; registered as Jinja filters."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask

from engine.deadline.shanghai import SHANGHAI, weekday_in_words


def day(value: date | None) -> str:
    """``2026年3月19日``."""
    return f"{value.year}年{value.month}月{value.day}日" if value else "—"


def short_day(value: date | None) -> str:
    """``3月19日``."""
    return f"{value.month}月{value.day}日" if value else "—"


def long_day(value: date) -> str:
    """``2026年3月19日 周四``."""
    return f"{day(value)} {weekday_in_words(value)}"


def moment(value: datetime | None) -> str:
    """``2026-03-19 10:03`` in Asia/Shanghai."""
    return f"{value.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if value else "—"


def iso(value: datetime | None) -> str:
    """For the `datetime` attribute of a time element."""
    return value.astimezone(SHANGHAI).isoformat(timespec="seconds") if value else ""


def size(value: int) -> str:
    """``1.2 MB``."""
    if value < 1024:
        return f"{value} 字节"
    kilo = value / 1024
    return f"{kilo:.0f} KB" if kilo < 1024 else f"{kilo / 1024:.1f} MB"


def add_filters(app: Flask) -> None:
    """`{{ value|day }}` and so on."""
    for filter_ in (day, short_day, long_day, moment, iso, size):
        app.add_template_filter(filter_)
