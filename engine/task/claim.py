"""签收与退签: claiming a task for oneself, and giving it back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Conflict, NotAllowed
from engine.history.append import append
from engine.instance.context import Context
from engine.store.base import table_of
from engine.store.tables import Task
from engine.task.find import Found, check_open, find_task, open_task
from engine.task.guard import ask_guards

_tasks = table_of(Task)


def claim(session: Session, context: Context, task_id: str, *, actor: Actor, now: datetime) -> Task:
    """The task now belongs to `actor`; claiming one's own task again changes nothing.

    Raises:
        Conflict: somebody else claimed it first.
        NotFound, NotAllowed: see `find_task` and `check_open`; a guard may refuse too.
    """
    found = find_task(session, task_id, actor)
    check_open(found)
    if found.assignee not in (None, actor.login):
        raise Conflict(f"“{found.name}”已由 {found.assignee} 签收")
    if found.assignee is None:
        ask_guards(session, context, found, {}, "claim", actor, now)
        _take(session, found, actor, now)
    return session.get_one(Task, task_id, populate_existing=True)


def _take(session: Session, task: Found, actor: Actor, now: datetime) -> None:
    if not _hand_over(session, task.id, None, actor.login):
        raise Conflict(f"“{task.name}”刚刚被他人签收或办结")
    append(
        session, task.instance_id, "task.claimed", at=now, actor=actor,
        element_id=task.element_id, name=task.name, task_id=task.id,
    )  # fmt: skip


def unclaim(session: Session, task_id: str, *, actor: Actor, now: datetime) -> Task:
    """The task goes back to its candidates.

    Raises:
        NotAllowed: it is not the actor's. Conflict: it was completed meanwhile.
    """
    task = open_task(session, task_id, actor)
    if task.assignee != actor.login:
        raise NotAllowed(f"“{task.name}”不是由您签收的，不能退签")
    if not _hand_over(session, task_id, actor.login, None):
        raise Conflict(f"“{task.name}”刚刚已办结")
    session.refresh(task)
    append(
        session, task.instance_id, "task.unclaimed", at=now, actor=actor,
        element_id=task.element_id, name=task.name, task_id=task.id,
    )  # fmt: skip
    return task


def _hand_over(session: Session, task_id: str, before: str | None, after: str | None) -> bool:
    """False when another transaction claimed, gave back or completed the open task first."""
    changed = session.execute(
        update(_tasks)
        .where(
            _tasks.c.id == task_id, _tasks.c.status == "open", _tasks.c.assignee.is_not_distinct_from(before)
        )
        .values(assignee=after)
    )
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]
