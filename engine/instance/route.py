"""Finds where a message goes: a token that waits for it, a process it starts, or the shelf."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from engine.definition.find import starting_with
from engine.errors import NotFound
from engine.history.append import head
from engine.instance.commands import DeliverMessage
from engine.store.base import table_of
from engine.store.tables import KeptMessage, Subscription

if TYPE_CHECKING:
    from engine.instance.context import Context
    from engine.instance.step import Recorded, Step

_kept, _subscriptions = table_of(KeptMessage), table_of(Subscription)


@dataclass(frozen=True)
class Start:
    """A new instance to begin."""

    definition_id: str
    process_id: str
    data: Mapping[str, Any] = field(default_factory=dict)
    start_event: str | None = None
    business_key: str | None = None
    cause_id: str | None = None
    cause_head: str = ""


@dataclass(frozen=True)
class Deliver:
    """A message for a token of an instance."""

    instance_id: str
    command: DeliverMessage


def follow_up(
    session: Session, context: Context, step: Step, recorded: Recorded, now: datetime
) -> list[Start | Deliver]:
    """What the messages thrown in `step`, and those kept for its new subscriptions, make happen next."""
    follows: list[Start | Deliver] = []
    for thrown in step.execution.thrown:
        correlation = thrown.correlation or step.instance.business_key
        follow = find(
            session, context, thrown.message, correlation, thrown.payload,
            sender_id=step.instance.id, actor=step.actor.login, now=now,
        )  # fmt: skip
        if follow:
            follows.append(follow)
    for message, correlation in recorded.subscribed:
        if kept := _take_kept(session, message, correlation, step.instance.id, now):
            follows.append(kept)
    return follows


def find(
    session: Session,
    context: Context,
    name: str,
    correlation: str,
    payload: Mapping[str, Any],
    *,
    sender_id: str | None,
    actor: str,
    now: datetime,
) -> Start | Deliver | None:
    """The receiver of a message; without one it is kept and None is returned.

    Raises:
        NotFound: the message is not declared.
    """
    declared = context.messages.get(name)
    if declared is None:
        raise NotFound(f"Expected a declared message, but {name!r} is not in messages.toml")
    waiting = session.execute(
        select(_subscriptions)
        .where(_subscriptions.c.message == name, _subscriptions.c.correlation == correlation)
        .order_by(_subscriptions.c.created_at)
        .limit(1)
    ).first()
    if waiting:
        return Deliver(
            waiting.instance_id, DeliverMessage(waiting.task_id, waiting.shard, name, dict(payload))
        )
    starts = starting_with(session, name, now)
    if starts:
        definition, process_id, start_event = starts
        cause_head = head(session, sender_id) if sender_id else ""
        return Start(definition.id, process_id, dict(payload), start_event, None, sender_id, cause_head)
    session.execute(
        insert(_kept).values(
            id=uuid.uuid4().hex,
            name=name,
            correlation=correlation,
            payload=dict(payload),
            status="kept",
            sender_id=sender_id,
            received_at=now,
            expires_at=now + timedelta(days=declared.keep_days) if declared.keep_days else None,
            actor=actor,
        )
    )
    return None


def _take_kept(
    session: Session, name: str, correlation: str, instance_id: str, now: datetime
) -> Deliver | None:
    kept = session.execute(
        select(_kept.c.id, _kept.c.payload)
        .where(
            _kept.c.name == name,
            _kept.c.correlation == correlation,
            _kept.c.status == "kept",
            or_(_kept.c.expires_at.is_(None), _kept.c.expires_at > now),
        )
        .order_by(_kept.c.received_at)
        .limit(1)
    ).first()
    waiting = session.execute(
        select(_subscriptions.c.task_id, _subscriptions.c.shard).where(
            _subscriptions.c.message == name,
            _subscriptions.c.correlation == correlation,
            _subscriptions.c.instance_id == instance_id,
        )
    ).first()
    if kept is None or waiting is None:
        return None
    session.execute(
        update(_kept).where(_kept.c.id == kept.id).values(status="delivered", delivered_to=instance_id)
    )
    return Deliver(instance_id, DeliverMessage(waiting.task_id, waiting.shard, name, kept.payload))
