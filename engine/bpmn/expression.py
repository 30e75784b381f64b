"""Expressions and scripts of diagrams: an allow-listed part of Python, compiled once, with bounded work.

``a.b`` looks an entry of a mapping up, never a Python object's attribute. There is no import, no loop
without a bound, no lambda and no call but of the functions in `engine.bpmn.functions`.
"""

from __future__ import annotations

import ast
import re
import threading
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass
from types import CodeType
from typing import Any, Literal

from engine.bpmn import budget
from engine.bpmn.allowlist import FUNCTION, HELPERS, MAX_DEPTH, MAX_LENGTH, MAX_NODES, Rewriter
from engine.bpmn.failures import told
from engine.bpmn.foreign import from_feel, from_juel
from engine.bpmn.functions import BOUND, PURE, getter
from engine.bpmn.values import storable
from engine.errors import BpmnError, ExpressionError, NoValue

Mode = Literal["eval", "exec"]
Functions = Mapping[str, Callable[..., Any]]
_CACHE_SIZE = 5000
_BASE: dict[str, Any] = {
    "__builtins__": {},
    **HELPERS,
    **{FUNCTION + name: function for name, function in PURE.items()},
}
_FULL_WIDTH = set("“”（），：\u2018\u2019")
_WRAPPED = re.compile(r"\s*[$#]\{(.*)\}\s*", re.DOTALL)
_cache: dict[tuple[str, str], Compiled] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Compiled:
    """Code, and the names it reads, assigns and calls."""

    code: CodeType
    reads: frozenset[str]
    assigns: frozenset[str]
    calls: frozenset[str]


def strip(source: str) -> str:
    """`source` without ``${…}`` or a leading ``=``; JUEL and FEEL in our words where they mean the same."""
    wrapped = _WRAPPED.fullmatch(source)
    if wrapped:
        return (from_juel(wrapped.group(1)) or wrapped.group(1)).strip()
    text = source.strip()
    return (from_feel(text[1:]) or text) if text.startswith("=") else text


def validate(source: str, mode: Mode = "eval") -> None:
    """Raises ExpressionError, in words for process owners, when `source` is outside the allow-list."""
    compiled(source, mode)


def evaluate(source: str, data: Mapping[str, Any], functions: Functions | None = None) -> Any:
    """The value of an expression over the variables in `data`.

    Raises:
        ExpressionError: outside the allow-list, a variable has no value, or it failed.
    """
    prepared = compiled(source, "eval")
    scope = _scope(prepared, data, functions)
    return _guarded(lambda: eval(prepared.code, scope))


def execute(source: str, data: MutableMapping[str, Any], functions: Functions | None = None) -> None:
    """Runs a script; the variables it assigns are stored in `data`, all of them or none.

    Raises:
        ExpressionError: as `evaluate`.
        BpmnError: the script called ``bpmn_error``.
    """
    prepared = compiled(source, "exec")
    scope = _scope(prepared, data, functions)
    _guarded(lambda: exec(prepared.code, scope))
    data.update({name: storable(scope[name]) for name in sorted(prepared.assigns) if name in scope})


def compiled(source: str, mode: Mode = "eval") -> Compiled:
    """The compiled form, from the cache when it was seen before."""
    found = _cache.get((source, mode))
    if found is None:
        found = _compile(source, mode)
        with _lock:
            if len(_cache) >= _CACHE_SIZE:
                _cache.clear()
            _cache[source, mode] = found
    return found


def _compile(source: str, mode: Mode) -> Compiled:
    if len(source) > MAX_LENGTH:
        raise ExpressionError(f"表达式应不超过 {MAX_LENGTH} 字")
    text = strip(source)
    try:
        tree = ast.parse(text, mode=mode)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError(f"表达式“{text[:80]}”写法有误{_hint(text)}") from error
    if sum(1 for _ in ast.walk(tree)) > MAX_NODES or _depth(tree) > MAX_DEPTH:
        raise ExpressionError("表达式过于复杂：请拆成几步")
    rewriter = Rewriter(mode)
    tree = ast.fix_missing_locations(rewriter.visit(tree))
    if unknown := sorted(rewriter.calls - PURE.keys() - set(BOUND)):
        raise ExpressionError(f"没有名为“{unknown[0]}”的函数")
    if mode == "eval" and "bpmn_error" in rewriter.calls:
        raise ExpressionError("bpmn_error 只能写在脚本任务中")
    return Compiled(
        compile(tree, "<expression>", mode),
        frozenset(rewriter.reads),
        frozenset(rewriter.assigns),
        frozenset(rewriter.calls),
    )


def _depth(tree: ast.AST) -> int:
    """Levels of nesting, so that no walk over the tree runs out of stack."""
    deepest, stack = 0, [(tree, 1)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        stack.extend((child, depth + 1) for child in ast.iter_child_nodes(node))
    return deepest


def _hint(text: str) -> str:
    if "&&" in text or "||" in text:
        return "：“并且”请写 and，“或者”请写 or"
    if text.startswith("="):
        return "：以“=”开头的 FEEL 表达式只能用比较、四则运算、and、or、not()、if 和函数"
    if re.search(r"(?<![=!<>])=(?!=)", text):
        return "：比较相等请写 =="
    if set(text) & _FULL_WIDTH:
        return "：引号、括号和逗号请用英文半角"
    return ""


def _scope(prepared: Compiled, data: Mapping[str, Any], functions: Functions | None) -> dict[str, Any]:
    scope = dict(_BASE)
    for name in prepared.reads:
        if name in data:
            scope[name] = data[name]
    if "get" in prepared.calls:
        scope[FUNCTION + "get"] = getter(data)
    for name in prepared.calls & functions.keys() if functions else ():
        scope[FUNCTION + name] = functions[name]  # type: ignore[index]
    return scope


def _guarded(work: Callable[[], Any]) -> Any:
    budget.refill()
    try:
        return work()
    except (ExpressionError, BpmnError):
        raise
    except NameError as error:
        name = str(error.name or "")
        if name.startswith(FUNCTION):
            raise ExpressionError(f"此处不能使用函数“{name.removeprefix(FUNCTION)}”") from error
        raise NoValue(f"变量“{name}”没有值：可能没有值的变量请写 get('{name}')") from error
    except (
        Exception
    ) as error:  # whatever a diagram computes wrongly is the diagram's failure, told in one type
        raise ExpressionError(f"计算失败：{told(error)}") from error
