"""One year's holiday notice (放假安排通知) from its TOML file, checked line by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeGuard

from engine.deadline import toml_text
from engine.deadline.shanghai import FIRST_YEAR, LAST_YEAR, ONE_DAY, day_in_words
from engine.errors import InvalidData

_LONGEST_HOLIDAY_DAYS = 31


@dataclass(frozen=True)
class Notice:
    """What the State Council's notice says about one year."""

    year: int
    title: str
    number: str
    """文号, as printed in the notice."""
    holidays: Mapping[date, str]
    """Every day off named by the notice, weekends inside included → name."""
    make_up: Mapping[date, str]
    """调休上班日: rest days that are worked → name of the holiday they make up for."""


def parse_notice(year: int, text: str, source: str = "") -> Notice:
    """The notice of `year`.

    Raises:
        InvalidData: keyed by `source` (default ``calendar/YEAR.toml``), with every problem found.
    """
    source = source or f"calendar/{year}.toml"
    table = toml_text.read(text, source)
    problems = list(_head_problems(table, year))
    holidays: dict[date, str] = {}
    make_up: dict[date, str] = {}
    entries = table.get("holiday")
    if not isinstance(entries, list) or not entries:
        problems.append("没有 [[holiday]]：应逐个写出放假的节日。")
        entries = []
    for number, entry in enumerate(entries, start=1):
        problems += _read_holiday(entry, number, year, holidays, make_up)
    problems += [
        f"{day_in_words(day)}既写成放假日又写成调休上班日，请删去一处。"
        for day in sorted(holidays.keys() & make_up.keys())
    ]
    if problems:
        raise InvalidData({source: problems})
    return Notice(year, table["notice"], table["number"], holidays, make_up)


def _head_problems(table: Mapping[str, Any], year: int) -> Iterator[str]:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        yield f"年份 {year} 应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间。"
    if table.get("year") != year:
        yield f"year 应为 {year}（与文件名一致），但写的是 {table.get('year')!r}。"
    for key, label in (("notice", "通知名称"), ("number", "文号")):
        if not isinstance(table.get(key), str) or not table[key].strip():
            yield f"{key}（{label}）应填写文字，以便说明日历的依据。"
    for key in sorted(table.keys() - {"year", "notice", "number", "issued_on", "holiday"}):
        yield f"不认识的名称“{key}”，请检查拼写。"


def _read_holiday(
    entry: Any, number: int, year: int, holidays: dict[date, str], make_up: dict[date, str]
) -> list[str]:
    """Adds the entry's days to both maps; returns what is wrong with it."""
    if not isinstance(entry, dict):
        return [f"第 {number} 个节日应写成 [[holiday]] 小节。"]
    name = entry.get("name")
    if not isinstance(name, str) or not name.strip():
        return [f"第 {number} 个节日没有 name（名称）。"]
    first, last, worked = entry.get("from"), entry.get("to"), entry.get("make_up", [])
    if not _is_day(first) or not _is_day(last):
        return [f"{name}：from 和 to 应为不带引号的日期，例如 from = {year}-10-01。"]
    if not isinstance(worked, list) or not all(map(_is_day, worked)):
        return [f"{name}：make_up（调休上班日）应为日期的列表，例如 make_up = [{year}-10-10]。"]
    if not 0 <= (last - first).days < _LONGEST_HOLIDAY_DAYS:
        return [f"{name}：从 {first} 到 {last} 不是合理的假期，请检查先后和年份。"]
    problems = [f"{name}：不认识的名称“{key}”，请检查拼写。" for key in sorted(entry.keys() - _HOLIDAY_KEYS)]
    off = [first + timedelta(days=offset) for offset in range((last - first).days + 1)]
    problems += _add(off, name, year, holidays, "放假日")
    problems += _add(worked, name, year, make_up, "调休上班日")
    problems += [
        f"{name}：调休上班日 {day_in_words(day)}不是周六或周日，本来就要上班，请检查日期。"
        for day in worked
        if day.weekday() < 5
    ]
    return problems


_HOLIDAY_KEYS = {"name", "from", "to", "make_up"}


def _add(days: list[date], name: str, year: int, into: dict[date, str], label: str) -> Iterator[str]:
    for day in days:
        if day.year != year:
            yield f"{name}：{label} {day} 不在 {year} 年，请写入 {day.year} 年的文件。"
        elif day in into:
            yield f"{name}：{label} {day_in_words(day)}写了两次（另一次在“{into[day]}”），请删去一处。"
        else:
            into[day] = name


def _is_day(value: Any) -> TypeGuard[date]:
    return isinstance(value, date) and not isinstance(value, datetime)


def days_of(year: int) -> Iterator[date]:
    """Every day of `year`."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += ONE_DAY
