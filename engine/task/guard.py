"""Asks every guard before a task is claimed or completed: the engine separates duties, not a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.instance.context import Context, GuardCall
from engine.store.detached import detached
from engine.store.tables import Instance, Task
from engine.task.find import Found


def ask_guards(
    session: Session,
    context: Context,
    found: Found,
    data: Mapping[str, Any],
    act: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Raises NotAllowed with the first guard's reason."""
    if not context.guards:
        return
    task, instance = detached(Task, found.row), detached(Instance, found.instance)
    program = context.programs.get(session, instance.definition_id)
    node = program.processes[task.process_id].nodes[task.element_id]
    call = GuardCall(task, node, instance, data, act)
    for guard in context.guards:
        guard(session, call, actor, now)
