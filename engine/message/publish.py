"""Publishes a message: exactly one receiver gets it, or it is kept until one waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.instance.advance import Work, advance, create
from engine.instance.context import Context
from engine.instance.route import Start, find


@dataclass(frozen=True)
class Delivered:
    """`how` is delivered, started or kept; `instance_id` the receiver, if any."""

    how: str
    instance_id: str | None = None


def publish(
    session: Session,
    context: Context,
    name: str,
    payload: Mapping[str, Any],
    *,
    correlation: str,
    actor: Actor,
    now: datetime,
) -> Delivered:
    """Raises NotFound when the message is not declared, StepFailed as `advance`."""
    follow = find(session, context, name, correlation, payload, sender_id=None, actor=actor.login, now=now)
    if follow is None:
        return Delivered("kept")
    if isinstance(follow, Start):
        work = create(session, context, follow, actor=actor, now=now)
        advance(session, context, work, actor=actor, now=now)
        return Delivered("started", work.instance_id)
    advance(session, context, Work(follow.instance_id, follow.command), actor=actor, now=now)
    return Delivered("delivered", follow.instance_id)
