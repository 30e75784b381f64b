"""Asks every guard before a task is claimed or completed: the engine separates duties, not a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import NotFound
from engine.instance.context import Context, GuardCall
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Instance, Task

_tasks, _instances = table_of(Task), table_of(Instance)
_OF_TASK, _OF_INSTANCE = (tuple(column.key for column in table.c) for table in (_tasks, _instances))
_both = Prepared(
    select(*_tasks.c, *_instances.c)
    .join_from(_tasks, _instances, _instances.c.id == _tasks.c.instance_id)
    .where(_tasks.c.id == bindparam("id"))
)
"""Task and instance for guards to read: objects of no session, at a fraction of the cost."""


def ask_guards(
    session: Session,
    context: Context,
    task_id: str,
    data: Mapping[str, Any],
    act: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises NotAllowed with the first guard's reason."""
    if not context.guards:
        return
    row = _both.row(session, id=task_id)
    if row is None:
        raise NotFound(f"Expected user task {task_id}, but there is none")
    task = Task(**dict(zip(_OF_TASK, row, strict=False)))
    instance = Instance(**dict(zip(_OF_INSTANCE, row[len(_OF_TASK) :], strict=True)))
    program = context.programs.get(session, instance.definition_id)
    node = program.processes[task.process_id].nodes[task.element_id]
    call = GuardCall(task, node, instance, data, act)
    for guard in context.guards:
        guard(session, call, actor, now)
