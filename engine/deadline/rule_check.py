"""What is wrong with one row of deadlines.toml, in words for its process owner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from datetime import date
from typing import Any

from engine.deadline.rule import LONGEST

_KEY = re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)*")
_WORDS = {"step": "环节", "start": "起算事件", "ends_at": "结束事件", "tag": "来源"}
_KNOWN = {*_WORDS, "value", "unit", "extension", "cap", "shift", "minimum", "reference", "node", "ladder"}
_UNITS = {"wd": "工作日", "cd": "自然日", "month": "月", "date": "每年固定日期"}
_LADDER = {"amber", "l3", "l4", "date_amber", "date_l3", "date_l4"}
_MOST_EXTENSIONS = 5


def rule_problems(key: str, row: Any, ladders: Set[str]) -> list[str]:
    """Every problem of the rule `key`; empty when it can be used."""
    if not _KEY.fullmatch(key) or not isinstance(row, dict):
        return ["规则应写成 [键] 小节，键用大写字母、数字和连字符，例如 [CP-HANDLE]。"]
    return [
        *(f"不认识的名称“{name}”，请检查拼写。" for name in sorted(row.keys() - _KNOWN)),
        *_texts(row),
        *_length(row),
        *_extension(row),
        *_cap(row),
        *_shift(row),
        *_minimum(row),
        *_ladder_name(row, ladders),
    ]


def ladder_problems(row: Any) -> list[str]:
    """Every problem of a ``[ladder.NAME]`` table."""
    if not isinstance(row, dict):
        return ["督办阶梯应写成 [ladder.名称] 小节。"]
    problems = [f"不认识的名称“{name}”，请检查拼写。" for name in sorted(row.keys() - _LADDER)]
    problems += [
        f"{name} 应为 1 至 1000 的整数，但写的是 {value!r}。"
        for name, value in row.items()
        if not _is_count(value, 1, 1000)
    ]
    if problems:
        return problems
    if not row.get("amber", 80) < 100 < row.get("l3", 120) <= row.get("l4", 150):
        problems.append("百分比应满足 amber < 100 < l3 ≤ l4，例如 80、120、150。")
    if row.get("date_l3", 5) > row.get("date_l4", 10):
        problems.append("date_l3 不应大于 date_l4。")
    return problems


def _texts(row: Mapping[str, Any]) -> Iterator[str]:
    for name, label in _WORDS.items():
        if not isinstance(row.get(name), str) or not row[name].strip():
            yield f"{name}（{label}）应填写文字。"
    for name in ("reference", "node"):
        if not isinstance(row.get(name, ""), str):
            yield f"{name} 应为文字。"
    tag = row.get("tag")
    if isinstance(tag, str) and not re.search(r"default|source|analog", tag):
        choices = "default（本系统默认）、source（明文规定）或 analog（参照适用）"
        yield f"tag（来源）应为 {choices}，但写的是“{tag}”。"


def _length(row: Mapping[str, Any]) -> Iterator[str]:
    unit, value = row.get("unit"), row.get("value")
    if unit not in _UNITS:
        choices = "、".join(f"{name}（{label}）" for name, label in _UNITS.items())
        yield f"unit（单位）应为 {choices} 之一，但写的是 {unit!r}。"
    elif unit == "date":
        if not _is_month_day(value):
            yield f'value 应为每年都有的“月-日”，例如 "01-31"，但写的是 {value!r}。'
    else:
        least, most = int(unit == "month"), LONGEST[unit]
        if not _is_count(value, least, most):
            yield f"value（期限长度）应为 {least} 至 {most} 的整数（{_UNITS[unit]}），但写的是 {value!r}。"


def _extension(row: Mapping[str, Any]) -> Iterator[str]:
    if "extension" not in row:
        return
    terms, unit = row["extension"], row.get("unit")
    if not isinstance(terms, dict) or terms.keys() != {"n", "unit", "max"}:
        yield 'extension（延期）应写成 { n = 10, unit = "wd", max = 1 }：每次最多多久、单位、最多几次。'
    elif unit == "date":
        yield "固定日期不能延期，请删去 extension。"
    elif terms["unit"] != unit:
        yield f"延期的单位应与期限相同（{unit}），但写的是 {terms['unit']!r}。"
    elif unit in LONGEST and not _is_count(terms["n"], 1, LONGEST[unit]):
        yield f"每次延期的长度 n 应为 1 至 {LONGEST[unit]} 的整数，但写的是 {terms['n']!r}。"
    elif not _is_count(terms["max"], 1, _MOST_EXTENSIONS):
        yield f"延期次数 max 应为 1 至 {_MOST_EXTENSIONS} 的整数，但写的是 {terms['max']!r}。"


def _cap(row: Mapping[str, Any]) -> Iterator[str]:
    if "cap" not in row:
        return
    terms = row["cap"]
    if not isinstance(terms, dict) or terms.keys() != {"value", "unit"} or terms["unit"] not in LONGEST:
        yield 'cap（法定上限）应写成 { value = 15, unit = "cd" }。'
    elif row.get("unit") == "date":
        yield "固定日期没有上限，请删去 cap。"
    elif not _is_count(terms["value"], 1, LONGEST[terms["unit"]]):
        yield f"cap 的 value 应为 1 至 {LONGEST[terms['unit']]} 的整数，但写的是 {terms['value']!r}。"


def _shift(row: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(row.get("shift", True), bool):
        yield "shift（期满遇休息日是否顺延）应为 true 或 false。"
    elif "shift" in row and row.get("unit") not in {"cd", "month"}:
        yield "shift 只用于自然日和月：工作日不会落在休息日，固定日期从不顺延。请删去。"


def _minimum(row: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(row.get("minimum", False), bool):
        yield "minimum（法律给当事人的时间，不得缩短）应为 true 或 false。"


def _ladder_name(row: Mapping[str, Any], ladders: Set[str]) -> Iterator[str]:
    if row.get("ladder", "default") not in ladders:
        yield f"ladder（督办阶梯）“{row['ladder']}”没有定义，现有：{'、'.join(sorted(ladders))}。"


def _is_count(value: Any, least: int, most: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_month_day(value: Any) -> bool:
    if not isinstance(value, str) or not re.fullmatch(r"\d\d-\d\d", value):
        return False
    try:
        date.fromisoformat(f"2001-{value}")  # not a leap year: 02-29 does not exist every year
    except ValueError:
        return False
    return True
