"""期限: the deadlines of a case with their colour, what moved them, and how they were counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.instance import Context
from engine.instance.leading import LIVE
from engine.store.tables import Deadline, DeadlineEvent
from forms.due import DueView, due_view
from forms.pages.case.clock import clock_command
from forms.proof.sheet import Sheet, sheet_of
from forms.services import services
from supervision.deadlines.proof import Proofs

MOVED = {"extend": "延期", "suspend": "中止", "resume": "恢复", "restart": "重新起算", "recompute": "重算"}


@dataclass(frozen=True)
class DeadlineLine:
    """`sheet` is the proof, None where it cannot be counted again; `command` is what the reader may do."""

    row: Deadline
    due: DueView
    sheet: Sheet | None
    moves: list[tuple[DeadlineEvent, str]]
    command: str


def deadlines_of(
    session: Session, context: Context, instance_id: str, reader: Actor, now: datetime
) -> list[DeadlineLine]:
    """Running ones first, then by due day. Cancelled ones are left out: nothing was owed any more."""
    rows = session.scalars(
        select(Deadline)
        .where(Deadline.instance_id == instance_id, Deadline.status != "cancelled")
        .order_by(Deadline.status.in_(LIVE).desc(), Deadline.due_at, Deadline.id)
    ).all()
    proofs = Proofs(session, context)
    return [_line(session, context, row, proofs, reader, now) for row in rows]


def _line(
    session: Session, context: Context, row: Deadline, proofs: Proofs, reader: Actor, now: datetime
) -> DeadlineLine:
    view = due_view(
        row, context.calendar(session), now,
        start_on=row.start_on, finished_at=row.finished_at, suspended=row.status == "suspended",
    )  # fmt: skip
    moves = session.scalars(
        select(DeadlineEvent)
        .where(DeadlineEvent.deadline_id == row.id, DeadlineEvent.kind.in_(MOVED))
        .order_by(DeadlineEvent.seq)
    )
    export = proofs.of(row)
    sheet = sheet_of(export, services().settings.clauses) if export else None
    said = [(move, MOVED[move.kind]) for move in moves]
    return DeadlineLine(row, view, sheet, said, clock_command(session, row, reader))
