"""The one pen: writes everything a step did, in the step's transaction.

State, tasks, timers, subscriptions, deadlines and history of an instance are written here and nowhere else.
What changed is the difference between the snapshot before the step and the one after it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR, Actor
from engine.bpmn.execution import Done, Execution, OpenTask
from engine.errors import StaleRevision
from engine.history.append import Chain
from engine.instance import deadlines, state
from engine.instance.commands import Begin, Command, CompleteTask, DeliverMessage, FireTimer
from engine.instance.context import Assignment, Context
from engine.instance.snapshot import Snapshot
from engine.instance.state import Shards
from engine.store.tables import Instance, Job, Subscription, Task, TaskCandidate

_instances, _tasks, _candidates = Instance.__table__, Task.__table__, TaskCandidate.__table__
_jobs, _subscriptions = Job.__table__, Subscription.__table__


@dataclass
class Step:
    """One step of one instance, between load and record."""

    session: Session
    context: Context
    instance: Instance
    execution: Execution
    command: Command
    shards: Shards
    before: Snapshot
    actor: Actor
    now: datetime
    services: list[tuple[OpenTask, Mapping[str, Any]]] = field(default_factory=list)
    """Service tasks whose topic was served, with what the handler returned."""


@dataclass(frozen=True)
class Recorded:
    """What followed from a step."""

    opened: Sequence[str]
    """Ids of the user tasks that opened."""
    subscribed: Sequence[tuple[str, str]]
    """(message, correlation) newly awaited: kept messages may be for them."""
    status: str


def record(step: Step, after: Snapshot) -> Recorded:
    """Writes the step; raises StaleRevision when somebody else moved the instance meanwhile."""
    changed, gone = step.execution.dump()
    parents = {**step.shards.parents, **step.execution.parents}
    state.save(step.session, step.instance.id, step.shards, changed, gone, parents)
    _deadlines_of_scopes(step)
    opened = _tasks_of(step, after, gone, parents)
    _timers_of(step, after, gone)
    subscribed = _subscriptions_of(step, after, gone)
    status = step.execution.status
    _instance_row(step, status)
    _history(step, opened, status)
    return Recorded([row["id"] for row in opened], subscribed, status)


def _instance_row(step: Step, status: str) -> None:
    values: dict[str, Any] = {"revision": step.instance.revision + 1}
    if status != "active":
        values |= {"status": status, "ended_at": step.now, "ended_with": ",".join(step.execution.ended_at)}
    moved = step.session.execute(
        update(_instances)
        .where(_instances.c.id == step.instance.id, _instances.c.revision == step.instance.revision)
        .values(**values)
    )
    if moved.rowcount != 1:  # type: ignore[attr-defined]
        raise StaleRevision(f"Expected instance {step.instance.id} at revision {step.instance.revision}")


def _tasks_of(
    step: Step, after: Snapshot, gone: Sequence[str], parents: Mapping[str, str]
) -> list[dict[str, Any]]:
    ended = [task_id for task_id in step.before.tasks if task_id not in after.tasks]
    completed = step.command.task_id if isinstance(step.command, CompleteTask) else None
    if completed in ended and isinstance(step.command, CompleteTask):
        _end_tasks(step, [completed], "completed", key=step.command.key)
    _end_tasks(step, [task_id for task_id in ended if task_id != completed], "cancelled")
    if hidden := [shard for shard in gone if shard not in step.execution.loaded_shards]:
        lost = step.session.execute(
            select(_tasks.c.id).where(
                _tasks.c.instance_id == step.instance.id,
                _tasks.c.shard.in_(hidden),
                _tasks.c.status == "open",
            )
        )
        _end_tasks(step, [row.id for row in lost], "cancelled")
    fresh = [task for task_id, task in after.tasks.items() if task_id not in step.before.tasks]
    rows = [_open_task(step, task, Shards({}, parents).chain(task.shard)) for task in fresh]
    return rows


def _end_tasks(step: Step, task_ids: Sequence[str], status: str, key: str | None = None) -> None:
    if not task_ids:
        return
    values: dict[str, Any] = {"status": status, "ended_at": step.now}
    if status == "completed":
        values |= {"completed_by": step.actor.login, "completion_key": key}
    step.session.execute(update(_tasks).where(_tasks.c.id.in_(task_ids)).values(**values))
    if _has_deadlines(step):
        finished = "finished" if status == "completed" else "cancelled"
        deadlines.end(step.session, task_ids, finished, actor=step.actor, now=step.now)


def _open_task(step: Step, task: OpenTask, chain: Sequence[str]) -> dict[str, Any]:
    node = task.node
    assign = step.context.assign
    assignment = (
        assign(step.session, node, task.data, step.instance)
        if assign
        else Assignment([(g, "") for g in node.candidate_groups], node.candidate_users, node.assignee)
    )
    due = None
    if _has_deadlines(step):
        deadlines.begin(
            step.session, step.context, step.instance.id, node, task.task_id, task.data,
            unit_code=assignment.unit_code, actor=step.actor, now=step.now,
        )  # fmt: skip
        due = deadlines.covering(step.session, step.instance.id, [task.task_id, *chain, step.instance.id])
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
        "priority": int(node.priority) if (node.priority or "").isdigit() else 50,
        "created_at": step.now,
        "due_on": due.due_on if due else None,
        "due_at": due.due_at if due else None,
        "amber_on": due.amber_on if due else None,
        "deadline_id": due.id if due else None,
    }
    step.session.execute(insert(_tasks).values(row))
    candidates = [
        {"task_id": task.task_id, "kind": "role", "value": role, "unit_code": unit or ""}
        for role, unit in assignment.roles
    ] + [
        {"task_id": task.task_id, "kind": "user", "value": login, "unit_code": ""}
        for login in assignment.users
    ]
    if candidates:
        step.session.execute(insert(_candidates), candidates)
    return row


def _timers_of(step: Step, after: Snapshot, gone: Sequence[str]) -> None:
    stale = [key for key in step.before.timers if key not in after.timers]
    if stale:
        step.session.execute(
            update(_jobs)
            .where(_jobs.c.key.in_(stale), _jobs.c.status == "ready")
            .values(status="done" if isinstance(step.command, FireTimer) else "cancelled", done_at=step.now)
        )
    if hidden := [shard for shard in gone if shard not in step.execution.loaded_shards]:
        waiting = step.session.execute(
            select(_jobs.c.id, _jobs.c.payload).where(
                _jobs.c.instance_id == step.instance.id, _jobs.c.kind == "timer", _jobs.c.status == "ready"
            )
        ).all()
        lost = [row.id for row in waiting if row.payload["shard"] in hidden]
        step.session.execute(update(_jobs).where(_jobs.c.id.in_(lost)).values(status="cancelled"))
    fresh = [
        {
            "id": uuid.uuid4().hex,
            "key": key,
            "kind": "timer",
            "queue": "engine",
            "instance_id": step.instance.id,
            "payload": {"task_id": timer.task_id, "shard": timer.shard, "element_id": timer.element_id},
            "due_at": timer.due_at,
            "status": "ready",
            "attempts": 0,
            "last_error": "",
            "created_at": step.now,
        }
        for key, timer in after.timers.items()
        if key not in step.before.timers
    ]
    if fresh:
        step.session.execute(insert(_jobs), fresh)


def _subscriptions_of(step: Step, after: Snapshot, gone: Sequence[str]) -> list[tuple[str, str]]:
    for key, waiting in step.before.messages.items():
        if key not in after.messages:
            step.session.execute(
                delete(_subscriptions).where(
                    _subscriptions.c.task_id == waiting.task_id, _subscriptions.c.message == waiting.message
                )
            )
    if hidden := [shard for shard in gone if shard not in step.execution.loaded_shards]:
        step.session.execute(
            delete(_subscriptions).where(
                _subscriptions.c.instance_id == step.instance.id, _subscriptions.c.shard.in_(hidden)
            )
        )
    fresh = [
        {
            "task_id": waiting.task_id,
            "instance_id": step.instance.id,
            "shard": waiting.shard,
            "element_id": waiting.element_id,
            "message": waiting.message,
            "correlation": waiting.correlation or step.instance.business_key,
            "created_at": step.now,
        }
        for key, waiting in after.messages.items()
        if key not in step.before.messages
    ]
    if fresh:
        step.session.execute(insert(_subscriptions), fresh)
    return [(row["message"], row["correlation"]) for row in fresh]


def _has_deadlines(step: Step) -> bool:
    return step.execution.program.has_deadlines


def _deadlines_of_scopes(step: Step) -> None:
    if not _has_deadlines(step):
        return
    for scope in step.execution.entered_scopes:
        token = scope.task_id or step.instance.id
        deadlines.begin(
            step.session, step.context, step.instance.id, scope.node, token, scope.data,
            unit_code=None, actor=step.actor, now=step.now,
        )  # fmt: skip
    for status in ("finished", "cancelled"):
        left = [
            scope.task_id or step.instance.id
            for scope in step.execution.left_scopes
            if scope.cancelled == (status == "cancelled")
        ]
        deadlines.end(step.session, left, status, actor=step.actor, now=step.now)


def _history(step: Step, opened: Sequence[Mapping[str, Any]], status: str) -> None:
    chain = Chain(step.session, step.instance.id)
    at, command = step.now, step.command
    if isinstance(command, Begin):
        payload = {"definition": step.instance.definition_id, "process": step.instance.process_id}
        if step.instance.cause_id:
            payload |= {"cause": step.instance.cause_id, "cause_head": step.instance.cause_head}
        chain.add("instance.started", at=at, actor=step.actor, name=step.instance.title, payload=payload)
    elif isinstance(command, DeliverMessage):
        chain.add(
            "message.received", at=at, actor=step.actor, name=command.message, payload=dict(command.payload)
        )
    served = {task.task_id: result for task, result in step.services}
    for done in step.execution.completed:
        _history_of(chain, step, done, served)
    for done in step.execution.cancelled:
        chain.add("element.cancelled", at=at, actor=SYSTEM_ACTOR, **_element(done))
    for row in opened:
        chain.add(
            "task.opened", at=at, actor=SYSTEM_ACTOR,
            element_id=row["element_id"], name=row["name"], task_id=row["id"],
        )  # fmt: skip
    for thrown in step.execution.thrown:
        chain.add(
            "message.thrown", at=at, actor=SYSTEM_ACTOR,
            element_id=thrown.element_id, name=thrown.message, payload=dict(thrown.payload),
        )  # fmt: skip
    if status != "active":
        chain.add(f"instance.{status}", at=at, actor=SYSTEM_ACTOR, name=",".join(step.execution.ended_at))
    chain.write()


def _history_of(chain: Chain, step: Step, done: Done, served: Mapping[str, Mapping[str, Any]]) -> None:
    command = step.command
    if isinstance(command, CompleteTask) and done.task_id == command.task_id:
        chain.add(
            "task.completed", at=step.now, actor=step.actor, payload=dict(command.data), **_element(done)
        )
    elif done.task_id in served:
        chain.add(
            "service.completed", at=step.now, actor=SYSTEM_ACTOR,
            payload=dict(served[done.task_id]), **_element(done),
        )  # fmt: skip
    else:
        kind = "timer.fired" if isinstance(command, FireTimer) and done.task_id == command.task_id else ""
        chain.add(kind or "element.completed", at=step.now, actor=SYSTEM_ACTOR, **_element(done))


def _element(done: Done) -> dict[str, str]:
    return {"element_id": done.element_id, "name": done.name or "", "task_id": done.task_id}
