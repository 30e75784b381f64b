"""Keeps a unit's figures of a year, and adds up those that units have confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.yearly.table import YearFigures

WORDS = ("problems", "improvements")
"""Keys of F-P2-2 that hold text."""


def keep(
    session: Session, instance_id: str, unit_code: str, year: int, figures: Mapping[str, Any], on: date | None
) -> YearFigures:
    """The row of that unit and year with these figures; `on` is the day it confirmed them, if it did."""
    row = session.get(YearFigures, (unit_code, year))
    if row is None:
        row = YearFigures(unit_code=unit_code, year=year, instance_id=instance_id, figures={})
        session.add(row)
    row.instance_id, row.figures, row.confirmed_on = instance_id, dict(figures), on or row.confirmed_on
    session.flush()
    return row


def figures_of(session: Session, unit_code: str, year: int) -> dict[str, Any]:
    """What was given so far; empty where nothing was."""
    row = session.get(YearFigures, (unit_code, year))
    return dict(row.figures) if row is not None else {}


def confirmed(session: Session, year: int) -> list[YearFigures]:
    """Those that units have confirmed for the year, by unit."""
    query = select(YearFigures).where(YearFigures.year == year, YearFigures.confirmed_on.is_not(None))
    return list(session.scalars(query.order_by(YearFigures.unit_code)))


def total_of(parts: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The sums, number by number and cell by cell; words are left out."""
    total: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            if key not in WORDS:
                total[key] = _sum(total.get(key), value)
    return total


def _sum(so_far: Any, value: Any) -> Any:
    if isinstance(value, Mapping):
        known = so_far if isinstance(so_far, Mapping) else {}
        return {**known, **{key: _sum(known.get(key), inner) for key, inner in value.items()}}
    if isinstance(value, bool) or not isinstance(value, int | float):
        return so_far
    added = Decimal(str(so_far or 0)) + Decimal(str(value))
    return int(added) if added == added.to_integral_value() else float(added)
