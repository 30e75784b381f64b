"""The terms of a rule between their written form and values; used for deadlines.toml and for proofs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.deadline.rule import Cap, Extension, Rule


def value_of(row: Mapping[str, Any]) -> tuple[int, str]:
    """(length, month-day) of a checked row: one of the two says something."""
    return (0, row["value"]) if row["unit"] == "date" else (row["value"], "")


def extension_of(row: Mapping[str, Any]) -> Extension | None:
    """``{n, unit, max}`` of a checked row."""
    terms = row.get("extension")
    return Extension(terms["n"], terms["unit"], terms["max"]) if terms else None


def cap_of(row: Mapping[str, Any]) -> Cap | None:
    """``{value, unit}`` of a checked row."""
    terms = row.get("cap")
    return Cap(terms["value"], terms["unit"]) if terms else None


def terms_of(rule: Rule) -> dict[str, Any]:
    """What decides a due day, and what it rests on, as plain JSON values; `value_of` and so on read it."""
    extension, cap = rule.extension, rule.cap
    return {
        "ends_at": rule.ends_at,
        "value": rule.month_day or rule.value,
        "unit": rule.unit,
        "extension": {"n": extension.n, "unit": extension.unit, "max": extension.max} if extension else None,
        "cap": {"value": cap.value, "unit": cap.unit} if cap else None,
        "shift": rule.shift,
        "reference": rule.reference,
        "sources": list(rule.sources),
        "tag": rule.tag,
        "ladder": dict(vars(rule.ladder)),
    }
