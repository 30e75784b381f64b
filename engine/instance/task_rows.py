"""Writes the rows of user tasks that a step opened, completed or cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from engine.bpmn.execution import OpenTask
from engine.errors import Conflict
from engine.instance import deadlines
from engine.instance.commands import CompleteTask
from engine.instance.context import Assignment
from engine.instance.cover import UNDUE, covering
from engine.instance.snapshot import Snapshot
from engine.instance.state import Shards
from engine.instance.step import Step
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Task, TaskCandidate

_tasks = table_of(Task)
_add, _add_candidate = Prepared.insert(_tasks), Prepared.insert(table_of(TaskCandidate))
_end = Prepared(
    update(_tasks)
    .where(_tasks.c.id == bindparam("of"))
    .values({name: bindparam(name) for name in ("status", "ended_at", "completed_by", "completion_key")})
)
_complete = Prepared(
    update(_tasks)
    .where(
        _tasks.c.id == bindparam("of"), or_(_tasks.c.assignee.is_(None), _tasks.c.assignee == bindparam("by"))
    )
    .values({name: bindparam(name) for name in ("status", "ended_at", "completed_by", "completion_key")})
)


def write_tasks(
    step: Step, after: Snapshot, gone: Sequence[str], parents: Mapping[str, str]
) -> list[dict[str, Any]]:
    ended = [task_id for task_id in step.before.tasks if task_id not in after.tasks]
    completed = step.command.task_id if isinstance(step.command, CompleteTask) else None
    if completed in ended and isinstance(step.command, CompleteTask):
        _complete_task(step, completed, step.command.key)
    _cancel_tasks(step, [task_id for task_id in ended if task_id != completed])
    if hidden := [shard for shard in gone if shard not in step.execution.loaded_shards]:
        lost = step.session.execute(
            select(_tasks.c.id).where(
                _tasks.c.instance_id == step.instance.id,
                _tasks.c.shard.in_(hidden),
                _tasks.c.status == "open",
            )
        )
        _cancel_tasks(step, [row.id for row in lost])
    fresh = [task for task_id, task in after.tasks.items() if task_id not in step.before.tasks]
    rows = [_open_task(step, task, Shards({}, parents).chain(task.shard)) for task in fresh]
    return rows


def _complete_task(step: Step, task_id: str, key: str | None) -> None:
    by = step.actor.login
    row = {
        "of": task_id,
        "status": "completed",
        "ended_at": step.now,
        "completed_by": by,
        "completion_key": key,
    }
    if step.actor.kind == "system":
        _end.send(step.session, **row)
    elif not _complete.change(step.session, **row, by=by):
        raise Conflict("这项任务刚刚被他人签收：请与其联系或等其退签")
    if step.execution.program.has_deadlines:
        deadlines.end(
            step.session, step.context, [task_id], "finished",
            actor=step.actor, now=step.now, by_hand=step.actor.kind != "system",
        )  # fmt: skip


def _cancel_tasks(step: Step, task_ids: Sequence[str]) -> None:
    for task_id in task_ids:
        _end.send(
            step.session, of=task_id, status="cancelled", ended_at=step.now, completed_by=None,
            completion_key=None,
        )  # fmt: skip
    if task_ids and step.execution.program.has_deadlines:
        deadlines.end(
            step.session, step.context, task_ids, "cancelled", actor=step.actor, now=step.now
        )  # fmt: skip


def _open_task(step: Step, task: OpenTask, chain: Sequence[str]) -> dict[str, Any]:
    node = task.node
    assign = step.context.assign
    assignment = (
        assign(step.session, node, task.data, step.entity)
        if assign
        else Assignment([(g, "") for g in node.candidate_groups], node.candidate_users, node.assignee)
    )
    due = UNDUE
    if step.execution.program.has_deadlines:
        deadlines.begin(
            step.session, step.context, step.instance.id, node, task.task_id, task.data,
            within=task.shard, unit_code=assignment.unit_code, actor=step.actor, now=step.now,
        )  # fmt: skip
        due = covering(step.session, step.instance.id, [task.task_id, *chain, step.instance.id])
    row = {
        "id": task.task_id,
        "instance_id": step.instance.id,
        "shard": task.shard,
        "process_id": task.process_id,
        "element_id": task.element_id,
        "name": node.name,
        "lane": node.lane or "",
        "form": node.form or "",
        "status": "open",
        "assignee": assignment.assignee,
        "unit_code": assignment.unit_code,
        "priority": int(node.priority) if node.priority and node.priority.isdigit() else 50,
        "created_at": step.now,
        **due,
    }
    _add.send(step.session, **row)
    candidates = [
        {"task_id": task.task_id, "kind": "role", "value": role, "unit_code": unit or ""}
        for role, unit in assignment.roles
    ] + [
        {"task_id": task.task_id, "kind": "user", "value": login, "unit_code": ""}
        for login in assignment.users
    ]
    _add_candidate.many(step.session, candidates)
    return row
