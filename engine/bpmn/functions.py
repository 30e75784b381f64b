"""The functions an expression may call. Those of `BOUND` are given by the step."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from engine.bpmn.budget import MAX_SIZE, size, tick
from engine.errors import BpmnError, ExpressionError

SHANGHAI = ZoneInfo("Asia/Shanghai")
_MAX_RANGE = 10_000
_MAX_DIGITS = 50
_DURATION = re.compile(r"(-)?P(?=[\dT])(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_MAX_DAYS = 366 * 100


def _sum(items: Any) -> Any:
    return sum(item for item in _counted(items) if isinstance(item, (int, float)))


def _sorted(items: Any, reverse: bool = False) -> list[Any]:
    return sorted(_counted(items), reverse=bool(reverse))


def _extreme(choose: Callable[..., Any]) -> Callable[..., Any]:
    def extreme(*items: Any) -> Any:
        return choose(_counted(items[0] if len(items) == 1 else items))

    return extreme


def _counted(items: Any) -> Any:
    """Generators count while they run; everything else counts at once."""
    tick(size(items))
    return items


def _int(value: Any) -> int:
    if isinstance(value, str) and len(value) > _MAX_DIGITS:
        raise ExpressionError(f"整数应不超过 {_MAX_DIGITS} 位")
    return int(value)


def _round(number: Any, digits: int | None = None) -> Any:
    if digits is not None and not -_MAX_DIGITS <= digits <= _MAX_DIGITS:
        raise ExpressionError(f"小数位数应不超过 {_MAX_DIGITS} 位")
    return round(number, digits)


def _float(value: Any) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ExpressionError("应为有限的数")
    return number


def _str(value: Any) -> str:
    if isinstance(value, (list, dict, tuple, set)):
        raise ExpressionError("列表和映射不能转为文字")
    return str(value)


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > _MAX_RANGE:
        raise ExpressionError(f"range 应不超过 {_MAX_RANGE} 个数")
    return numbers


def _contains(whole: Any, item: Any) -> bool:
    tick(size(whole))
    return item in whole if whole is not None else False


def _date(value: Any, *parts: Any) -> date:
    """Of an instant, of ISO text, or FEEL's ``date(2026, 3, 2)``."""
    if parts:
        return date(value, *parts)
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date() if value.tzinfo else value.date()
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def _datetime(value: Any) -> datetime:
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _span(**parts: float) -> timedelta:
    span = timedelta(**parts)
    if abs(span.days) > _MAX_DAYS:
        raise ExpressionError("时间跨度应不超过一百年")
    return span


def _time(value: Any) -> time:
    if isinstance(value, datetime):
        return value.timetz()
    return time.fromisoformat(str(value)[:_MAX_DIGITS])


def _duration(value: Any) -> timedelta:
    """Days and time only: months have no fixed length. Source: DMN 1.3 section 10.3.2.3.7."""
    found = _DURATION.fullmatch(str(value)[:_MAX_DIGITS])
    if found is None:
        raise ExpressionError(f"时长应写成 P10D、PT2H 这样的形式（不含年、月），但是“{value}”")
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups()[1:])
    span = _span(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -span if found.group(1) else span


def _text(value: Any) -> str:
    text = str(value)
    tick(len(text) // 100)
    if len(text) > MAX_SIZE:
        raise ExpressionError(f"文字应不超过 {MAX_SIZE} 字")
    return text


PURE: dict[str, Callable[..., Any]] = {
    "len": lambda items: len(_counted(items)),
    "sum": _sum,
    "any": lambda items: any(_counted(items)),
    "all": lambda items: all(_counted(items)),
    "sorted": _sorted,
    "min": _extreme(min),
    "max": _extreme(max),
    "abs": abs,
    "round": _round,
    "int": _int,
    "float": _float,
    "str": _str,
    "bool": bool,
    "list": lambda items: list(_counted(items)),
    "set": lambda items: set(_counted(items)),
    "range": _range,
    "contains": _contains,
    "lower": lambda value: _text(value).lower(),
    "upper": lambda value: _text(value).upper(),
    "startswith": lambda value, prefix: _text(value).startswith(_text(prefix)),
    "endswith": lambda value, suffix: _text(value).endswith(_text(suffix)),
    "date": _date,
    "datetime": _datetime,
    "time": _time,
    "duration": _duration,
    "days": lambda count: _span(days=count),
    "hours": lambda count: _span(hours=count),
    "isoformat": lambda moment: moment.isoformat(),
}
BOUND = ("now", "today", "due", "get", "bpmn_error")
"""Functions that depend on the step, on the data, or on where they stand."""


def bpmn_error(code: Any, text: Any = "") -> None:
    """``bpmn_error('CODE', 'text')`` of scripts: the script ends, and what it assigned is not kept."""
    raise BpmnError(_text(code), _text(text))


def getter(data: Mapping[str, Any]) -> Callable[..., Any]:
    """``get('x')``, ``get('x', default)`` of the variables; ``get(mapping, 'x', default)`` of a mapping."""

    def get(owner: Any, key: Any = None, default: Any = None) -> Any:
        if isinstance(owner, str):
            return data.get(owner, key)
        return owner.get(key, default) if isinstance(owner, Mapping) else default

    return get
