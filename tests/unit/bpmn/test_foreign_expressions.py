"""Expressions of other tools: those that mean the same here run, the others are refused as they stand."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.expression import evaluate, strip, validate
from engine.errors import ExpressionError

DATA: dict[str, Any] = {
    "a": True, "b": False, "n": 5, "m": 2, "kind": "信访", "none": None, "list": [], "one": [1],
    "case": {"kind": "投诉", "n": 7},
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("${a && !b}", True),
        ("#{a || b}", True),
        ("${b || a && b}", False),  # && binds more tightly
        ("${!a == b}", True),  # ! binds more tightly than ==, other than Python's not
        ("${not empty one}", True),
        ("${empty list}", True),
        ("${empty none and empty ''}", True),
        ("${empty n}", False),
        ("${kind eq '信访' and n gt 3}", True),
        ('${kind ne "信访"}', False),
        ("${n le 5 and n ge 5 and not (n lt 5)}", True),
        ("${n div 2 + n mod 2}", 3.5),
        ("${n % 2 == 1 ? '单' : '双'}", "单"),
        ("${b ? 1 : a ? 2 : 3}", 2),
        ("${case.kind eq '投诉' && case['n'] gt 6}", True),
        ("${-m lt 0 && true}", True),
        (r"${kind == 'it\'s' || a && a}", True),
        ("${a and not b}", True),  # this engine's own words
        ("${'甲' if n > 3 else '乙'}", "甲"),
    ],
)
def test_juel_runs(text: str, value: Any) -> None:
    assert evaluate(strip(text), DATA) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('= n > 3 and kind = "信访"', True),
        ("=not(b)", True),
        ("= if n < 3 then 1 else 2", 2),
        ("= unknown = null", True),
        ("= count(one) = 1", True),
        ("= n in [4, 5]", True),
        ("= case.n - 2 != n", False),
        ('= contains(kind, "信")', True),
        ("= (n + m) * 2 / -7", -2.0),
    ],
)
def test_feel_runs(text: str, value: Any) -> None:
    source = strip(text)
    assert evaluate(source, DATA, {"get": lambda name: DATA.get(name)}) == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("${kind.equals('信访')}", "只能按名字调用"),
        ("${execution.getVariable('n') && a}", "写法有误"),
        ("${a b}", "写法有误"),
        ("${a && }", "写法有误"),
        ("${" + "!(" * 300 + "a" + ")" * 300 + "}", "写法有误"),
        ("= xs[1] = 2", "FEEL"),  # counts from 1
        ("= some x in xs satisfies x > 1", "FEEL"),
        ("= string_length(kind)", "没有名为“string_length”的函数"),
        ("a && b", "并且"),
        ("${" + "a && " * 2000 + "a}", "不超过"),
    ],
)
def test_what_has_no_counterpart_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        validate(strip(text))
