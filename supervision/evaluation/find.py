"""Looks up who takes part in a 公开评议, what was said, and the units it is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.evaluation.quota import Person
from supervision.evaluation.table import Ballot, Evaluator
from supervision.organisation.units import supervised_units, unit_name

INVITED = ("", "已邀请", "参加")
"""States of those who may still take part."""


def evaluators(session: Session, evaluation_id: str, *states: str) -> Sequence[Evaluator]:
    """Those proposed, in order; of these states alone where some are named."""
    query = select(Evaluator).where(Evaluator.evaluation_id == evaluation_id).order_by(Evaluator.position)
    return session.scalars(query.where(Evaluator.state.in_(states)) if states else query).all()


def ballots(session: Session, evaluation_id: str) -> Sequence[Ballot]:
    """All ballots, in no order that tells anything."""
    query = select(Ballot).where(Ballot.evaluation_id == evaluation_id).order_by(Ballot.unit_code, Ballot.id)
    return session.scalars(query).all()


def units_of(session: Session, data: Mapping[str, Any]) -> dict[str, str]:
    """The units that are judged, name by code: those of `targets`, else all under supervision."""
    given = data.get("targets")
    codes = [str(code) for code in given] if isinstance(given, list) else []
    if codes:
        return {code: unit_name(session, code) for code in codes}
    return {unit.code: unit.name for unit in supervised_units(session)}


def as_person(row: Evaluator) -> Person:
    """For the quota."""
    return Person(row.category, row.barred_for)
