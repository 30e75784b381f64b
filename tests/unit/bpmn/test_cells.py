"""The cells of a decision table: FEEL's unary tests, and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.bpmn.dmn.unary import parse_test
from engine.bpmn.expression import evaluate
from engine.errors import ExpressionError


def holds(cell: str, value: Any, **data: Any) -> bool:
    return parse_test(cell).holds(value, lambda source, extra: evaluate(source, {**data, **extra}))


@pytest.mark.parametrize(
    ("cell", "yes", "no"),
    [
        ("", [None, 1, "x"], []),
        ("-", [None, 1, "x"], []),
        ('"甲"', ["甲"], ["乙", None, 1]),
        ('"甲","乙"', ["甲", "乙"], ["丙", None]),
        ('"甲,乙"', ["甲,乙"], ["甲"]),
        ('not("甲","乙")', ["丙", None], ["甲"]),
        ("not(null)", [0, ""], [None]),
        ("null", [None], [0, "", False]),
        ("true", [True], [False, 1, None]),
        ("false", [False], [True, 0, None]),
        ("5", [5, 5.0], [6, True, "5"]),
        ("-1", [-1], [1]),
        ("< 5", [4, -1], [5, None]),
        (">= 5", [5, 6], [4, None]),
        ("!= 5", [4, None], [5]),
        ("[1..5]", [1, 5], [0, 6, None]),
        ("(1..5]", [2, 5], [1]),
        ("[1..5)", [1], [5]),
        ("]1..5[", [2], [1, 5]),
        ("< 2, > 8", [1, 9], [5]),
        ("not([3..4])", [2, 5], [3, 4]),
        ('date("2026-09-01")', [date(2026, 9, 1)], [date(2026, 9, 2), None]),
        ('>= date("2026-09-01")', [date(2026, 9, 1)], [date(2026, 8, 31), None]),
        ('[date("2026-01-01")..date("2026-12-31")]', [date(2026, 5, 1)], [date(2025, 5, 1)]),
        ('contains(?, "开")', ["公开"], ["保密"]),
        ("? > limit and ? < 100", [11], [5, 100]),
        ("> limit", [11], [10]),
        ("limit", [10], [11]),
        ('cellInput in ("甲", "乙")', ["甲"], ["丙"]),
    ],
)
def test_a_cell_asks_what_feel_says(cell: str, yes: list[Any], no: list[Any]) -> None:
    for value in yes:
        assert holds(cell, value, limit=10), (cell, value)
    for value in no:
        assert not holds(cell, value, limit=10), (cell, value)


def test_values_that_cannot_be_compared_are_an_error_and_not_false() -> None:
    with pytest.raises(ExpressionError, match="不能比较"):
        holds("< 5", "文字")


@pytest.mark.parametrize(
    "cell",
    [
        "“甲”",
        "甲",
        '"甲"，"乙"',
        '"甲",',
        "< ",
        "[1..",
        "function(x) x",
        'duration("P1M")',
        "for x in y return x",
    ],
)
def test_a_cell_outside_the_language_is_refused(cell: str) -> None:
    with pytest.raises(ExpressionError):
        parse_test(cell)
