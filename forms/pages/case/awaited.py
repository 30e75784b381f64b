"""等待事项: what a case waits for besides people: messages from outside, and its next timers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.instance.context import MessageType
from engine.instance.rearm import NEVER
from engine.store.tables import Job, Subscription
from engine.store.tables.job import READY


@dataclass(frozen=True)
class Awaited:
    """`messages` in Chinese words; `until` is when the case goes on by itself, None without a timer
    that runs."""

    messages: list[str]
    until: datetime | None

    def __bool__(self) -> bool:
        return bool(self.messages or self.until)


def awaited(session: Session, messages: Mapping[str, MessageType], instance_id: str) -> Awaited:
    """Read through the session's eyes: who may not see the case sees nothing waiting."""
    names = session.scalars(
        select(Subscription.message)
        .where(Subscription.instance_id == instance_id)
        .order_by(Subscription.created_at, Subscription.message)
    ).all()
    labels = [messages[name].label or name if name in messages else name for name in names]
    until = session.scalars(
        select(Job.due_at)
        .where(Job.instance_id == instance_id, Job.kind == "timer", Job.status == READY, Job.due_at < NEVER)
        .order_by(Job.due_at)
        .limit(1)
    ).first()
    return Awaited(list(dict.fromkeys(labels)), until)
