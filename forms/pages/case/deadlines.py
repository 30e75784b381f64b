"""期限: the deadlines of a case with their colour, what moved them, and the proof day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.compute import compute
from engine.errors import EngineError
from engine.instance import Context
from engine.instance.rules_then import rule_then
from engine.store.tables import Deadline, DeadlineEvent
from forms.due import DueView, due_view

MOVED = {"extend": "延期", "suspend": "中止", "resume": "恢复", "restart": "重新起算", "recompute": "重算"}


@dataclass(frozen=True)
class DeadlineLine:
    """`proof` is what `Due.proof` explains, None where the rule is no longer on file."""

    row: Deadline
    due: DueView
    proof: Mapping[str, Any] | None
    moves: list[tuple[DeadlineEvent, str]]


def deadlines_of(session: Session, context: Context, instance_id: str, now: datetime) -> list[DeadlineLine]:
    """Running ones first, then by due day. Cancelled ones are left out: nothing was owed any more."""
    rows = session.scalars(
        select(Deadline)
        .where(Deadline.instance_id == instance_id, Deadline.status != "cancelled")
        .order_by((Deadline.status == "running").desc(), Deadline.due_at, Deadline.id)
    ).all()
    return [_line(session, context, row, now) for row in rows]


def _line(session: Session, context: Context, row: Deadline, now: datetime) -> DeadlineLine:
    view = due_view(
        row, context.calendar(session), now,
        start_on=row.start_on, finished_at=row.finished_at, suspended=row.status == "suspended",
    )  # fmt: skip
    moves = session.scalars(
        select(DeadlineEvent)
        .where(DeadlineEvent.deadline_id == row.id, DeadlineEvent.kind.in_(MOVED))
        .order_by(DeadlineEvent.seq)
    )
    return DeadlineLine(
        row, view, proof_of(session, context, row), [(move, MOVED[move.kind]) for move in moves]
    )


def proof_of(session: Session, context: Context, row: Deadline) -> Mapping[str, Any] | None:
    """Counts again from the start by the rules of then, on today's calendar."""
    try:
        rule = rule_then(session, context, row)
        due = compute(rule, context.calendar(session), row.start_on, extended_by=row.extended_by)
    except EngineError:
        return None  # rules no longer on file, or a start before the first year: the day stands, unproved
    return due.proof if due.due_on == row.due_on else None
