"""Broadcasts a signal: everybody who waits for it at this moment gets it, and nobody later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.instance import signals
from engine.instance.advance import Moved, Work, carry
from engine.instance.context import Context
from engine.instance.follow import Signal


@dataclass(frozen=True)
class Broadcast:
    """Whom a signal reached. `later`: so many receivers that each is reached by a job of its own."""

    reached: Sequence[str] = ()
    """Ids of instances that waited for it."""
    started: Sequence[str] = ()
    later: int = 0


def broadcast(
    session: Session,
    context: Context,
    name: str,
    payload: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> Broadcast:
    """Sends a signal from outside. A receiver that cannot go on with it has an incident, the others do."""
    found = signals.receivers(session, Signal(name, payload), now)
    dues, moved = signals.at_once(session, found, now), Moved()
    if not dues:
        return Broadcast(later=len(found))
    carry(session, context, dues, moved, actor=actor, now=now)
    waited = dict.fromkeys(due.instance_id for due in dues if isinstance(due, Work))
    return Broadcast(list(waited), moved.started[: sum(1 for due in dues if not isinstance(due, Work))])
