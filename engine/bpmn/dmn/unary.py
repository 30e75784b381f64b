"""FEEL's unary tests: what a cell of an input column asks of the input's value.

``-`` and empty · ``"a"`` · ``"a","b"`` · ``not("a")`` · ``< 5`` · ``>= date("2026-01-01")`` · ``[1..5]`` ·
``(1..5]`` · ``null`` · ``true`` · an expression in which ``?`` is the value.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.bpmn import expression
from engine.bpmn.dmn.cells import operand_source, split_top, strip_not
from engine.errors import ExpressionError

Evaluate = Callable[[str, Mapping[str, Any]], Any]
"""An expression's value, with additional variables."""
VALUE = "cellInput"
"""How an expression calls the input's value; ``?`` is rewritten to it."""
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_COMPARISON = re.compile(r"(<=|>=|<|>|!=|=)\s*(?!=)(.+)", re.DOTALL)
_RANGE = re.compile(r"([\[\]\(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\[\]\)])", re.DOTALL)


@dataclass(frozen=True)
class Anything:
    """``-`` or an empty cell."""

    def holds(self, value: Any, evaluate: Evaluate) -> bool:
        return True


@dataclass(frozen=True)
class Equal:
    """A value, or with `wanted` False anything but it."""

    source: str
    wanted: bool = True

    def holds(self, value: Any, evaluate: Evaluate) -> bool:
        return same(value, evaluate(self.source, {})) is self.wanted


@dataclass(frozen=True)
class Compare:
    """``< x`` and its like; never true for null."""

    sign: str
    source: str

    def holds(self, value: Any, evaluate: Evaluate) -> bool:
        return compare(self.sign, value, evaluate(self.source, {}))


@dataclass(frozen=True)
class Between:
    """``[low..high]``; round or outward brackets leave the bound out."""

    low: Compare
    high: Compare

    def holds(self, value: Any, evaluate: Evaluate) -> bool:
        return self.low.holds(value, evaluate) and self.high.holds(value, evaluate)


@dataclass(frozen=True)
class Expression:
    """Any condition about the value."""

    source: str

    def holds(self, value: Any, evaluate: Evaluate) -> bool:
        return bool(evaluate(self.source, {VALUE: value}))


@dataclass(frozen=True)
class AnyOf:
    """One of several, or with `wanted` False none of them."""

    tests: tuple[Test, ...]
    wanted: bool = True

    def holds(self, value: Any, evaluate: Evaluate) -> bool:
        return any(test.holds(value, evaluate) for test in self.tests) is self.wanted


Test = Anything | Equal | Compare | Between | Expression | AnyOf


def parse_test(text: str) -> Test:
    """The test a cell means.

    Raises:
        ExpressionError: it is not in the language.
    """
    text = text.strip()
    if text in ("", "-", "–", "—"):
        return Anything()
    inner = strip_not(text)
    if inner is not None:
        return AnyOf(_tests(inner), wanted=False)
    tests = _tests(text)
    return tests[0] if len(tests) == 1 else AnyOf(tests)


def compare(sign: str, value: Any, bound: Any) -> bool:
    """Raises ExpressionError when the two cannot be compared."""
    if value is None or bound is None:
        return False
    left, right = _alike(value, bound)
    try:
        return _COMPARISONS[sign](left, right)
    except TypeError as error:
        raise ExpressionError(f"“{value}”与“{bound}”不能比较大小") from error


def same(value: Any, other: Any) -> bool:
    """Equality in which true is not 1."""
    if isinstance(value, bool) != isinstance(other, bool):
        return False
    left, right = _alike(value, other)
    return left == right


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """A date and an instant are compared as dates."""
    if isinstance(left, datetime) != isinstance(right, datetime) and all(
        isinstance(x, date) for x in (left, right)
    ):
        return tuple(x.date() if isinstance(x, datetime) else x for x in (left, right))  # type: ignore[return-value]
    return left, right


def _tests(text: str) -> tuple[Test, ...]:
    parts = split_top(text)
    if not all(parts):
        raise ExpressionError(f"“{text}”中有空的一项")
    return tuple(_one(part) for part in parts)


def _one(text: str) -> Test:
    if text in ("-",):
        return Anything()
    bounds = _RANGE.fullmatch(text)
    if bounds:
        opening, low, high, closing = bounds.groups()
        return Between(
            Compare(">=" if opening == "[" else ">", operand_source(low)),
            Compare("<=" if closing == "]" else "<", operand_source(high)),
        )
    comparison = _COMPARISON.fullmatch(text)
    if comparison:
        sign, source = comparison.group(1), operand_source(comparison.group(2))
        return Equal(source, sign == "=") if sign in ("=", "!=") else Compare(sign, source)
    source = operand_source(text, VALUE)
    if VALUE in expression.compiled(source).reads:
        return Expression(source)
    return Equal(source)
