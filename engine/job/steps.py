"""The engine's own jobs: timers, service tasks put off, signals for many, messages kept, fan-outs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.errors import StepFailed
from engine.instance import fan_in, fan_out, kept
from engine.instance.advance import Due, Moved, Start, Work, advance, carry
from engine.instance.commands import FireTimer, ServeTask
from engine.instance.context import Context
from engine.instance.fan_join import join
from engine.instance.stored import loaded
from engine.store.jobs import put_job
from engine.store.tables import Job

Step = Callable[[Session, Context, Job, datetime], str]
"""Returns the id of the incident when it failed, else ''."""


def do_step(session: Session, context: Context, job: Job, now: datetime) -> str:
    """Does one of `STEPS`; returns the id of the incident when it failed, else ''."""
    return STEPS[job.kind](session, context, job, now)


def _fire(session: Session, context: Context, job: Job, now: datetime) -> str:
    command = FireTimer(job.payload["task_id"], job.payload["shard"])
    return _advance(session, context, Work(_instance(job), command), now)


def _serve(session: Session, context: Context, job: Job, now: datetime) -> str:
    return _advance(session, context, Work(_instance(job), ServeTask(**job.payload)), now)


def _act(session: Session, context: Context, job: Job, now: datetime) -> str:
    act, actor = loaded(job.payload["act"])
    due: Due = act if isinstance(act, Start) else Work(_instance(job), act)  # type: ignore[arg-type]
    moved = Moved()
    carry(session, context, [due], moved, actor=actor, now=now)
    return moved.failed[0] if moved.failed and not moved.instances else ""


def _expire(session: Session, context: Context, job: Job, now: datetime) -> str:
    kept.expire(session, job.payload["message"], now)
    return ""


def _kept(session: Session, context: Context, job: Job, now: datetime) -> str:
    """One job for each message: what one of them does cannot stop the others."""
    for message_id in kept.awaiting_start(session, job.payload["definition"], now):
        put_job(session, f"resend:{message_id}", "resend", {"message": message_id}, now, now)
    return ""


def _resend(session: Session, context: Context, job: Job, now: datetime) -> str:
    if post := kept.resend(session, job.payload["message"], now):
        carry(session, context, [post], Moved(), actor=SYSTEM_ACTOR, now=now)
    return ""


def _fan_out(session: Session, context: Context, job: Job, now: datetime) -> str:
    fan_out.start_some(session, context, job.payload["fan_out"], now)
    return ""


def _fan_in(session: Session, context: Context, job: Job, now: datetime) -> str:
    return join(session, context, job.payload["fan_out"], now)


def _advance(session: Session, context: Context, work: Work, now: datetime) -> str:
    try:
        advance(session, context, work, actor=SYSTEM_ACTOR, now=now)
    except StepFailed as failure:
        return failure.incident_id
    return ""


def _instance(job: Job) -> str:
    assert job.instance_id is not None  # such jobs always belong to an instance
    return job.instance_id


STEPS: dict[str, Step] = {
    "timer": _fire,
    "service": _serve,
    "act": _act,
    "expire": _expire,
    "kept": _kept,
    "resend": _resend,
    fan_out.KIND: _fan_out,
    fan_in.KIND: _fan_in,
}
