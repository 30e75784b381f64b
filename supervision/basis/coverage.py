"""条款对照: what implements each clause of articles 2 to 14 and each requirement, and what is missing.

What implements a clause names it: nodes, rows of decision tables, fields, documents, deadlines, items of the
checklist, guards, topics, registers. `requirements.toml` adds, per requirement, what cannot name a clause
itself; whatever it names must exist.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from engine.errors import InvalidData, Problem
from supervision.basis.cited import clauses_of
from supervision.basis.uses import Use

FILE = "requirements.toml"
LISTS = {
    "nodes": "节点", "decisions": "规则", "fields": "字段", "guards": "守则", "topics": "主题",
    "documents": "公文", "deadlines": "期限", "checklist": "检查项", "cycles": "周期", "settings": "设置",
    "scenarios": "情景", "pages": "页面", "registers": "登记", "forms": "表单",
}  # fmt: skip
"""Entry of a requirement → kind of use."""
PROOF = "情景"
IDLE = (PROOF, "设置")
"""Kinds that implement nothing alone: they show that something works, or say how it shall."""
_REQUIREMENT = re.compile(r"\bRQ-\d\d\b")
ARTICLES = range(2, 15)
"""第二条至第十四条: what must be covered."""


@dataclass(frozen=True)
class Requirement:
    """RQ-01 to RQ-57: what a clause asks of the program."""

    key: str
    clause: tuple[str, ...]
    text: str
    named: Mapping[str, tuple[str, ...]]
    """Kind of use → what requirements.toml names."""


@dataclass(frozen=True)
class Item:
    """A clause or a requirement, with what implements it."""

    code: str
    text: str
    uses: tuple[Use, ...]

    @property
    def covered(self) -> bool:
        """Whether something implements it; a scenario or a setting alone does not."""
        return any(use.kind not in IDLE for use in self.uses)


@dataclass(frozen=True)
class Coverage:
    """The whole table."""

    clauses: Mapping[str, str]
    """Code → text."""
    requirements: Sequence[Requirement]
    uses: Sequence[Use]

    @cached_property
    def items(self) -> list[Item]:
        """Every clause, in the order of the regulation."""
        found: dict[str, dict[Use, None]] = {code: {} for code in self.clauses}
        for use in self.uses:
            for code in clauses_of(use.cited, self.clauses):
                found[code][use] = None
        for requirement in self.requirements:
            for code in clauses_of("；".join(requirement.clause), self.clauses):
                found[code] |= dict.fromkeys(self._named(requirement))
        return [Item(code, self.clauses[code], tuple(uses)) for code, uses in found.items()]

    @cached_property
    def required(self) -> list[Item]:
        """Every requirement with what it names, and what names it (``RQ-51`` in a citation).

        One that stands for a single item, as RQ-26 for R8(1), is implemented by what implements the item.
        """
        own = {item.code: item.uses for item in self.items}
        naming: dict[str, list[Use]] = {}
        for use in self.uses:
            for key in set(_REQUIREMENT.findall(use.cited)):
                naming.setdefault(key, []).append(use)
        return [
            Item(
                r.key,
                r.text,
                tuple(dict.fromkeys([*self._named(r), *naming.get(r.key, []), *_of_item(r, own)])),
            )
            for r in self.requirements
        ]

    @property
    def uncovered(self) -> list[str]:
        """Clauses of articles 2 to 14, and requirements, that nothing implements."""
        clauses = [item.code for item in self.items if _article(item.code) in ARTICLES and not item.covered]
        return clauses + [item.code for item in self.required if not item.covered]

    @property
    def unproved(self) -> list[str]:
        """Clauses of articles 2 to 14 that no scenario names."""
        return [
            item.code
            for item in self.items
            if _article(item.code) in ARTICLES and not any(use.kind == PROOF for use in item.uses)
        ]

    @property
    def unknown(self) -> list[str]:
        """What requirements.toml names and nobody has: ``RQ-05：没有节点“x/ut_y”``."""
        return [
            f"{r.key}：没有{kind}“{name}”"
            for r in self.requirements
            for kind, names in r.named.items()
            for name in names
            if not self._found(kind, name)
        ]

    def problems(self) -> list[Problem]:
        """As errors of the set: what stops its publication."""
        texts = {item.code: item.text for item in [*self.items, *self.required]}
        missing = [
            f"{code}（{texts[code][:30]}）没有任何节点、规则、字段、公文、期限、守则或页面落实：请补上 clause"
            for code in self.uncovered
        ]
        file = f"regulation/{FILE}"
        return [Problem("", text, file=file) for text in [*missing, *self.unknown]]

    @cached_property
    def _by_place(self) -> dict[tuple[str, str], Use]:
        places = {(use.kind, use.where): use for use in self.uses}
        for use in self.uses:
            if use.kind == "字段":  # a form is there when one of its fields is
                form = use.where.rsplit(".", 1)[0]
                places.setdefault(("表单", form), Use("表单", form, form.split("/")[1], ""))
            if use.kind == "规则":  # and so is a table
                table = use.where.split("#")[0]
                places.setdefault(("规则", table), Use("规则", table, use.name.split(" 第 ")[0], ""))
        return places

    def _found(self, kind: str, name: str) -> Use | None:
        return self._by_place.get((kind, name))

    def _named(self, requirement: Requirement) -> list[Use]:
        found = [self._found(kind, name) for kind, names in requirement.named.items() for name in names]
        return [use for use in found if use is not None]


def read_requirements(processes: Path) -> list[Requirement]:
    """Those of `processes`/regulation/requirements.toml. Raises InvalidData with every problem."""
    path = processes / "regulation" / FILE
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidData({FILE: [f"读不出 {FILE}：{error}"]}) from error
    errors = {key: _problems(entry) for key, entry in read.items()}
    if errors := {key: problems for key, problems in errors.items() if problems}:
        raise InvalidData(errors)
    return [_requirement(key, entry) for key, entry in read.items()]


def read_clauses(processes: Path) -> dict[str, str]:
    """Code → text. Raises InvalidData."""
    path = processes / "regulation" / "clauses.toml"
    try:
        return dict(tomllib.loads(path.read_text(encoding="utf-8"))["clauses"])
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise InvalidData({path.name: [f"读不出条款原文 {path.name}：{error}"]}) from error


def cover(processes: Path, uses: Iterable[Use]) -> Coverage:
    """Raises InvalidData."""
    return Coverage(read_clauses(processes), read_requirements(processes), list(uses))


def _requirement(key: str, entry: Mapping[str, Any]) -> Requirement:
    named = {kind: tuple(entry[name]) for name, kind in LISTS.items() if entry.get(name)}
    return Requirement(key, tuple(entry["clause"]), str(entry["text"]), named)


def _problems(entry: Any) -> list[str]:
    if not isinstance(entry, Mapping) or "clause" not in entry or "text" not in entry:
        return ["应是一个小节，写明 clause（条款）和 text（要求）"]
    unknown = sorted(set(entry) - {"clause", "text", *LISTS})
    return [f"不认识“{name}”：可用的有 {'、'.join(LISTS)}" for name in unknown]


def _of_item(requirement: Requirement, own: Mapping[str, Sequence[Use]]) -> Sequence[Use]:
    single = len(requirement.clause) == 1 and "(" in requirement.clause[0]
    return own.get(requirement.clause[0], ()) if single else ()


def _article(code: str) -> int:
    return int(code[1:].split("¶")[0].split("(")[0])
