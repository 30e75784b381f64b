"""Reads cycles.toml; says in Chinese what is wrong with it, section by section."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from engine.errors import InvalidData
from scheduler.cycle.recur import Cycle, Monthly, Recurrence, Weekly, Yearly

WEEKDAYS = "一二三四五六日"
KNOWN = {"process", "name", "weekday", "monthday", "dates", "at", "rest_day", "clause"}
WHEN = "应写明且只写一项：weekday（一至日）、monthday（1 至 28）或 dates（如 ['06-01', '12-01']）"


def parse_cycles(content: str) -> tuple[Cycle, ...]:
    """Raises InvalidData, keyed by section, with every problem of the file."""
    try:
        sections = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InvalidData({"": [f"cycles.toml 不是有效的 TOML：{error}"]}) from error
    cycles, errors = [], {}
    for key, section in sections.items():
        try:
            cycles.append(_cycle(key, section))
        except ValueError as error:
            errors[key] = [str(error)]
    if errors:
        raise InvalidData(errors)
    return tuple(cycles)


def _cycle(key: str, section: Any) -> Cycle:
    if not isinstance(section, Mapping):
        raise ValueError("应是一个小节，如 [box_opening]，其中写明 process、at 和日期")
    if unknown := sorted(set(section) - KNOWN):
        raise ValueError(f"不认识“{unknown[0]}”：可用的有 {'、'.join(sorted(KNOWN))}")
    if not section.get("process"):
        raise ValueError("应写明 process，即要开始的流程的键")
    rest_day = section.get("rest_day")
    if rest_day not in ("previous", "next"):
        raise ValueError(f"rest_day 应为 previous（提前）或 next（顺延），但是“{rest_day}”")
    return Cycle(
        key=key,
        process=section["process"],
        name=section.get("name", key),
        recurrence=_recurrence(section),
        at=_clock(section.get("at")),
        earlier=rest_day == "previous",
        clause=section.get("clause", ""),
    )


def _recurrence(section: Mapping[str, Any]) -> Recurrence:
    given = [name for name in ("weekday", "monthday", "dates") if name in section]
    if len(given) != 1:
        raise ValueError(WHEN)
    value = section[given[0]]
    if given == ["weekday"] and isinstance(value, str) and len(value) == 1 and value in WEEKDAYS:
        return Weekly(WEEKDAYS.index(value))
    if given == ["monthday"] and isinstance(value, int) and 1 <= value <= 28:
        return Monthly(value)
    if given == ["dates"] and isinstance(value, list) and value:
        return Yearly(tuple(sorted({_day(item) for item in value})))
    raise ValueError(f"{given[0]} 是“{value}”：{WHEN}")


def _day(value: Any) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2001-{value}")  # a year without 29 February: a cycle exists in every year
    except ValueError as error:
        raise ValueError(f"dates 中的“{value}”不是每年都有的月-日，应如 '06-01'") from error
    return day.month, day.day


def _clock(value: Any) -> time:
    clock = re.fullmatch(r"(\d{1,2}):(\d{2})", str(value))
    if not clock or int(clock[1]) > 23 or int(clock[2]) > 59:
        raise ValueError(f"at 应是几点几分（北京时间），如 '09:00'，但是“{value}”")
    return time(int(clock[1]), int(clock[2]))
