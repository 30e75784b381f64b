"""What a process variable may be: JSON, dates, instants and durations. Tuples and sets become lists."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from engine.errors import ExpressionError

MAX_DEPTH = 50
_PLAIN = (str, bool, type(None), date, datetime, timedelta)
_INT64 = 2**63


def storable(value: Any, depth: int = 0) -> Any:
    """`value` as it will look after it was saved and loaded.

    Raises:
        ExpressionError: it cannot be a process variable.
    """
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, int):
        if not -_INT64 <= value < _INT64:
            raise ExpressionError("整数过大，不能作为流程变量")
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ExpressionError("不是有限的数，不能作为流程变量")
        return value
    if depth > MAX_DEPTH:
        raise ExpressionError(f"流程变量的嵌套应不超过 {MAX_DEPTH} 层")
    if isinstance(value, Mapping):
        return {_key(key): storable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [storable(item, depth + 1) for item in value]
    if isinstance(value, (set, frozenset)):
        return [
            storable(item, depth + 1) for item in sorted(value, key=lambda item: (str(type(item)), str(item)))
        ]
    raise ExpressionError(f"{type(value).__name__} 不能作为流程变量")


def _key(key: Any) -> str:
    if not isinstance(key, str):
        raise ExpressionError(f"映射的键应为文字，但是“{key}”")
    return key
