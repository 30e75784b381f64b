"""Reads cycles.toml; says in Chinese what is wrong with it, section by section."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path
from typing import Any

from engine.deadline.shanghai import FIRST_YEAR, LAST_YEAR
from engine.errors import InvalidData
from supervision.cycles.recur import Cycle, Monthly, Recurrence, Weekly, Yearly

FILE = "cycles.toml"
WEEKDAYS = "一二三四五六日"
KNOWN = {
    "process", "name", "weekday", "monthday", "dates", "at", "rest_day", "clause", "lead_workdays",
    "start_now", "from", "until",
}  # fmt: skip
WHEN = "应写明且只写一项：weekday（一至日）、monthday（1 至 28）或 dates（如 ['06-01', '12-01']）"
MOST_LEAD = 20
"""Working days a process may begin before its cycle: a month, or it would belong to the month before."""
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_TWICE = re.compile(r"Cannot declare \('([^']+)',\) twice \(at line (\d+)")


def read_cycles(processes: Path) -> tuple[Cycle, ...]:
    """Those of `processes`/cycles.toml; without the file nothing recurs. Raises InvalidData."""
    path = processes / FILE
    return parse_cycles(path.read_text(encoding="utf-8")) if path.exists() else ()


def parse_cycles(content: str) -> tuple[Cycle, ...]:
    """Raises InvalidData, keyed by section, with every problem of the file."""
    try:
        sections = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise InvalidData(_unreadable(error)) from error
    cycles, errors = [], {}
    for key, section in sections.items():
        try:
            cycles.append(_cycle(key, section))
        except ValueError as error:
            errors[key] = [str(error)]
    if errors:
        raise InvalidData(errors)
    return tuple(cycles)


def _unreadable(error: tomllib.TOMLDecodeError) -> dict[str, list[str]]:
    if twice := _TWICE.search(str(error)):
        key, line = twice[1], twice[2]
        return {key: [f"键“{key}”写了两次（第 {line} 行又写了一次）：每个周期应有自己的键，请改名或删去一个"]}
    return {"": [f"{FILE} 不是有效的 TOML：{error}"]}


def _cycle(key: str, section: Any) -> Cycle:
    if not isinstance(section, Mapping):
        raise ValueError("应是一个小节，如 [box_opening]，其中写明 process、at 和日期")
    if not _KEY.fullmatch(key):
        raise ValueError("键应由小写字母开头，只含小写字母、数字和下划线，如 box_opening")
    if unknown := sorted(set(section) - KNOWN):
        raise ValueError(f"不认识“{unknown[0]}”：可用的有 {'、'.join(sorted(KNOWN))}")
    if not isinstance(section.get("process"), str) or not section["process"]:
        raise ValueError("应写明 process，即要开始的流程的键")
    rest_day = section.get("rest_day")
    if rest_day not in ("previous", "next"):
        raise ValueError(f"rest_day 应为 previous（提前）或 next（顺延），但是“{rest_day}”")
    first_on, last_on = _border(section, "from", date.min), _border(section, "until", date.max)
    if first_on > last_on:
        raise ValueError(f"from（{first_on}）晚于 until（{last_on}）：这个周期一次也不会开始，请检查年份")
    return Cycle(
        key=key,
        process=section["process"],
        name=str(section.get("name", key)),
        recurrence=_recurrence(section),
        at=_clock(section.get("at")),
        earlier=rest_day == "previous",
        clause=str(section.get("clause", "")),
        lead=_lead(section.get("lead_workdays", 0)),
        starters=_roles(section.get("start_now", [])),
        first_on=first_on,
        last_on=last_on,
    )


def _recurrence(section: Mapping[str, Any]) -> Recurrence:
    given = [name for name in ("weekday", "monthday", "dates") if name in section]
    if len(given) != 1:
        raise ValueError(WHEN)
    value = section[given[0]]
    if given == ["weekday"] and isinstance(value, str) and len(value) == 1 and value in WEEKDAYS:
        return Weekly(WEEKDAYS.index(value))
    if given == ["monthday"] and type(value) is int and 1 <= value <= 28:
        return Monthly(value)
    if given == ["dates"] and isinstance(value, list) and value:
        return Yearly(_days(value))
    raise ValueError(f"{given[0]} 是“{value}”：{WHEN}")


def _days(values: list[Any]) -> tuple[tuple[int, int], ...]:
    days = sorted(_day(value) for value in values)
    if twice := next((day for day, after in pairwise(days) if day == after), None):
        raise ValueError(f"dates 中的“{twice[0]:02d}-{twice[1]:02d}”写了两次：同一天只写一次")
    return tuple(days)


def _day(value: Any) -> tuple[int, int]:
    if isinstance(value, date) or re.match(r"\d{4}-", str(value)):
        raise ValueError(
            f"dates 中的“{value}”写了年份：周期每年都来，只写月-日，如 '06-01'；"
            "只在某些年开始的，加写 from 和 until"
        )
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


def _lead(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= MOST_LEAD:
        raise ValueError(f"lead_workdays 应是 0 至 {MOST_LEAD} 的整数，即提前几个工作日开始，但是“{value}”")
    return value


def _roles(value: Any) -> frozenset[str]:
    if not isinstance(value, list) or not all(isinstance(role, str) for role in value):
        raise ValueError(f"start_now 应是可以立即启动的角色，如 ['DCS_LEAD']，但是“{value}”")
    return frozenset(value)


def _border(section: Mapping[str, Any], name: str, otherwise: date) -> date:
    value = section.get(name, otherwise)
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"{name} 应是不加引号的日期，如 2026-10-08，但是“{value}”")
    if value != otherwise and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"{name} 的年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间，但是“{value}”")
    return value
