"""Leases one due job; the attempt is counted before it runs, so a job that kills its worker stops too."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import bindparam, insert, literal_column, or_, select, update
from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.detached import detached
from engine.store.prepared import Prepared
from engine.store.tables import Incident, Job
from engine.store.tables.job import READY

_jobs = table_of(Job)
MAX_ATTEMPTS = 4
LEASE_S = 60
BACKOFF_S = (5, 60, 600)
"""Waits before the second, third and fourth attempt."""
_SEEN = ("id", "key", "kind", "queue", "instance_id", "payload", "due_at", "attempts", "created_at")
_moment = bindparam("now", type_=_jobs.c.due_at.type)
_DUE = (
    select(*(_jobs.c[name] for name in _SEEN))
    .where(
        _jobs.c.queue == bindparam("of"),
        _jobs.c.status == READY,
        _jobs.c.due_at <= _moment,
        or_(_jobs.c.lease_until.is_(None), _jobs.c.lease_until <= _moment),
    )
    .order_by(_jobs.c.due_at)
    .limit(literal_column("1"))
    .with_for_update(skip_locked=True)
)
_first = Prepared(_DUE)
_lease = Prepared(
    update(_jobs)
    .where(_jobs.c.id == bindparam("of"))
    .values(
        lease_owner=bindparam("owner"),
        lease_until=bindparam("until", type_=_jobs.c.lease_until.type),
        attempts=bindparam("attempts"),
    )
)


def claim(
    session: Session, queue: str, *, owner: str, now: datetime, without: Collection[str] = ()
) -> Job | None:
    """The due job that waited longest, leased to `owner`, or None. Commit before running it.

    Jobs of the kinds `without` are left alone. What killed a worker at each of its tries is parked instead.
    """
    while (job := _next(session, queue, now, without)) is not None:
        if job.attempts < MAX_ATTEMPTS:
            job.lease_owner, job.lease_until = owner, now + timedelta(seconds=LEASE_S)
            job.attempts += 1
            _lease.change(session, of=job.id, owner=owner, until=job.lease_until, attempts=job.attempts)
            return job
        parked = session.get_one(Job, job.id, populate_existing=True)
        _park(session, parked, "每次尝试都使工作进程中止", now)
        session.flush()
    return None


def _next(session: Session, queue: str, now: datetime, without: Collection[str]) -> Job | None:
    """Walks the small index of waiting jobs from its oldest: what is not due yet costs nothing.

    What is returned is a copy that belongs to no session.
    """
    if without:
        left = _DUE.where(_jobs.c.kind.not_in(sorted(without)))
        found = session.execute(left, {"of": queue, "now": now}).first()
        row = tuple(found) if found else None
    else:
        row = _first.row(session, of=queue, now=now)
    return detached(Job, dict(zip(_SEEN, row, strict=True))) if row else None


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
