"""Writes the rows of new instances, and says what begins them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.instance.commands import Begin
from engine.instance.context import Context
from engine.instance.follow import Start, Work
from engine.store.base import table_of
from engine.store.detached import detached
from engine.store.prepared import Prepared
from engine.store.tables import Instance

_instances = table_of(Instance)
_NAMES = ("business_key", "title")
"""What `Context.on_start` may change."""
_add = Prepared.insert(_instances)
_rename = Prepared(
    update(_instances)
    .where(_instances.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in _NAMES})
)


def create(session: Session, context: Context, start: Start, *, actor: Actor, now: datetime) -> Work:
    """Writes the row of a new instance and returns the work that begins it."""
    return create_many(session, context, [start], actor=actor, now=now)[0]


def create_many(
    session: Session, context: Context, starts: Sequence[Start], *, actor: Actor, now: datetime
) -> list[Work]:
    """The same for several, whose rows are written together; in their order."""
    rows = [_row(session, context, start, actor, now) for start in starts]
    _add.many(session, rows)
    given = [dict(start.data) for start in starts]
    renamed = []
    if context.on_start:
        for row, data in zip(rows, given, strict=True):
            instance = detached(Instance, row)  # what is renamed is written with the others
            data.update(context.on_start(session, instance, data, now) or {})
            names = {name: getattr(instance, name) for name in _NAMES}
            if any(row[name] != value for name, value in names.items()):
                renamed.append({"of": instance.id, **names})
                row.update(names)
    _rename.many(session, renamed)
    return [
        Work(row["id"], Begin(data, start.start_event), read=row)
        for row, data, start in zip(rows, given, starts, strict=True)
    ]


def _row(session: Session, context: Context, start: Start, actor: Actor, now: datetime) -> dict[str, Any]:
    program = context.programs.get(session, start.definition_id)
    instance_id = uuid.uuid4().hex
    row = {
        "id": instance_id,
        "definition_id": start.definition_id,
        "process_id": start.process_id,
        "business_key": start.business_key or instance_id,
        "status": "active",
        "revision": 0,
        "started_at": now,
        "started_by": actor.login,
        "cause_id": start.cause_id,
        "cause_head": start.cause_head,
        "title": program.processes[start.process_id].name or start.process_id,
    }
    return _add.whole(row)
