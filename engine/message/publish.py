"""Publishes a message: exactly one receiver gets it, or it is kept until one waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.instance import route
from engine.instance.advance import Moved, Start, carry
from engine.instance.context import Context
from engine.instance.follow import Post


@dataclass(frozen=True)
class Delivered:
    """`how` is delivered, started or kept; `instance_id` the receiver, if any."""

    how: str
    instance_id: str | None = None
    failed: bool = False
    """Whether the receiver has it but could not go on with it: an incident holds it."""


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
    """Sends a message from outside. What the receiver makes of it is not the sender's concern.

    Raises:
        NotFound: the message is not declared.
        Ambiguous: several receivers would take it; nothing is written.
    """
    post = Post(name, correlation, payload, actor=actor.login)
    dues = route.settle(session, context, post, now)
    moved = Moved()
    carry(session, context, dues, moved, actor=actor, now=now)
    failed = bool(moved.failed)
    for due in dues:
        if isinstance(due, Start):
            return Delivered("started", moved.started[0], failed)
        return Delivered("delivered", due.instance_id, failed)
    return Delivered("kept")
