"""待办, first page first: the most urgent tasks a person may do, whatever else is open in the district.

Two ways to the same list. Whoever may do few tasks has them picked by candidate and sorted. For whoever may
do many, the open tasks are walked in the order of their deadlines until the page is full; the index of open
tasks holds them in that order, those without a deadline apart, for they come last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, exists, func, or_, select, tuple_, union
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.store.base import table_of
from engine.store.tables import Instance, InstanceScope, Task, TaskCandidate
from engine.store.tables.task import OPEN
from engine.store.visibility import Viewer

FEW = 1000
"""Tasks that are sorted rather than walked to."""

_tasks, _instances = table_of(Task), table_of(Instance)
_candidates, _scopes = table_of(TaskCandidate), table_of(InstanceScope)
COLUMNS = (
    "id", "instance_id", "process_id", "element_id", "name", "form", "assignee", "unit_code", "priority",
    "status", "created_at", "due_on", "due_at",
)  # fmt: skip


@dataclass(frozen=True)
class Place:
    """Where a page ended: `due_at` is None among the tasks without a deadline."""

    due_at: datetime | None
    task_id: str


def inbox(
    session: Session, actor: Actor, viewer: Viewer, *, after: Place | None, limit: int, instance_id: str = ""
) -> Sequence[Row[Any]]:
    """Up to `limit` open tasks behind `after`, each with its instance's title and business key.

    With `instance_id` only those of one instance.
    """
    if instance_id:
        pick = _walked(actor).where(_tasks.c.instance_id == instance_id)
    else:
        pick = _picked(actor) if _has_few(session, actor) else _walked(actor)
    found: list[Row[Any]] = []
    if after is None or after.due_at is not None:
        dated = pick.where(_tasks.c.due_at.is_not(None), _seen(viewer)).order_by(_tasks.c.due_at, _tasks.c.id)
        if after is not None:
            dated = dated.where(tuple_(_tasks.c.due_at, _tasks.c.id) > tuple_(after.due_at, after.task_id))
        found += session.execute(dated.limit(limit)).all()
    if len(found) < limit:
        undated = pick.where(_tasks.c.due_at.is_(None), _seen(viewer)).order_by(_tasks.c.id)
        if after is not None and after.due_at is None:
            undated = undated.where(_tasks.c.id > after.task_id)
        found += session.execute(undated.limit(limit - len(found))).all()
    return found


def _lines() -> Select[Any]:
    return select(*(_tasks.c[name] for name in COLUMNS), _instances.c.title, _instances.c.business_key).where(
        _tasks.c.status == OPEN
    )


def _walked(actor: Actor) -> Select[Any]:
    mine = exists().where(_candidates.c.task_id == _tasks.c.id, _offered(actor))
    return (
        _lines()
        .select_from(_tasks)
        .join(_instances, _instances.c.id == _tasks.c.instance_id)
        .where(or_(_tasks.c.assignee == actor.login, and_(_tasks.c.assignee.is_(None), mine)))
    )


def _picked(actor: Actor) -> Select[Any]:
    mine = union(
        select(_tasks.c.id).where(_tasks.c.assignee == actor.login, _tasks.c.status == "open"),
        select(_candidates.c.task_id).where(_offered(actor)),
    ).subquery()
    return (
        _lines()
        .select_from(mine)
        .join(_tasks, _tasks.c.id == mine.c.id)
        .join(_instances, _instances.c.id == _tasks.c.instance_id)
        .where(or_(_tasks.c.assignee.is_(None), _tasks.c.assignee == actor.login))
    )


def _has_few(session: Session, actor: Actor) -> bool:
    some = select(_candidates.c.task_id).where(_offered(actor)).limit(FEW + 1).subquery()
    return (session.scalar(select(func.count()).select_from(some)) or 0) <= FEW


def _offered(actor: Actor) -> ColumnElement[bool]:
    """The rule of `engine.task.candidate_condition`, on the table."""
    c = _candidates.c
    roles = [
        and_(c.kind == "role", c.value == role, *([c.unit_code.in_(("", unit))] if unit else []))
        for role, unit in sorted(actor.roles)
    ]
    return or_(and_(c.kind == "user", c.value == actor.login), *roles)


def _seen(viewer: Viewer) -> ColumnElement[bool]:
    """可见范围 looked up task by task: a page needs twenty, not the list of all visible cases."""
    return exists().where(
        _scopes.c.instance_id == _tasks.c.instance_id, _scopes.c.scope.in_(sorted(viewer.scopes))
    )
