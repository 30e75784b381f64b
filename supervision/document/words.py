"""Dates as documents print them."""

from __future__ import annotations

from datetime import date, datetime

from engine.deadline.shanghai import date_of


def cn_date(value: object) -> str:
    """``2026年3月2日`` of a date, an instant or their ISO text; '' of nothing."""
    if not value:
        return ""
    try:
        day = value if isinstance(value, date) else _parse(str(value))
    except ValueError:
        return str(value)
    day = date_of(day)
    return f"{day.year}年{day.month}月{day.day}日"


def _parse(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
