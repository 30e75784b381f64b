"""Runs one leased job: timers through `advance`, other kinds through the runner given for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.errors import NotFound
from engine.instance.advance import Work, advance
from engine.instance.commands import FireTimer
from engine.instance.context import Context
from engine.store.base import table_of
from engine.store.tables import Job

_jobs = table_of(Job)
Runner = Callable[[Session, Job, datetime], None]
"""Does a job of one kind in the given session; raises to have it tried again."""


def run(
    session: Session, context: Context, job_id: str, *, owner: str, now: datetime,
    runners: Mapping[str, Runner],
) -> bool:  # fmt: skip
    """False when the lease was lost meanwhile. The caller commits."""
    job = session.scalars(
        select(Job).where(Job.id == job_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if job is None or job.status != "ready" or job.lease_owner != owner:
        return False
    if job.kind == "timer":
        _fire(session, context, job, now)
    elif job.kind in runners:
        runners[job.kind](session, job, now)
    else:
        raise NotFound(f"Expected a runner for jobs of kind {job.kind!r}, but there is none")
    return finish(session, job_id, owner=owner, now=now)


def finish(session: Session, job_id: str, *, owner: str, now: datetime) -> bool:
    """Marks a leased job done; false when the lease was lost meanwhile. The caller commits."""
    marked = session.execute(
        update(_jobs)
        .where(_jobs.c.id == job_id, _jobs.c.lease_owner == owner, _jobs.c.status.in_(("ready", "done")))
        .values(status="done", lease_owner=None, lease_until=None, done_at=now)
    )
    return bool(marked.rowcount == 1)  # type: ignore[attr-defined]


def _fire(session: Session, context: Context, job: Job, now: datetime) -> None:
    command = FireTimer(job.payload["task_id"], job.payload["shard"])
    assert job.instance_id is not None  # timers always belong to an instance
    advance(session, context, Work(job.instance_id, command), actor=SYSTEM_ACTOR, now=now)
