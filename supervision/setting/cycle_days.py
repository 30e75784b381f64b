"""周期日: days a district chose for a cycle instead of those in cycles.toml.

How often a cycle comes round is the regulation's matter and stays as the file says: R7¶1 gives one inspection
a year and one self-check each half-year.
"""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy.orm import Session

from engine.errors import InvalidData
from supervision.setting.store import get_setting

HALF = 7
"""The month with which the second half of a year begins."""


def days_of(session: Session, cycle: str) -> tuple[tuple[int, int], ...]:
    """(month, day) in order as the district chose them for a cycle, () while those of the file hold."""
    return pairs(str(get_setting(session, f"{cycle}_dates", "")))


def pairs(days: str) -> tuple[tuple[int, int], ...]:
    """``06-01、12-01`` as (month, day), in order. Raises ValueError."""
    read = [part.split("-") for part in re.split(r"[、,，\s]+", days) if part]
    return tuple(sorted((int(month), int(day)) for month, day in read))


def parse_days(label: str, text: str, default: str) -> str:
    """The days in order, written as `default` is, ``06-01、12-01``, and as many.

    Raises:
        InvalidData: not days of every year, more or fewer than the default, or both in one half of the year.
    """
    try:
        found = pairs(text)
        for month, day in found:
            date(2001, month, day)  # a year without 29 February: a cycle exists in every year
    except ValueError as error:
        raise InvalidData(
            {"value": [f"“{label}”应写成每年都有的月-日，如 {default}，但是“{text}”。"]}
        ) from error
    many = len(pairs(default))
    halves = [month >= HALF for month, _ in found]
    if len(found) != many or (many == 2 and halves != [False, True]):
        wanted = "上、下半年各一个日期" if many == 2 else f"{many} 个日期"
        raise InvalidData(
            {"value": [f"“{label}”应是{wanted}，如 {default}，但是“{text}”（《办法》第七条第一款）。"]}
        )
    return "、".join(f"{month:02d}-{day:02d}" for month, day in found)
