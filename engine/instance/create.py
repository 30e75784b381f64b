"""Writes the rows of new instances, and says what begins them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.instance.commands import Begin
from engine.instance.context import Context
from engine.instance.follow import Start, Work
from engine.store.tables import Instance


def create(session: Session, context: Context, start: Start, *, actor: Actor, now: datetime) -> Work:
    """Writes the row of a new instance and returns the work that begins it."""
    return create_many(session, context, [start], actor=actor, now=now)[0]


def create_many(
    session: Session, context: Context, starts: Sequence[Start], *, actor: Actor, now: datetime
) -> list[Work]:
    """The same for several, whose rows are written together; in their order."""
    instances = [_instance(session, context, start, actor, now) for start in starts]
    session.add_all(instances)
    session.flush()
    given = [dict(start.data) for start in starts]
    if context.on_start:
        for instance, data in zip(instances, given, strict=True):
            data.update(context.on_start(session, instance, data, now) or {})
        session.flush()
    return [
        Work(instance.id, Begin(data, start.start_event))
        for instance, data, start in zip(instances, given, starts, strict=True)
    ]


def _instance(session: Session, context: Context, start: Start, actor: Actor, now: datetime) -> Instance:
    program = context.programs.get(session, start.definition_id)
    instance_id = uuid.uuid4().hex
    return Instance(
        id=instance_id,
        definition_id=start.definition_id,
        process_id=start.process_id,
        business_key=start.business_key or instance_id,
        status="active",
        revision=0,
        started_at=now,
        started_by=actor.login,
        cause_id=start.cause_id,
        cause_head=start.cause_head,
        title=program.processes[start.process_id].name or start.process_id,
    )
