"""Runs one leased job: the engine's own kinds through `advance`, others through the runner given for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy import bindparam, null, or_, select, update
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.instance.context import Context
from engine.instance.step import lock_instance
from engine.job.steps import STEPS, do_step
from engine.store.base import table_of, word
from engine.store.prepared import Prepared
from engine.store.tables import Incident, Job

_jobs = table_of(Job)
_of = Prepared(select(_jobs.c.instance_id).where(_jobs.c.id == bindparam("of")))
_done = Prepared(
    update(_jobs)
    .where(
        _jobs.c.id == bindparam("of"),
        _jobs.c.lease_owner == bindparam("owner"),
        or_(_jobs.c.status == word("ready"), _jobs.c.status == word("done")),
    )
    .values(
        status=word("done"), lease_owner=null(), lease_until=null(),
        done_at=bindparam("now", type_=_jobs.c.done_at.type),
    )
)  # fmt: skip
Runner = Callable[[Session, Job, datetime], None]
"""Does a job of one kind in the given session; raises to have it tried again."""


def run(
    session: Session, context: Context, job_id: str, *, owner: str, now: datetime,
    runners: Mapping[str, Runner],
) -> bool:  # fmt: skip
    """False when the lease was lost meanwhile. The caller commits.

    The instance is locked before the job, as every step does: two that lock the other way round wait for
    each other.
    """
    of = _of.row(session, of=job_id)
    if of and of[0]:
        lock_instance(session, of[0])
    job = session.scalars(
        select(Job).where(Job.id == job_id).with_for_update().execution_options(populate_existing=True)
    ).first()
    if job is None or job.status != "ready" or job.lease_owner != owner:
        return False
    if job.kind in runners:
        runners[job.kind](session, job, now)
    elif job.kind not in STEPS:
        raise NotFound(f"Expected a runner for jobs of kind {job.kind!r}, but there is none")
    elif failed := do_step(session, context, job, now):
        return park(session, job, failed)
    return finish(session, job_id, owner=owner, now=now)


def park(session: Session, job: Job, incident_id: str) -> bool:
    """The step failed, and will each time: its incident is written, and knows the job from now on."""
    job.status, job.lease_owner, job.lease_until = "incident", None, None
    session.get_one(Incident, incident_id).job_id = job.id
    session.flush()
    return True


def finish(session: Session, job_id: str, *, owner: str, now: datetime) -> bool:
    """Marks a leased job done; false when the lease was lost meanwhile. The caller commits."""
    return _done.change(session, of=job_id, owner=owner, now=now) == 1
