"""Which units answer for a late deadline: who had its tasks when it ended, and has them still."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import Deadline, Task
from supervision.organisation.table import Unit
from supervision.organisation.units import SUPERVISED, find_unit

Turn = tuple[str, datetime, datetime | None]
"""Code of a unit, since when it had a task, and until when; None when it has it still."""


def answerable(session: Session, row: Deadline, at: datetime) -> Sequence[Unit]:
    """Units that held a task of the deadline when it ended and at `at`, in alphabetical order of their codes.

    A unit that got its task after the end is late with nothing of its own; one that handed its work in has
    done its part, and what is left is the supervising body's own.
    """
    turns = _turns(session, row)
    codes = _holding(turns, row.due_at) & _holding(turns, at)
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


def _turns(session: Session, row: Deadline) -> list[Turn]:
    """Of every unit that ever had a task of the deadline."""
    had = select(Task.unit_code, Task.created_at, Task.ended_at).where(
        Task.instance_id == row.instance_id, Task.deadline_id == row.id, Task.unit_code.is_not(None)
    )
    return [(code, begun, ended) for code, begun, ended in session.execute(had) if code]


def _holding(turns: Sequence[Turn], at: datetime) -> set[str]:
    return {code for code, begun, ended in turns if begun <= at and (ended is None or ended >= at)}
