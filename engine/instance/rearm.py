"""The timer that ends a period is armed for the row's instant; most deadlines have none."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.instance.commands import Rearm
from engine.instance.follow import Work
from engine.store.tables import Deadline, Job
from engine.store.tables.job import READY

NEVER = datetime(9000, 1, 1, tzinfo=UTC)
"""What the timer of a suspended period is armed for: it waits like any other, and nothing fires it."""


def rearming(session: Session, row: Deadline) -> list[Work]:
    """What is to be done so that the row's timer fires at its instant; empty where it has none."""
    due_at = NEVER if row.status == "suspended" else row.due_at
    waiting = session.execute(
        select(Job.payload).where(
            Job.instance_id == row.instance_id, Job.kind == "timer", Job.status == READY
        )
    ).scalars()
    return [
        Work(row.instance_id, Rearm(row.scope_task_id, payload["shard"], due_at))
        for payload in waiting.all()
        if payload["task_id"] == row.scope_task_id
    ]
