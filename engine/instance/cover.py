"""Which deadline a task shows: the nearest that runs over it, else one that is suspended over it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engine.instance.state import Shards
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Deadline, StateShard, Task
from engine.store.tables.task import OPEN

_deadlines, _tasks, _shards = table_of(Deadline), table_of(Task), table_of(StateShard)
_in_instance = Prepared(
    select(
        _deadlines.c.id, _deadlines.c.scope_task_id, _deadlines.c.status, _deadlines.c.due_on,
        _deadlines.c.due_at, _deadlines.c.amber_on,
    )
    .where(_deadlines.c.instance_id == bindparam("of"))
    .order_by(_deadlines.c.status, _deadlines.c.due_at)  # "running" stands before "suspended"
)  # fmt: skip

UNDUE: dict[str, Any] = {"due_on": None, "due_at": None, "amber_on": None, "deadline_id": None}
"""The columns of a task over which no deadline runs."""


def covering(session: Session, instance_id: str, scopes: Iterable[str]) -> dict[str, Any]:
    """The columns of a task over which deadlines run on these tokens; all None where none does.

    Under a suspended deadline there is a `deadline_id` and no day: nothing warns, and lists show 灰.
    """
    tokens = set(scopes)
    rows = _over(session, instance_id)
    return _columns(next((row for row in rows if row.scope_task_id in tokens), None))


def cover_again(session: Session, instance_id: str) -> None:
    """Gives every open task of an instance the days of what is nearest now, after a deadline was moved."""
    rows = _over(session, instance_id)
    shards = session.execute(
        select(_shards.c.shard, _shards.c.parent).where(_shards.c.instance_id == instance_id)
    ).all()
    nesting = Shards({}, {key: parent for key, parent in shards})
    tasks = session.execute(
        select(_tasks).where(_tasks.c.instance_id == instance_id, _tasks.c.status == OPEN)
    )
    for task in tasks.all():
        over = {task.id, *nesting.chain(task.shard), instance_id}
        columns = _columns(next((row for row in rows if row.scope_task_id in over), None))
        if any(getattr(task, name) != value for name, value in columns.items()):
            session.execute(update(Task).where(Task.id == task.id).values(columns))


class _Nearest(NamedTuple):
    """What a task shows of a deadline over it."""

    id: str
    scope_task_id: str
    status: str
    due_on: date
    due_at: datetime
    amber_on: date | None


def _over(session: Session, instance_id: str) -> list[_Nearest]:
    """The deadlines that last, nearest first. Which do is not asked of the database: it would look through
    all that run anywhere instead of the few of this instance.
    """
    rows = [_Nearest(*row) for row in _in_instance.rows(session, of=instance_id)]
    return [row for row in rows if row.status in ("running", "suspended")]


def _columns(row: _Nearest | None) -> dict[str, Any]:
    if row is None:
        return UNDUE
    if row.status == "suspended":
        return UNDUE | {"deadline_id": row.id}
    return {
        "due_on": row.due_on, "due_at": row.due_at, "amber_on": row.amber_on, "deadline_id": row.id
    }  # fmt: skip
