"""The events of a deadline: everything that began, moved or ended it, numbered, never rewritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.instance.course import Event
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import DeadlineEvent

_events = table_of(DeadlineEvent)
_last = Prepared(select(func.max(_events.c.seq)).where(_events.c.deadline_id == bindparam("of")))
_add = Prepared.insert(_events)


def note(
    session: Session, deadline_id: str, kind: str, at: datetime, actor: Actor, detail: Mapping[str, Any]
) -> None:
    """Writes the next event of a deadline."""
    ((last,),) = _last.rows(session, of=deadline_id)
    _write(session, deadline_id, (last or 0) + 1, kind, at, actor, detail)


def note_start(
    session: Session, deadline_id: str, at: datetime, actor: Actor, detail: Mapping[str, Any]
) -> None:
    """Writes the first event of a deadline that has just been written."""
    _write(session, deadline_id, 1, "start", at, actor, detail)


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
    _add.many(session, rows)


def _write(
    session: Session,
    deadline_id: str,
    seq: int,
    kind: str,
    at: datetime,
    actor: Actor,
    detail: Mapping[str, Any],
) -> None:
    row = {"deadline_id": deadline_id, "seq": seq, "kind": kind, "at": at, "actor": actor.login}
    _add.send(session, **row, detail=dict(detail))
