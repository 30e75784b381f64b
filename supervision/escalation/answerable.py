"""Which units answer for a late deadline: who had its tasks when it ended, and has them still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.store.tables import Deadline, Task
from supervision.organisation.table import Unit
from supervision.organisation.units import SUPERVISED, find_unit


def answerable(session: Session, row: Deadline, at: datetime) -> Sequence[Unit]:
    """Units that held a task of the deadline when it ended and at `at`, in alphabetical order of their codes.

    A unit that got its task after the end is late with nothing of its own; one that handed its work in has
    done its part, and what is left is the supervising body's own.
    """
    codes = _holding(session, row, row.due_at) & _holding(session, row, at)
    return [unit for code in sorted(codes) if (unit := find_unit(session, code)) is not None]


def carded(unit: Unit) -> bool:
    """Whether lateness is more than a light for it. Source: DOMAIN 7.4, finding 2 (`invited` units)."""
    return unit.unit_type in SUPERVISED and unit.self_check_duty != "invited"


def open_tasks(session: Session, row: Deadline) -> Sequence[Task]:
    """The tasks that wait under this deadline."""
    return session.scalars(
        select(Task)
        .where(Task.instance_id == row.instance_id, Task.deadline_id == row.id, Task.status == "open")
        .order_by(Task.created_at, Task.id)
    ).all()


def _holding(session: Session, row: Deadline, at: datetime) -> set[str]:
    return {
        code
        for code in session.scalars(
            select(Task.unit_code).where(
                Task.instance_id == row.instance_id,
                Task.deadline_id == row.id,
                Task.unit_code.is_not(None),
                Task.created_at <= at,
                or_(Task.ended_at.is_(None), Task.ended_at >= at),
            )
        )
        if code
    }
