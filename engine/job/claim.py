"""Leases one due job; the attempt is counted before it runs, so a job that kills its worker stops too."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, insert, or_, select, update
from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.tables import Incident, Job
from engine.store.tables.job import READY

_jobs = table_of(Job)
MAX_ATTEMPTS = 4
LEASE_S = 60
BACKOFF_S = (5, 60, 600)
"""Waits before the second, third and fourth attempt."""


def claim(
    session: Session, queue: str, *, owner: str, now: datetime, without: Collection[str] = ()
) -> Job | None:
    """The due job that waited longest, leased to `owner`, or None. Commit before running it.

    Jobs of the kinds `without` are left alone. What killed a worker at each of its tries is parked instead.
    """
    due = _due(queue, now, without)
    while (job_id := session.execute(due).scalar()) is not None:
        job = session.get_one(Job, job_id, populate_existing=True)
        if job.attempts < MAX_ATTEMPTS:
            job.lease_owner, job.lease_until = owner, now + timedelta(seconds=LEASE_S)
            job.attempts += 1
            session.flush()
            return job
        _park(session, job, "每次尝试都使工作进程中止", now)
        session.flush()
    return None


def _due(queue: str, now: datetime, without: Collection[str]) -> Select[tuple[str]]:
    """Walks the small index of waiting jobs from its oldest: what is not due yet costs nothing."""
    free = or_(_jobs.c.lease_until.is_(None), _jobs.c.lease_until <= now)
    due = (
        select(_jobs.c.id)
        .where(_jobs.c.queue == queue, _jobs.c.status == READY, _jobs.c.due_at <= now, free)
        .order_by(_jobs.c.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return due.where(_jobs.c.kind.not_in(sorted(without))) if without else due


def fail(
    session: Session,
    job_id: str,
    error: str,
    *,
    owner: str,
    now: datetime,
    element_id: str = "",
    final: bool = False,
) -> bool:
    """Gives a failed job back with a wait, or parks it as an incident; true when it was parked.

    `final` parks at once: an element that fails the same way every time needs a person, not patience.
    """
    job = session.get_one(Job, job_id, populate_existing=True, with_for_update=True)
    if job.lease_owner != owner or job.status != "ready":
        return False
    job.lease_owner, job.lease_until, job.last_error = None, None, error[:500]
    if final or job.attempts >= MAX_ATTEMPTS:
        _park(session, job, error, now, element_id)
        return True
    job.due_at = now + timedelta(seconds=BACKOFF_S[min(job.attempts, len(BACKOFF_S)) - 1])
    return False


def release(session: Session, job_id: str, *, owner: str) -> None:
    """Gives a leased job back untouched, e.g. when its timer turned out to be early."""
    session.execute(
        update(_jobs)
        .where(_jobs.c.id == job_id, _jobs.c.lease_owner == owner)
        .values(lease_owner=None, lease_until=None, attempts=_jobs.c.attempts - 1)
    )


def _park(session: Session, job: Job, error: str, now: datetime, element_id: str = "") -> None:
    job.status = "incident"
    session.execute(
        insert(table_of(Incident)).values(
            id=uuid.uuid4().hex,
            instance_id=job.instance_id,
            job_id=job.id,
            element_id=element_id,
            message=error[:500],
            data={"kind": job.kind, "key": job.key},
            status="open",
            since=now,
        )
    )
