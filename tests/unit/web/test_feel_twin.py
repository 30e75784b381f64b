"""The browser hides exactly the fields that the server hides: both read the FEEL subset alike."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from forms.schema.feel import compile_feel

TWIN = Path(__file__).parents[3] / "web" / "src" / "feel.js"
RUN = """
import { compile } from %s;
let text = '';
for await (const part of process.stdin) text += part;
const results = JSON.parse(text).map(([source, scope]) => compile(source)(scope) ?? null);
process.stdout.write(JSON.stringify(results));
"""
SCOPES: list[dict[str, Any]] = [
    {},
    {"a": 1, "b": "实名", "ok": True, "list1": ["咨询", "投诉"], "单位": "U01", "g": {"x": 3}},
    {"a": None, "b": None, "ok": False, "list1": [], "单位": "", "g": {"x": None}},
    {"a": 2.5, "b": "匿名", "ok": None, "list1": None, "单位": "U02", "g": None},
]
WRITTEN = [
    '=b != "实名"', '=b = "匿名" or b = null', "=not(ok)", "=not(b)", "=ok = true and a > 1",
    "=a = 1", "=a >= 2.5",
    '=list contains(list1, "咨询")', '=not(list contains(list1, "咨询"))',
    "=count(list1) = 0", "=count(list1) > 1",
    '=b in ("实名", "匿名")', "=a in [1..2]", "=a between 1 and 3", "=g.x = 3", "=g.x + 1 > 3",
    '=单位 = "U01"',
    "=nothing = null", "=nothing != null", "=a + b", '="x" + b', "=a / 0", "=-a < 0",
    "=(a = 1 or ok) and b = null",
    '="a\\"b" = b', "=null = null", "=1 = true", '="1" = 1', "=true and null", "=false or null", "=a < b",
]  # fmt: skip


@pytest.mark.skipif(not shutil.which("node"), reason="this machine has no node of its own")
def test_browser_and_server_agree_on_every_expression() -> None:
    sources = [*WRITTEN, *_made_up(400)]
    asked = [(source, scope) for source in sources for scope in SCOPES]
    done = subprocess.run(
        ["node", "--input-type=module", "-e", RUN % json.dumps(TWIN.as_uri())],
        input=json.dumps(asked), capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    in_browser = json.loads(done.stdout)
    differing = [
        (source, scope, here, there)
        for (source, scope), there in zip(asked, in_browser, strict=True)
        if not _alike(here := compile_feel(source).evaluate(scope), there)
    ]
    assert differing == []


def _alike(here: Any, there: Any) -> bool:
    if isinstance(here, bool) or isinstance(there, bool) or here is None or there is None:
        return here is there
    if isinstance(here, int | float) and isinstance(there, int | float):
        return abs(here - there) <= 1e-9 * max(1.0, abs(here))
    return bool(here == there)


def _made_up(number: int) -> Iterator[str]:
    """Expressions of the subset, by a fixed seed."""
    dice = random.Random(20260402)
    for _ in range(number):
        yield "=" + _logic(dice, 3)


def _logic(dice: random.Random, depth: int) -> str:
    if depth == 0 or dice.random() < 0.2:
        return f"{_value(dice, 1)} {dice.choice(['=', '!=', '<', '<=', '>', '>='])} {_value(dice, 1)}"
    inner = _logic(dice, depth - 1)
    return dice.choice([
        f"({inner}) and {_logic(dice, depth - 1)}",
        f"({inner}) or ({_logic(dice, depth - 1)})",
        f"not({inner})",
        f"{_value(dice, 0)} between {_value(dice, 0)} and {_value(dice, 0)}",
        f"{_value(dice, 0)} in [{_value(dice, 0)}..{_value(dice, 0)}]",
        f"{_value(dice, 0)} in ({_value(dice, 0)}, {_value(dice, 0)})",
        f"list contains({dice.choice(['list1', 'a'])}, {_value(dice, 0)})",
    ])  # fmt: skip


def _value(dice: random.Random, depth: int) -> str:
    if depth and dice.random() < 0.4:
        return f"{_value(dice, 0)} {dice.choice('+-*/')} {_value(dice, 0)}"
    return dice.choice(
        ["a", "b", "ok", "g.x", "单位", "missing", "0", "1", "2.5", '"实名"', "true", "null", "count(list1)"]
    )
