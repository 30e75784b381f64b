"""Reads an instance without moving it: the data of a task, the elements done and current."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.bpmn.execution import Execution, StepEnv
from engine.bpmn.program import Node
from engine.errors import NotFound
from engine.instance import state
from engine.instance.context import Context
from engine.store.tables import HistoryEntry, Instance, Task


@dataclass(frozen=True)
class TaskView:
    """An open task as the engine holds it."""

    task: Task
    node: Node
    data: dict[str, Any]


@dataclass(frozen=True)
class Progress:
    """Element ids for the diagram."""

    done: list[str]
    current: list[str]


def task_view(session: Session, context: Context, task: Task, now: datetime) -> TaskView:
    """The node and the variables of an open task. Raises NotFound when it is not open any more."""
    instance = session.get(Instance, task.instance_id)
    if instance is None:
        raise NotFound(f"Expected instance {task.instance_id}, but there is none")
    shards = state.load(session, instance.id)
    execution = Execution.load(
        context.programs.get(session, instance.definition_id), instance.process_id, shards.contents,
        _looking(now), want=shards.wanted(task.shard),
    )  # fmt: skip
    for found in execution.open_tasks():
        if found.task_id == task.id:
            return TaskView(task, found.node, dict(found.data))
    raise NotFound(f"Expected user task {task.id} to be open, but it is {task.status}")


def variables(session: Session, context: Context, instance_id: str, now: datetime) -> dict[str, Any]:
    """The variables of the process itself, running or ended. Raises NotFound."""
    instance = session.get(Instance, instance_id)
    if instance is None:
        raise NotFound(f"Expected instance {instance_id}, but there is none")
    return opened(session, context, instance, now).data


def opened(session: Session, context: Context, instance: Instance, now: datetime) -> Execution:
    """The whole instance, to be asked and not touched."""
    shards = state.load(session, instance.id)
    every = [step for shard in shards.contents if shard for step in shards.chain(shard)]
    return Execution.load(
        context.programs.get(session, instance.definition_id), instance.process_id, shards.contents,
        _looking(now), want=list(dict.fromkeys(every)),
    )  # fmt: skip


def progress(session: Session, instance_id: str) -> Progress:
    """What is done, the latest last, and where it stands, from history and open tasks."""
    done = session.scalars(
        select(HistoryEntry.element_id)
        .where(
            HistoryEntry.chain == instance_id,
            HistoryEntry.kind.like("%.completed"),
            HistoryEntry.element_id != "",
        )
        .group_by(HistoryEntry.element_id)
        .order_by(func.max(HistoryEntry.seq))
    )
    current = session.scalars(
        select(Task.element_id).where(Task.instance_id == instance_id, Task.status == "open").distinct()
    )
    return Progress(list(done), sorted(current))


def calls(session: Session, context: Context, instance: Instance, now: datetime) -> list[str]:
    """Ids of the call activities that run: where the case stands on its own diagram meanwhile."""
    running = instance.status in ("active", "incident")
    return opened(session, context, instance, now).calls() if running else []


def _looking(now: datetime) -> StepEnv:
    def due(key: str, data: Any, start: Any) -> datetime:
        return now  # nothing runs while looking, so no timer text is evaluated

    return StepEnv(now=now, due=due)
