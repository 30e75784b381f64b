"""到期督办: puts a job for each deadline that the ladder must look at; the job climbs it.

Only rows whose `watch_at` has come are read, so the look costs what is due, not what waits. The row is handed
to its job in the same transaction: killed in between, nothing is lost, and nothing is done twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

import engine.job
from engine.instance import Context
from engine.store.base import table_of
from engine.store.tables import Deadline, Job
from supervision.escalation.climb import climb

KIND = "ladder"
MOST = 1000
"""Deadlines handed over in one look; the next look takes the rest."""
AFTER_TIMERS = timedelta(seconds=1)
"""What a timer of the diagram ends at the end of its period is not late: such timers come first."""
_deadlines = table_of(Deadline)


def remind(session: Session, now: datetime) -> int:
    """Hands what is due to jobs; returns how many. The caller commits."""
    due = session.execute(
        select(_deadlines.c.id)
        .where(_deadlines.c.watch_at <= now, _deadlines.c.status != "suspended")
        .order_by(_deadlines.c.watch_at)
        .limit(MOST)
    )
    ids = list(due.scalars())
    for deadline_id in ids:
        engine.job.put(
            session, f"{KIND}:{deadline_id}:{now.isoformat()}", kind=KIND, queue="engine",
            payload={"deadline": deadline_id}, due_at=now + AFTER_TIMERS, now=now,
        )  # fmt: skip
    session.execute(update(_deadlines).where(_deadlines.c.id.in_(ids)).values(watch_at=None))
    return len(ids)


def climber(context: Context) -> engine.job.Runner:
    """The runner of those jobs."""

    def run(session: Session, job: Job, now: datetime) -> None:
        climb(session, context, job.payload["deadline"], now)

    return run
