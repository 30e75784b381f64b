"""Who may work on which task: one condition for lists, the same rule for a single task."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import AlreadyCompleted, Conflict, NotAllowed, NotFound
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Instance, InstanceScope, Task, TaskCandidate, TaskDraft
from engine.store.visibility import viewer_of

_tasks, _candidates, _drafts = table_of(Task), table_of(TaskCandidate), table_of(TaskDraft)
_instances, _scopes = table_of(Instance), table_of(InstanceScope)
_READ = (
    "id", "instance_id", "shard", "element_id", "name", "form", "status", "assignee", "completed_by",
    "ended_at", "completion_key",
)  # fmt: skip
_OF_TASK, _OF_INSTANCE = (tuple(column.key for column in table.c) for table in (_tasks, _instances))
_one = Prepared(
    select(
        *_tasks.c,
        *_instances.c,
        exists(select(_drafts.c.login).where(_drafts.c.task_id == _tasks.c.id)),
        _scopes.c.scope,
        _candidates.c.kind,
        _candidates.c.value,
        _candidates.c.unit_code,
    )
    .join_from(_tasks, _instances, _instances.c.id == _tasks.c.instance_id)
    .outerjoin(_candidates, _candidates.c.task_id == _tasks.c.id)
    .outerjoin(_scopes, _scopes.c.instance_id == _tasks.c.instance_id)
    .where(_tasks.c.id == bindparam("id"))
)
"""A row for each candidate and scope: a handful, in one journey to the database."""


@dataclass(frozen=True)
class Found:
    """A task as its row says, open or not."""

    id: str
    instance_id: str
    shard: str
    element_id: str
    name: str
    form: str
    status: str
    assignee: str | None
    completed_by: str | None
    ended_at: datetime | None
    completion_key: str | None
    definition_id: str
    drafted: bool
    """Whether somebody has a draft of it."""
    mine: bool
    """Whether the actor is its assignee or a candidate."""
    row: Mapping[str, Any] = field(repr=False)
    """All columns of the task."""
    instance: Mapping[str, Any] = field(repr=False)
    """All columns of its instance, read without its lock."""


def candidate_condition(actor: Actor) -> ColumnElement[bool]:
    """Tasks that `actor` could claim by role, unit or name."""
    roles = [
        and_(
            TaskCandidate.kind == "role", TaskCandidate.value == role, TaskCandidate.unit_code.in_(("", unit))
        )
        if unit
        else and_(TaskCandidate.kind == "role", TaskCandidate.value == role)
        for role, unit in sorted(actor.roles)
    ]
    person = and_(TaskCandidate.kind == "user", TaskCandidate.value == actor.login)
    return exists(select(TaskCandidate.task_id).where(TaskCandidate.task_id == Task.id, or_(person, *roles)))


def find_task(session: Session, task_id: str, actor: Actor) -> Found:
    """Raises NotFound: no such task, or not visible to the session's viewer."""
    viewer = viewer_of(session)
    rows = _one.rows(session, id=task_id)
    if not rows or not (viewer.everything or any(row[-4] in viewer.scopes for row in rows)):
        raise NotFound(f"Expected user task {task_id}, but there is none")
    first = rows[0]
    task = dict(zip(_OF_TASK, first, strict=False))
    instance = dict(zip(_OF_INSTANCE, first[len(_OF_TASK) :], strict=False))
    mine = actor.kind == "system" or task["assignee"] == actor.login
    return Found(
        **{name: task[name] for name in _READ},
        definition_id=instance["definition_id"],
        drafted=bool(first[-5]),
        mine=mine or any(_fits(actor, *row[-3:]) for row in rows),
        row=task,
        instance=instance,
    )


def may_work(session: Session, task: Task, actor: Actor) -> bool:
    """Whether `actor` is the assignee or a candidate of the task."""
    return find_task(session, task.id, actor).mine


def check_open(found: Found) -> None:
    """Raises NotAllowed when it is not the actor's, AlreadyCompleted or Conflict when it is not open."""
    if not found.mine:
        raise NotAllowed(f"“{found.name}”不由您办理：请回到待办列表")
    if found.status == "completed":
        raise AlreadyCompleted(found.id, found.completed_by or "", found.ended_at)
    if found.status != "open":
        raise Conflict(f"“{found.name}”已随流程取消，无需再办")


def open_task(session: Session, task_id: str, actor: Actor) -> Task:
    """The open task, if `actor` may work on it. Raises as `find_task` and `check_open`."""
    check_open(find_task(session, task_id, actor))
    return session.get_one(Task, task_id, populate_existing=True)


def _fits(actor: Actor, kind: str | None, value: str | None, unit: str | None) -> bool:
    """The rule of `candidate_condition` for one candidate."""
    if kind == "user":
        return value == actor.login
    return any(role == value and (not at or unit in ("", at)) for role, at in actor.roles)
