"""Tries again what failed: the same command in the name of who gave it, or the job."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Conflict, NotFound, StepFailed
from engine.incident.find import overtaken
from engine.incident.take import close, take, tell
from engine.instance.advance import Due, Moved, Work, carry
from engine.instance.commands import Command
from engine.instance.context import Context
from engine.instance.follow import Awaited, Post, Signal, Start
from engine.instance.stored import loaded
from engine.store.tables import Incident, Job


@dataclass(frozen=True)
class Retried:
    """`failed`: the incident that it ended in again. `queued`: a job will try it in a moment."""

    incident: Incident
    failed: Incident | None = None
    queued: bool = False


def retry(
    session: Session, context: Context, incident_id: str, *, reason: str, actor: Actor, now: datetime
) -> Retried:
    """Closes the incident and repeats what failed; what fails again is an incident of its own.

    Raises:
        NotAllowed, NotFound, InvalidData, Conflict: see `take`; or nothing is left to be repeated.
    """
    incident = take(session, context, incident_id, reason=reason, actor=actor)
    job = session.get(Job, incident.job_id) if incident.job_id else None
    if not incident.command and job is None:
        raise Conflict("这项异常没有可以重复的操作：请重新办理原来的任务，再关闭异常")
    if done := overtaken(session, incident):
        raise Conflict(f"“{done.name}”之后已由 {done.completed_by or '系统'} 了结，不用再重试：请关闭异常")
    close(session, incident, "retried", reason=reason, actor=actor, now=now)
    tell(session, incident, "retried", reason=reason, actor=actor, now=now)
    if not incident.command and job is not None:
        _queue(job, now)
        return Retried(incident, queued=True)
    if job is not None:
        job.status, job.done_at = "done", now
    return Retried(incident, _again(session, context, incident, now))


def _again(session: Session, context: Context, incident: Incident, now: datetime) -> Incident | None:
    act, actor = loaded(incident.command)
    due: Due = act if isinstance(act, Post | Signal | Awaited | Start) else _work(incident, act)
    moved = Moved()
    try:
        carry(session, context, [due], moved, actor=actor, now=now)
    except NotFound as gone:
        raise Conflict("流程已不在出错的位置，没有什么可重试：请关闭异常") from gone
    return session.get_one(Incident, moved.failed[0]) if moved.failed else None


def _work(incident: Incident, act: Command) -> Work:
    if not incident.instance_id:
        raise StepFailed("", "异常没有对应的流程实例")
    return Work(incident.instance_id, act)


def _queue(job: Job, now: datetime) -> None:
    """Back in line with fresh attempts."""
    job.status, job.attempts, job.due_at = "ready", 0, now
    job.lease_owner, job.lease_until = None, None
