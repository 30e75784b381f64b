"""取消本年检查: only the head of 领导小组 cancels an annual inspection. Source: DOMAIN P1 (end_cancelled)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import NotAllowed
from engine.instance.context import GuardCall

CANCELLED = "取消本年检查"


def only_the_head_cancels(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Raises NotAllowed for anybody else who approves plans."""
    if call.act == "complete" and call.data.get("lsg_approve") == CANCELLED and not actor.has("LSG_HEAD"):
        raise NotAllowed("取消本年检查只能由领导小组组长决定：请退回，或请组长办理")
