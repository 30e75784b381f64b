"""Keeps what a unit came to: its scores per item as inspected and as changed since, and its total.

The first score of an inspector stays in `original`, whatever an objection or calibration makes of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.store.base import table_of
from supervision.inspection.checklist import Checklist
from supervision.inspection.score import Scores, Total, inflated, normalised, ranked, rounded, total
from supervision.inspection.table import ItemScore, UnitResult

_scores = table_of(ItemScore)

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Change:
    """A score that somebody changed after the inspectors gave it, with the reason."""

    item_id: str
    score: Decimal
    reason: str


def number(value: Any) -> Decimal | None:
    """The number of a form or a row of the database."""
    return None if value is None or value == "" else Decimal(str(value))


def self_scores(rows: Rows) -> dict[str, Decimal | None]:
    """What the unit gave itself; None where it said that the item does not apply."""
    return {str(row["item_id"]): None if row.get("na") else number(row.get("self_score")) for row in rows}


def write_scores(
    session: Session, child_id: str, own: Rows, found: Rows, inspectors: Sequence[str], by: str, now: datetime
) -> None:
    """Writes what the inspectors found, once per item; `own` are the rows of the unit's self-assessment."""
    said, rows = self_scores(own), []
    for row in found:
        score = None if row.get("na_approved") else number(row.get("score"))
        value = None if score is None else float(score)
        mine = said.get(str(row["item_id"]))
        rows.append(
            {
                "child_id": child_id, "item_id": str(row["item_id"]),
                "self_score": None if mine is None else float(mine), "score": value, "original": value,
                "calibrated": None, "comment": str(row.get("comment") or ""),
                "evidence": list(row.get("evidence") or ()), "inspectors": list(inspectors),
                "scored_by": by, "scored_at": now, "changed_by": "", "changed_at": None, "reason": "",
            }
        )  # fmt: skip
    if rows:
        session.execute(insert(_scores), rows)


def adopt(session: Session, child_id: str, changes: Sequence[Change], by: str, now: datetime) -> None:
    """After the unit's objection: the score is changed, the original kept."""
    for change in changes:
        row = session.get(ItemScore, (child_id, change.item_id))
        if row is not None:
            row.score, row.reason = float(change.score), change.reason
            row.changed_by, row.changed_at = by, now
    session.flush()


def calibrate(session: Session, child_id: str, change: Change, by: str, now: datetime) -> bool:
    """Cross-group calibration of one item; False where the unit has no score of it."""
    row = session.get(ItemScore, (child_id, change.item_id))
    if row is None or row.score is None:
        return False
    row.calibrated, row.reason = float(change.score), change.reason
    row.changed_by, row.changed_at = by, now
    session.flush()
    return True


def scores_of(session: Session, child_id: str) -> Scores:
    """What counts now: the calibrated score, else the inspected one."""
    columns = select(_scores.c.item_id, _scores.c.score, _scores.c.calibrated)
    return {
        item: number(score if calibrated is None else calibrated)
        for item, score, calibrated in session.execute(columns.where(_scores.c.child_id == child_id))
    }


def all_scores(session: Session, inspection_id: str) -> Mapping[str, dict[str, Decimal | None]]:
    """Unit's inspection → what counts now, of all units of an inspection in one question."""
    own = select(UnitResult.child_id).where(UnitResult.inspection_id == inspection_id)
    columns = select(ItemScore.child_id, ItemScore.item_id, ItemScore.score, ItemScore.calibrated)
    found: dict[str, dict[str, Decimal | None]] = {}
    for child, item, score, calibrated in session.execute(columns.where(ItemScore.child_id.in_(own))):
        found.setdefault(child, {})[item] = number(score if calibrated is None else calibrated)
    return found


def add_given(
    session: Session, result: UnitResult, given: Mapping[str, Decimal | None], now: datetime
) -> None:
    """Scores that neither unit nor inspector gives (8-1, 8-2): from the questionnaire and 公开评议."""
    for item_id, score in given.items():
        row = session.get(ItemScore, (result.child_id, item_id))
        if row is None:
            row = ItemScore(
                child_id=result.child_id, item_id=item_id, evidence=[], inspectors=[], scored_at=now
            )
            session.add(row)
        row.score = row.original = None if score is None else float(score)
    session.flush()


def settle(session: Session, checklist: Checklist, result: UnitResult, own: Rows | None = None) -> Total:
    """Computes the unit's total anew and writes it; the first total is kept."""
    scores = scores_of(session, result.child_id)
    found = total(checklist, scores, number(result.bonus) or Decimal(0), result.vetoes)
    if own is not None:
        result.self_total = float(rounded(normalised(checklist, self_scores(own)))) if own else None
    if result.first_total is None:
        result.first_total = float(found.score)
    result.total, result.grade = float(found.score), found.grade
    result.inflated = inflated(checklist, number(result.self_total), found.base)
    session.flush()
    return found


def rank(session: Session, checklist: Checklist, inspection_id: str) -> list[UnitResult]:
    """Ranks the units of an inspection and returns them, each ranking best first."""
    rows = {row.unit_code: row for row in results(session, inspection_id)}
    scored = {code: row for code, row in rows.items() if row.total is not None}
    known = [(code, row.unit_type, Decimal(str(row.total))) for code, row in scored.items()]
    places = ranked(checklist, known)
    for place in places:
        rows[place.unit_code].rank = place.rank
    session.flush()
    return [rows[place.unit_code] for place in places]


def placed(session: Session, inspection_id: str) -> list[UnitResult]:
    """Those that were ranked: best first within each ranking, equal ones by code."""
    rows = [row for row in results(session, inspection_id) if row.rank is not None]
    return sorted(rows, key=lambda row: (row.rank or 0, row.unit_code))


def results(session: Session, inspection_id: str) -> Sequence[UnitResult]:
    """All units of an inspection that have a result, by code."""
    query = select(UnitResult).where(UnitResult.inspection_id == inspection_id).order_by(UnitResult.unit_code)
    return session.scalars(query).all()
