"""Tells a parent, once, that all its children have reported."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.instance import fan_in
from engine.instance.advance import Moved, carry
from engine.instance.context import Context
from engine.instance.follow import Post


def join(session: Session, context: Context, fan_out_id: str, now: datetime) -> str:
    """Sends the message, unless the parent went on already or somebody was added meanwhile.

    Returns the id of the incident when the parent could not go on with it, else ''.
    """
    fan = fan_in.lock(session, fan_out_id)
    if fan.joined_at or fan.closed_at or fan.reported + fan.dropped < fan.total:
        return ""
    fan.joined_at = now
    session.flush()
    counts = {"total": fan.total, "reported": fan.reported}
    post = Post(fan.joined_by, fan.correlation, counts, fan.instance_id, fan.element_id, SYSTEM_ACTOR.login)
    moved = Moved()
    carry(session, context, [post], moved, actor=SYSTEM_ACTOR, now=now)
    return moved.failed[0] if moved.failed and not moved.instances else ""
