"""The one door: every change of an instance goes through `advance` (load → step → record).

Messages that a step throws, and kept messages that a step waits for, are drained in a loop, never by
recursion, in the same transaction. Whoever opened the transaction commits it.
"""

from __future__ import annotations

import uuid
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.execution import Execution, OpenTask, StepEnv
from engine.deadline.compute import compute
from engine.errors import BpmnError, StepFailed
from engine.history.append import append
from engine.instance import deadlines, route, state
from engine.instance.commands import Begin, Command, CompleteTask
from engine.instance.context import Context, ServiceCall
from engine.instance.live import Live
from engine.instance.record import record
from engine.instance.snapshot import EMPTY, take
from engine.instance.state import Shards
from engine.instance.step import InstanceRow, Recorded, Step, lock_instance
from engine.instance.undo import Undo
from engine.store.base import table_of
from engine.store.db import forget_row
from engine.store.tables import Incident, Instance, Task

MAX_HOPS = 200
"""Steps that one call may cause in other instances before it is taken for an endless loop."""


@dataclass
class Moved:
    """What one call of `advance` did, over all instances it reached."""

    instances: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Work:
    """One command that waits for its turn."""

    instance_id: str
    command: Command
    execution: Execution | None = None
    """Given for a new instance only."""


def advance(session: Session, context: Context, work: Work, *, actor: Actor, now: datetime) -> Moved:
    """Runs `work` and everything that follows from it.

    Raises:
        NotFound: the instance or token is gone.
        Conflict: somebody else was first.
        StepFailed: an element failed; the step is undone and an incident is written: commit it.
    """
    moved, queue = Moved(), deque([work])
    while queue:
        if len(moved.instances) >= MAX_HOPS:
            raise StepFailed("", f"消息往返超过 {MAX_HOPS} 次仍未停下：请检查流程间的消息是否成环")
        current = queue.popleft()
        recorded, step = _one(session, context, current, actor, now)
        moved.instances.append(current.instance_id)
        moved.opened.extend(recorded.opened)
        for follow in route.follow_up(session, context, step, recorded, now):
            if isinstance(follow, route.Start):
                follow_work = create(session, context, follow, actor=actor, now=now)
                moved.started.append(follow_work.instance_id)
                queue.append(follow_work)
            else:
                queue.append(Work(follow.instance_id, follow.command))
    return moved


def create(session: Session, context: Context, start: route.Start, *, actor: Actor, now: datetime) -> Work:
    """Writes the row of a new instance and returns the work that begins it."""
    program = context.programs.get(session, start.definition_id)
    instance = Instance(
        id=uuid.uuid4().hex,
        definition_id=start.definition_id,
        process_id=start.process_id,
        business_key=start.business_key or "",
        status="active",
        revision=0,
        started_at=now,
        started_by=actor.login,
        cause_id=start.cause_id,
        cause_head=start.cause_head,
        title=program.processes[start.process_id].name or start.process_id,
    )
    instance.business_key = instance.business_key or instance.id
    session.add(instance)
    session.flush()
    data: Mapping[str, Any] = start.data
    if context.on_start:
        data = {**data, **(context.on_start(session, instance, data, now) or {})}
        session.flush()
    env = _env(session, context, now)
    execution = Execution.start(program, start.process_id, dict(data), env, start_event=start.start_event)
    return Work(instance.id, Begin(), execution)


def _one(
    session: Session, context: Context, work: Work, actor: Actor, now: datetime
) -> tuple[Recorded, Step]:
    instance = lock_instance(session, work.instance_id)
    undo = Undo(session)
    try:
        step = _load(session, context, instance, work, actor, now)
        _run(step, undo)
        after = take(step.execution)
        if context.assign or step.execution.program.has_deadlines:
            undo.arm()  # these may refuse when half of the step is written
        recorded = record(step, after)
    except StepFailed as failure:
        undo.take_back()
        _incident(session, instance.id, failure, actor, now)
        raise
    undo.keep()
    if recorded.status == "active":
        live = Live(step.execution, recorded.shards, after)
        context.live.keep(session, instance.id, instance.revision + 1, live)
    forget_row(session, Instance, instance.id)
    if context.on_task:
        for task_id in recorded.opened:
            context.on_task(session, session.get_one(Task, task_id), step.entity, now)
    return recorded, step


def _load(
    session: Session, context: Context, instance: InstanceRow, work: Work, actor: Actor, now: datetime
) -> Step:
    if work.execution is not None:
        return Step(
            session, context, instance, work.execution, work.command, Shards({}, {}), EMPTY, actor, now
        )
    live = context.live.take(session, instance.id, instance.revision)
    if live is None:
        live = _read(session, context, instance, work.command.shard, _env(session, context, now))
    else:
        live.execution.renew(live.shards.contents, _env(session, context, now))
    return Step(
        session, context, instance, live.execution, work.command, live.shards, live.snapshot, actor, now
    )


def _read(session: Session, context: Context, instance: InstanceRow, shard: str, env: StepEnv) -> Live:
    shards = state.load(session, instance.id)
    program = context.programs.get(session, instance.definition_id)
    execution = Execution.load(program, instance.process_id, shards.contents, env, want=shards.wanted(shard))
    return Live(execution, shards, take(execution))


def _run(step: Step, undo: Undo) -> None:
    """Applies the command and serves topics until the instance waits."""
    execution = step.execution
    step.command.apply(execution)
    execution.run()
    while waiting := execution.service_tasks():
        undo.arm()
        _serve(step, waiting[0])  # what it changes may end the others
        execution.run()


def _serve(step: Step, task: OpenTask) -> None:
    """The handler of a topic answers, or throws a BPMN error."""
    handler = step.context.topics.get(task.node.topic or "")
    if handler is None:
        raise StepFailed(task.element_id, f"服务主题“{task.node.topic}”没有登记的处理程序", task.data)
    call = ServiceCall(
        step.instance.id, step.instance.business_key, task.process_id, task.element_id,
        task.node.name, task.data, task.node.properties, step.actor,
    )  # fmt: skip
    try:
        result = dict(handler(step.session, call, step.now))
    except BpmnError as error:
        step.execution.fail_service(task.task_id, error.code, error.message)
        return
    step.services.append((task, result))
    step.execution.complete_service(task.task_id, result)


def _env(session: Session, context: Context, now: datetime) -> StepEnv:
    def due(key: str, data: Mapping[str, Any], start: Any) -> datetime:
        rule = context.rules(session).get(key)
        if rule is None:
            raise StepFailed("", f"期限规则“{key}”不存在", data)
        begins = deadlines.parse_start("", f"due('{key}')", start, data) if start else now
        return compute(rule, context.calendar(session), begins).due_at

    return StepEnv(now=now, due=due)


def _incident(session: Session, instance_id: str, failure: StepFailed, actor: Actor, now: datetime) -> None:
    session.execute(
        insert(table_of(Incident)).values(
            id=uuid.uuid4().hex,
            instance_id=instance_id,
            element_id=failure.element_id,
            message=failure.reason,
            data=failure.data,
            status="open",
            since=now,
        )
    )
    append(
        session, instance_id, "incident.opened", at=now, actor=actor,
        element_id=failure.element_id, payload={"reason": failure.reason},
    )  # fmt: skip


__all__ = ["CompleteTask", "Moved", "Work", "advance", "create"]
