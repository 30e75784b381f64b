"""办结一项人工任务: one person, once; a second click gets a clear answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import NotAllowed, NotFound
from engine.instance.advance import Moved, Work, advance
from engine.instance.commands import CompleteTask
from engine.instance.context import Context
from engine.store.db import forget_row
from engine.store.tables import Task
from engine.task.draft import forget_drafts
from engine.task.find import Found, check_open, find_task
from engine.task.guard import ask_guards


@dataclass(frozen=True)
class Completed:
    """`replayed` is true when the same post came twice and was done the first time."""

    task_id: str
    moved: Moved
    replayed: bool = False


def complete(
    session: Session,
    context: Context,
    task_id: str,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    key: str | None = None,
    found: Found | None = None,
) -> Completed:
    """Completes the task with `data` (already checked against its form) and runs on to the next wait.

    `key` is the idempotency key of the post: the same key again is answered as the first time.
    `found` is the task where the caller looked it up in this transaction.

    Raises:
        AlreadyCompleted: another post completed it, by whom and when.
        NotFound, NotAllowed: see `find_task`; a guard may refuse; somebody else claimed it.
        StepFailed: what follows the task failed; the task stays open and an incident is written: commit it.
    """
    task = found or find_task(session, task_id, actor)
    if key and task.completion_key == key and task.completed_by == actor.login:
        return Completed(task.id, Moved(), replayed=True)
    check_open(task)
    if task.assignee and task.assignee != actor.login and actor.kind != "system":
        raise NotAllowed(f"“{task.name}”已由 {task.assignee} 签收，请与其联系或等其退签")
    ask_guards(session, context, task, data, "complete", actor, now)
    command = CompleteTask(task.id, task.shard, data, key)
    work = Work(task.instance_id, command, read=task.instance)
    try:
        moved = advance(session, context, work, actor=actor, now=now)
    except NotFound:  # another post completed it while this one waited for the instance's lock
        check_open(find_task(session, task_id, actor))
        raise
    if task.drafted:
        forget_drafts(session, task.id)
    forget_row(session, Task, task.id)
    return Completed(task.id, moved)
