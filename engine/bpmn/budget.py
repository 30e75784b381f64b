"""The work one expression may do: ticks for every element walked, and bounds on what it may build.

The compiled code of an expression calls these instead of Python's own operators (`engine.bpmn.allowlist`).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from engine.errors import ExpressionError

TICKS = 20_000
"""Elements one evaluation may walk."""
MAX_SIZE = 100_000
"""Characters or elements one value may hold."""
MAX_BITS = 256
_PARTS = ("year", "month", "day", "hour", "minute", "days", "seconds")
_local = threading.local()


def refill() -> None:
    """A new evaluation begins on this thread."""
    _local.left = TICKS


def tick(count: int = 1) -> None:
    """Raises ExpressionError when the evaluation has done too much."""
    _local.left -= count
    if _local.left < 0:
        raise ExpressionError(f"表达式的运算量超过 {TICKS} 步")


def size(value: Any) -> int:
    """Characters or elements; 1 for everything else."""
    return len(value) if isinstance(value, (str, bytes, list, tuple, dict, set, range)) else 1


def walk(items: Iterable[Any]) -> Iterator[Any]:
    """`items`, one tick each."""
    for item in items:
        tick()
        yield item


def built(value: Any) -> Any:
    """`value`, walked once: shared parts count as often as they are reached."""
    stack = [value]
    while stack:
        item = stack.pop()
        tick()
        if isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, (list, tuple, set)):
            stack.extend(item)
    return value


def add(left: Any, right: Any) -> Any:
    """``left + right`` within MAX_SIZE."""
    if size(left) + size(right) > MAX_SIZE:
        raise ExpressionError(f"相加的结果超过 {MAX_SIZE} 个元素")
    result = left + right
    return built(result) if isinstance(result, (list, tuple)) else result


def multiply(left: Any, right: Any) -> Any:
    """``left * right`` within MAX_SIZE and MAX_BITS."""
    sequences = [value for value in (left, right) if isinstance(value, (str, bytes, list, tuple))]
    if sequences:
        count = right if sequences[0] is left else left
        if isinstance(count, int) and size(sequences[0]) * count > MAX_SIZE:
            raise ExpressionError(f"相乘的结果超过 {MAX_SIZE} 个元素")
    elif isinstance(left, int) and isinstance(right, int):
        if left.bit_length() + right.bit_length() > MAX_BITS:
            raise ExpressionError("相乘的结果过大")
    result = left * right
    return built(result) if isinstance(result, (list, tuple)) else result


def modulo(left: Any, right: Any) -> Any:
    """``left % right`` of numbers; never text formatting."""
    if not isinstance(left, (int, float)):
        raise ExpressionError("% 两边应为数")
    return left % right


def part(owner: Any, name: str) -> Any:
    """``owner.name``: an entry of a mapping, or a part of a date. Never a Python attribute."""
    if isinstance(owner, Mapping):
        if name in owner:
            return owner[name]
        raise ExpressionError(f"没有“{name}”这一项")
    if isinstance(owner, (date, timedelta)) and name in _PARTS and hasattr(owner, name):
        return getattr(owner, name)
    raise ExpressionError(f"{type(owner).__name__} 没有“{name}”这一项")
