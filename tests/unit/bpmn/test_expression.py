"""The expression language: what it computes, and everything it refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.bpmn.expression import evaluate, execute, strip, validate
from engine.errors import ExpressionError

DATA: dict[str, Any] = {
    "n": 3, "text": "受理", "items": [1, 2, 3], "unit": {"code": "U01", "tags": ["a"]},
    "on": date(2026, 9, 1), "findings": [{"result": "一般问题"}, {"result": "无"}], "nothing": None, "len": 7,
}  # fmt: skip


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("${n + 1}", 4),
        ("#{ n == 3 }", True),
        ("n > 2 and text == '受理'", True),
        ("text in ('受理', '补正')", True),
        ("unit.code + '-' + text", "U01-受理"),  # a.b is an entry of a mapping
        ("unit['tags'][0]", "a"),
        ("any(f['result'] == '一般问题' for f in findings)", True),
        ("[i * 2 for i in items if i > 1]", [4, 6]),
        ("len(items) + len", 10),  # a variable may be called like a function
        ("get('missing') is None", True),
        ("get('missing', 5)", 5),
        ("get(unit, 'code')", "U01"),
        ("get(unit, 'name', '无')", "无"),
        ("true and not false", True),
        ("null is nothing", True),
        ("on.year", 2026),
        ("on + days(10)", date(2026, 9, 11)),
        ("date('2026-09-01') <= on", True),
        ("datetime('2026-09-01T08:00').hour", 8),
        ("isoformat(on)", "2026-09-01"),
        ("contains(text, '受') and startswith(text, '受') and endswith(text, '理')", True),
        ("sum(items) / len(items)", 2.0),
        ("max(items) - min(1, 2)", 2),
        ("sorted(items, reverse=True)", [3, 2, 1]),
        ("round(2.567, 1)", 2.6),
        ("'甲' if n else '乙'", "甲"),
        ("upper(lower('Ab'))", "AB"),
        ("int('12') + abs(0 - 1) + float('0.5')", 13.5),
    ],
)
def test_an_expression_has_a_value(source: str, value: Any) -> None:
    assert evaluate(source, DATA) == value


ATTACKS = [
    "__import__('os').system('id')",
    "().__class__.__bases__[0].__subclasses__()",
    "''.__class__",
    "unit.__class__",
    "unit._x",
    "_private",
    "__builtins__",
    "open('/etc/passwd')",
    "eval('1')",
    "exec('1')",
    "compile('1', '', 'eval')",
    "getattr(unit, '__class__')",
    "globals()",
    "vars()",
    "type(unit)",
    "dir(unit)",
    "text.format(n)",
    "text.join(items)",
    "items.append(4)",
    "unit.get('code')",
    "'%s' % text",
    "f'{text}'",
    "lambda: 1",
    "(lambda: 1)()",
    "2 ** 100",
    "1 << 100",
    "~n",
    "n := 5",
    "(n := 5)",
    "await n",
    "[*items, 1]",
    "len(*items)",
    "max(**unit)",
    "b'bytes'",
    "1j",
    "...",
    "9" * 60,
    "'x' * 1000000",
    "[0] * 1000000",
    "[x for x in range(10000) for y in range(10000)]",
    "sum(i for i in range(10000) for j in range(10000))",
    "range(100000000)",
    "int('9' * 4000)",
    "1e999 and float('inf')",
    "float('nan')",
    "str(items)",
    "(x for x in items)",
    "days(99999999)",
    "round(5, 0 - 1000000000)",
    "not " * 300 + "n",
    "-" * 300 + "1",
    "[" * 90 + "]" * 90,
    "max(items, key=len)",
    "1 if",
    "import os",
    "n; n",
    "x" * 4001,
    "+".join(["n"] * 300),
    "(" * 300 + "n" + ")" * 300,
]


@pytest.mark.parametrize("source", ATTACKS)
def test_an_attack_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(source, DATA)


@pytest.mark.parametrize(
    "source",
    [
        "import os",
        "while True: pass",
        "def f(): pass",
        "class A: pass",
        "unit['code'] = 1",
        "unit.code = 1",
        "a, b = 1, 2",
        "del n",
        "global n",
        "with n: pass",
        "try:\n    pass\nexcept Exception:\n    pass",
        "raise n",
        "assert n",
        "return 1",
        "yield n",
        "async def f(): pass",
        "items[0] += 1",
        "_x = 1",
        "for i in range(10000):\n    for j in range(10000):\n        n = j",
        "a = [1]\nfor i in range(40):\n    a = a + a",
        "a = 1\nfor i in range(100):\n    a = a * 1000000000000",
        "a = [1]\nfor i in range(60):\n    a = [a, a]",
    ],
)
def test_an_attacking_script_is_refused_and_changes_nothing(source: str) -> None:
    data = dict(DATA)
    with pytest.raises(ExpressionError):
        execute(source, data)
    assert data == DATA


def test_a_script_assigns_only_what_it_names() -> None:
    data = {"items": [1, 2]}
    execute("total = 0\nfor i in items:\n    total += i\nif total > 2:\n    big = True\npair = (1, 2)", data)
    assert data == {"items": [1, 2], "total": 3, "big": True, "pair": [1, 2]}


def test_a_variable_without_value_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(ExpressionError, match=r"变量“approved”没有值：.*get\('approved'\)"):
        evaluate("approved == True", {})


@pytest.mark.parametrize(
    ("source", "hint"), [("a && b", "and"), ("a = 1", "=="), ("a == “受理”", "半角"), ("nope(1)", "nope")]
)
def test_a_common_slip_is_told(source: str, hint: str) -> None:
    with pytest.raises(ExpressionError, match=hint):
        validate(source)


def test_the_clock_is_the_step_s_and_is_not_there_without_one() -> None:
    now = datetime(2026, 9, 1, tzinfo=UTC)
    assert evaluate("now() + hours(1)", {}, {"now": lambda: now}) == now + timedelta(hours=1)
    with pytest.raises(ExpressionError, match="now"):
        evaluate("now()", {})


def test_dollar_braces_are_taken_off_once() -> None:
    assert strip("  ${ a == 'x}' } ") == "a == 'x}'"
    assert strip("a") == "a"
