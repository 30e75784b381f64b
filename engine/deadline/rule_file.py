"""deadlines.toml → `RuleSet`; refuses what cannot be meant, every problem at once, in Chinese."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from engine.deadline import toml_text
from engine.deadline.rule import Ladder, Rule, RuleSet
from engine.deadline.rule_check import ladder_problems, rule_problems
from engine.deadline.rule_terms import cap_of, extension_of, value_of
from engine.errors import InvalidData

SOURCE = "deadlines.toml"
_HEADER = re.compile(r"^\s*\[\s*([^\[\]\s]+)\s*\]", re.MULTILINE)
_CITED = re.compile(r"S:([A-Z0-9]+(?:-[A-Z0-9]+)*)")


def parse_rules(text: str) -> RuleSet:
    """The rules of a deadlines.toml: one table per key, plus ``[ladder.NAME]`` and ``[sources]``.

    Raises:
        InvalidData: keyed by rule key (or ``deadlines.toml`` for the file), with Chinese sentences.
    """
    _refuse_duplicates(text)
    table = toml_text.read(text, SOURCE)
    version = hashlib.sha256(text.encode()).hexdigest()
    sources, ladders = table.pop("sources", {}), table.pop("ladder", {})
    errors = _section_problems(sources, ladders)
    if not errors:
        for key, row in table.items():
            if problems := rule_problems(key, row, ladders.keys() | {"default"}):
                errors[key] = problems
    if errors:
        raise InvalidData(errors)
    steps = _steps(ladders)
    return RuleSet({key: _rule(key, row, steps, sources, version) for key, row in table.items()}, version)


def ladders_in(text: str) -> dict[str, Ladder]:
    """The ladders of a checked deadlines.toml by name, ``default`` first."""
    return _steps(toml_text.read(text, SOURCE).get("ladder", {}))


def _steps(rows: Mapping[str, Any]) -> dict[str, Ladder]:
    named = {name: Ladder(name=name, **row) for name, row in rows.items()}
    return {"default": named.pop("default", Ladder()), **named}


def _rule(
    key: str, row: Mapping[str, Any], ladders: Mapping[str, Ladder], sources: Mapping[str, str], version: str
) -> Rule:
    reference = row.get("reference", "")
    value, month_day = value_of(row)
    return Rule(
        key=key,
        step=row["step"],
        start=row["start"],
        ends_at=row["ends_at"],
        value=value,
        unit=row["unit"],
        month_day=month_day,
        extension=extension_of(row),
        cap=cap_of(row),
        shift=row.get("shift", True),
        minimum=row.get("minimum", False),
        reference=reference,
        sources=tuple(sources[code] for code in _CITED.findall(reference) if code in sources),
        tag=row["tag"],
        node=row.get("node", ""),
        ladder=ladders[row.get("ladder", "default")],
        version=version,
    )


def _section_problems(sources: Any, ladders: Any) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    if not isinstance(sources, dict) or not all(isinstance(title, str) for title in sources.values()):
        errors["sources"] = ["[sources] 应逐行写“代号 = 依据全称”。"]
    if not isinstance(ladders, dict):
        errors["ladder"] = ["督办阶梯应写成 [ladder.名称] 小节。"]
    else:
        for name, row in ladders.items():
            if problems := ladder_problems(row):
                errors[f"ladder.{name}"] = problems
    return errors


def _refuse_duplicates(text: str) -> None:
    """Names both lines; TOML itself would only say that a table was declared twice."""
    lines: dict[str, list[int]] = {}
    for found in _HEADER.finditer(text):
        lines.setdefault(found[1], []).append(text.count("\n", 0, found.start(1)) + 1)
    errors = {
        key: [f"同一规则写了 {len(at)} 次（第 {'、'.join(map(str, at))} 行），请只保留一处。"]
        for key, at in lines.items()
        if len(at) > 1
    }
    if errors:
        raise InvalidData(errors)
