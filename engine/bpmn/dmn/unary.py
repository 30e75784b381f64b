"""FEEL's unary tests: what a cell of an input column asks of the input's value.

``-`` and empty · ``"a"`` · ``"a","b"`` · ``not("a")`` · ``< 5`` · ``>= date("2026-01-01")`` · ``[1..5]`` ·
``(1..5]`` · ``null`` · ``true`` · an expression in which ``?`` is the value.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from engine.bpmn import expression
from engine.bpmn.dmn.cells import operand_source, split_top, strip_not
from engine.bpmn.functions import SHANGHAI
from engine.errors import ExpressionError

Evaluate = Callable[[str, Mapping[str, Any]], Any]
"""An expression's value, with additional variables."""
Truth = bool | None
"""FEEL's: null is neither true nor false, and its negation is null. Source: DMN 1.3 table 50."""
VALUE = "cellInput"
"""How an expression calls the input's value; ``?`` is rewritten to it."""
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_COMPARISON = re.compile(r"(<=|>=|<|>|!=|=)\s*(?!=)(.+)", re.DOTALL)
_NEGATED = re.compile(r"not\s*\(")


@dataclass(frozen=True)
class Anything:
    """``-`` or an empty cell."""

    def holds(self, value: Any, evaluate: Evaluate) -> Truth:
        return True


@dataclass(frozen=True)
class Equal:
    """A value, or with `wanted` False anything but it. Of a list, one of its elements."""

    source: str
    wanted: bool = True

    def holds(self, value: Any, evaluate: Evaluate) -> Truth:
        bound = evaluate(self.source, {})
        if isinstance(bound, (list, tuple)) and not isinstance(value, (list, tuple)):
            return any(same(value, item) for item in bound) is self.wanted
        return same(value, bound) is self.wanted


@dataclass(frozen=True)
class Compare:
    """``< x`` and its like; null compared is null."""

    sign: str
    source: str

    def holds(self, value: Any, evaluate: Evaluate) -> Truth:
        return compare(self.sign, value, evaluate(self.source, {}))


@dataclass(frozen=True)
class Between:
    """``[low..high]``; round or outward brackets leave the bound out."""

    low: Compare
    high: Compare

    def holds(self, value: Any, evaluate: Evaluate) -> Truth:
        return _all(self.low.holds(value, evaluate), self.high.holds(value, evaluate))


@dataclass(frozen=True)
class Expression:
    """Any condition about the value."""

    source: str

    def holds(self, value: Any, evaluate: Evaluate) -> Truth:
        found = evaluate(self.source, {VALUE: value})
        return None if found is None else bool(found)


@dataclass(frozen=True)
class AnyOf:
    """One of several, or with `wanted` False none of them."""

    tests: tuple[Test, ...]
    wanted: bool = True

    def holds(self, value: Any, evaluate: Evaluate) -> Truth:
        found = [test.holds(value, evaluate) for test in self.tests]
        truth: Truth = True if True in found else None if None in found else False
        return truth if self.wanted or truth is None else not truth


Test = Anything | Equal | Compare | Between | Expression | AnyOf


def _all(*truths: Truth) -> Truth:
    return False if False in truths else None if None in truths else True


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


def compare(sign: str, value: Any, bound: Any) -> Truth:
    """Raises ExpressionError when the two cannot be compared."""
    if value is None or bound is None:
        return None
    left, right = _alike(value, bound)
    try:
        return _COMPARISONS[sign](left, right)
    except TypeError as error:
        raise ExpressionError(f"“{value}”与“{bound}”不能比较大小") from error


def same(value: Any, other: Any) -> bool:
    """Equality in which true is not 1.

    Raises:
        ExpressionError: a text is compared with a date or time, which it never equals.
    """
    if isinstance(value, bool) != isinstance(other, bool):
        return False
    for text, moment in ((value, other), (other, value)):
        if isinstance(text, str) and isinstance(moment, (date, time, timedelta)):
            raise ExpressionError(f"“{text}”是文字，不是日期或时间：请把输入列的类型（typeRef）设为 date 等")
    left, right = _alike(value, other)
    return bool(left == right)


def _alike(left: Any, right: Any) -> tuple[Any, Any]:
    """A date and an instant are compared as dates. Without a zone, Asia/Shanghai is meant."""
    if not (isinstance(left, date) and isinstance(right, date)):
        return left, right
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _aware(left), _aware(right)
    return _day(left), _day(right)


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)


def _day(moment: date) -> date:
    return _aware(moment).astimezone(SHANGHAI).date() if isinstance(moment, datetime) else moment


def _tests(text: str) -> tuple[Test, ...]:
    parts = split_top(text)
    if not all(parts):
        raise ExpressionError(f"“{text}”中有空的一项")
    return tuple(_one(part) for part in parts)


def _one(text: str) -> Test:
    if text == "-":
        return Anything()
    if _NEGATED.match(text):
        raise ExpressionError(f"“{text}”：not(…) 只能单独成格，括住全部条件")
    bounds = _range(text)
    if bounds:
        return bounds
    comparison = _COMPARISON.fullmatch(text)
    if comparison:
        sign, source = comparison.group(1), operand_source(comparison.group(2))
        return Equal(source, sign == "=") if sign in ("=", "!=") else Compare(sign, source)
    source = operand_source(text, VALUE)
    if asks_value(source):
        return Expression(source)
    if isinstance(ast.parse(source, mode="eval").body, (ast.Compare, ast.BoolOp)):
        raise ExpressionError(f"“{text}”：条件里应有 ?（本列的值），例如 ? > 5")
    return Equal(source)


def asks_value(source: str) -> bool:
    """Whether the expression reads the input's value."""
    return VALUE in expression.compiled(source).reads or f"get({VALUE!r})" in source


def _range(text: str) -> Between | None:
    if len(text) < 2 or text[0] not in "[](" or text[-1] not in "[])":
        return None
    bounds = split_top(text[1:-1], "..")
    if len(bounds) != 2 or not all(bounds):
        return None
    return Between(
        Compare(">=" if text[0] == "[" else ">", operand_source(bounds[0])),
        Compare("<=" if text[-1] == "]" else "<", operand_source(bounds[1])),
    )
