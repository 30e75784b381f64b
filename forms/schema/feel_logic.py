"""FEEL's three-valued logic: true, false and null, and what compares with what.

Source: DMN 1.3, tables 42, 50 and 53; checked against feelin, the interpreter form-js uses.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any


def is_number(value: Any) -> bool:
    """Whether it is a number; a boolean is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _alike(left: Any, right: Any) -> bool:
    return (is_number(left) and is_number(right)) or type(left) is type(right)


def equal(left: Any, right: Any) -> bool | None:
    """Null for values of different kinds."""
    if left is None or right is None:
        return left is right
    return bool(left == right) if _alike(left, right) else None


def different(left: Any, right: Any) -> bool | None:
    """The opposite of `equal`; null stays null."""
    return negation(equal(left, right))


def ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool | None]:
    """A comparison that is null for anything but two numbers or two texts."""

    def check(left: Any, right: Any) -> bool | None:
        if (is_number(left) and is_number(right)) or (isinstance(left, str) and isinstance(right, str)):
            return bool(compare(left, right))
        return None

    return check


def negation(value: Any) -> bool | None:
    """Null for what is no boolean."""
    return (not value) if isinstance(value, bool) else None


def conjunction(left: Any, right: Any) -> bool | None:
    """False wins over null."""
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def disjunction(left: Any, right: Any) -> bool | None:
    """True wins over null."""
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def arithmetic(sign: str) -> Callable[[Any, Any], Any]:
    """A calculation that is null for anything but numbers (and joins two texts with ``+``)."""
    calculate = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[sign]

    def check(left: Any, right: Any) -> Any:
        if sign == "+" and isinstance(left, str) and isinstance(right, str):
            return left + right
        if not (is_number(left) and is_number(right)):
            return None
        try:
            result = calculate(left, right)
            return result if math.isfinite(result) else None
        except (ArithmeticError, ValueError):
            return None

    return check


def contains(items: Any, value: Any) -> bool | None:
    """``list contains``; null for what is no list."""
    return any(equal(item, value) is True for item in items) if isinstance(items, list) else None


def count(items: Any) -> int | None:
    """``count``; null for what is no list."""
    return len(items) if isinstance(items, list) else None
