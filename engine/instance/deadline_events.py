"""The events of a deadline: everything that began, moved or ended it, numbered, never rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.instance.course import Event
from engine.store.base import table_of
from engine.store.tables import DeadlineEvent

_events = table_of(DeadlineEvent)


def note(
    session: Session, deadline_id: str, kind: str, at: datetime, actor: Actor, detail: Mapping[str, Any]
) -> None:
    """Writes the next event of a deadline."""
    last = session.scalar(select(func.max(_events.c.seq)).where(_events.c.deadline_id == deadline_id)) or 0
    row = {"deadline_id": deadline_id, "seq": last + 1, "kind": kind, "at": at, "actor": actor.login}
    session.execute(insert(_events).values(row | {"detail": dict(detail)}))


def take_over(session: Session, deadline_id: str, events: Iterable[Event]) -> None:
    """Writes the events of an earlier row again as those of a row that has just begun (`seq` 1)."""
    rows = [
        {
            "deadline_id": deadline_id,
            "seq": seq,
            "kind": event.kind,
            "at": event.at,
            "actor": event.actor,
            "detail": {**event.detail, "taken_from": event.deadline_id},
        }
        for seq, event in enumerate(events, 2)
    ]
    if rows:
        session.execute(insert(_events), rows)
