"""What the program itself does for a clause: guards, topics and registers, as their docstrings cite it."""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from supervision import tables
from supervision.basis.uses import Use
from supervision.deadlines.versions import Periods
from supervision.document.template import Templates
from supervision.guards import all_guards
from supervision.house import House
from supervision.identity.key import Keys
from supervision.setup import all_topics


def program_uses(processes: Path) -> list[Use]:
    """Guards, topics and registers; no handler is called, so no key is needed."""
    keys, periods = Keys("", {}), Periods()
    topics = all_topics(House(keys, Templates(processes), periods.rules, periods.calendar))
    registers = {name: getattr(tables, name) for name in tables.__all__}
    found = [*guard_uses(all_guards(keys, processes)), *topic_uses(topics), *table_uses(registers)]
    return named(found, processes)


def named(uses: Iterable[Use], processes: Path) -> list[Use]:
    """With the Chinese names of regulation/names.toml; one without a name is called by its kind."""
    path = processes / "regulation" / "names.toml"
    names = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return [
        replace(use, name=names.get(use.kind, {}).get(use.where) or f"{use.kind}（程序）") for use in uses
    ]


def guard_uses(guards: Iterable[Callable[..., Any]]) -> list[Use]:
    """One per guard, called by its function's name; it cites what its module and its docstring cite."""
    return [_of("守则", _name(guard), guard) for guard in guards]


def topic_uses(topics: Mapping[str, Callable[..., Any]]) -> list[Use]:
    """One per topic a diagram may name."""
    return [_of("主题", name, _inner(handler)) for name, handler in sorted(topics.items())]


def table_uses(tables: Mapping[str, type]) -> list[Use]:
    """One per table, called by its class's name."""
    return [Use("登记", name, name, inspect.getdoc(table) or "") for name, table in sorted(tables.items())]


def _of(kind: str, where: str, does: Callable[..., Any]) -> Use:
    does = _inner(does)
    module = inspect.getmodule(does)
    text = f"{(module.__doc__ or '') if module else ''}\n{inspect.getdoc(does) or ''}"
    return Use(kind, where, where, text)


def _name(does: Callable[..., Any]) -> str:
    return str(getattr(_inner(does), "__qualname__", does)).split(".")[0]


def _inner(does: Callable[..., Any]) -> Callable[..., Any]:
    """Without the partials and wrappers around it."""
    while True:
        inner = getattr(does, "func", None) or getattr(does, "__wrapped__", None)
        if inner is None:
            return does
        does = inner
