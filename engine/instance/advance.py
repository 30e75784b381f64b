"""The one door: every change of an instance goes through `advance` (load → step → record).

Messages and signals that a step throws, and kept messages that a step waits for, are drained in a loop, never
by recursion, in the same transaction. Whoever opened the transaction commits it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.execution import Execution, StepEnv
from engine.bpmn.report import RuleInstant
from engine.deadline.compute import compute
from engine.errors import Ambiguous, NotFound, StepFailed
from engine.instance import deadlines, fan_in, route, serve, state
from engine.instance.commands import Begin, CompleteTask
from engine.instance.context import Context
from engine.instance.create import create
from engine.instance.follow import Follow, Start, Work
from engine.instance.incidents import open_incident
from engine.instance.live import Live
from engine.instance.record import record
from engine.instance.snapshot import EMPTY, take
from engine.instance.state import Shards
from engine.instance.step import InstanceRow, Recorded, Step, lock_instance
from engine.instance.undo import Undo
from engine.store.db import forget_row
from engine.store.tables import Instance

MAX_HOPS = 200
"""Steps that one call may cause in other instances before it is taken for an endless loop."""


@dataclass
class Moved:
    """What one call of `advance` did, over all instances it reached."""

    instances: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    started: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """Ids of the incidents of those that what followed could not move."""


Due = Start | Work | Follow


def advance(session: Session, context: Context, work: Work, *, actor: Actor, now: datetime) -> Moved:
    """Runs `work` and everything that follows from it. What fails in what follows is an incident of its
    receiver: it undoes that receiver's step alone, and nothing of `work`.

    Raises:
        NotFound: the instance or token is gone.
        Conflict: somebody else was first.
        StepFailed: an element failed; the step is undone and an incident is written: commit it.
    """
    moved = Moved()
    try:
        follows = _step(session, context, work, moved, actor, now)
    except StepFailed as failure:
        open_incident(session, work, failure, actor=actor, now=now)
        raise
    carry(session, context, follows, moved, actor=actor, now=now)
    return moved


def carry(
    session: Session, context: Context, dues: Sequence[Due], moved: Moved, *, actor: Actor, now: datetime
) -> None:
    """Does what is due and all that follows; each failure is an incident of its own, and the rest goes on."""
    queue, hops = deque(dues), 0
    while queue:
        due = queue.popleft()
        try:
            if isinstance(due, Work):
                hops += 1
                if hops > MAX_HOPS:
                    raise StepFailed("", f"消息往返超过 {MAX_HOPS} 次仍未停下：请检查流程间的消息是否成环")
                queue.extend(_step(session, context, due, moved, actor, now))
            elif isinstance(due, Start):
                begins = create(session, context, due, actor=actor, now=now)
                queue.appendleft(begins)
                moved.started.append(begins.instance_id)
            else:
                queue.extendleft(reversed(_settle(session, context, due, now)))
        except StepFailed as failure:
            moved.failed.append(open_incident(session, due, failure, actor=actor, now=now))
        except NotFound:
            if not isinstance(due, Work) or due.post is None:
                raise
            queue.appendleft(due.post)  # whom it was for is gone since it was looked for


def _settle(session: Session, context: Context, follow: Follow, now: datetime) -> Sequence[Start | Work]:
    """A message that cannot be sent is an incident of its sender."""
    try:
        return route.settle(session, context, follow, now)
    except (Ambiguous, NotFound) as refused:
        element_id = getattr(follow, "element_id", "")
        raise StepFailed(element_id, str(refused), getattr(follow, "data", None)) from refused


def _step(
    session: Session, context: Context, work: Work, moved: Moved, actor: Actor, now: datetime
) -> list[Due]:
    recorded, step = _one(session, context, work, actor, now)
    moved.instances.append(work.instance_id)
    moved.opened.extend(row["id"] for row in recorded.opened)
    return [*step.after, *route.follows(step, recorded)]


def _one(
    session: Session, context: Context, work: Work, actor: Actor, now: datetime
) -> tuple[Recorded, Step]:
    instance = lock_instance(session, work.instance_id, work.read)
    undo = Undo(session)
    try:
        step = _load(session, context, instance, work, actor, now)
        serve.run(step, undo)
        after = take(step.execution)
        if context.assign or step.execution.program.has_deadlines:
            undo.arm()  # these may refuse when half of the step is written
        recorded = record(step, after)
    except StepFailed:
        undo.take_back()
        raise
    undo.keep()
    if recorded.status == "active":
        live = Live(step.execution, recorded.shards, after)
        context.live.keep(session, instance.id, instance.revision + 1, live)
    else:
        fan_in.child_ended(session, instance, recorded.status, now)
    forget_row(session, Instance, instance.id)
    if context.on_task:
        for task in recorded.tasks():
            context.on_task(session, task, step.entity, now)
    return recorded, step


def _load(
    session: Session, context: Context, instance: InstanceRow, work: Work, actor: Actor, now: datetime
) -> Step:
    if instance.revision == 0:
        return _begin(session, context, instance, work, actor, now)
    live = context.live.take(session, instance.id, instance.revision)
    if live is None:
        live = _read(session, context, instance, work.command.shard, _env(session, context, now))
    else:
        live.execution.renew(live.shards.contents, _env(session, context, now))
    return Step(
        session, context, instance, live.execution, work.command, live.shards, live.snapshot, actor, now
    )


def _begin(
    session: Session, context: Context, instance: InstanceRow, work: Work, actor: Actor, now: datetime
) -> Step:
    """An instance that has not run yet. It may also be cancelled before it ever does."""
    program = context.programs.get(session, instance.definition_id)
    starts = program.processes[instance.process_id].starts
    any_start = Begin({}, starts[0].id if starts else None)
    begin = work.command if isinstance(work.command, Begin) else any_start
    execution = Execution.start(
        program, instance.process_id, dict(begin.data), _env(session, context, now),
        start_event=begin.start_event,
    )  # fmt: skip
    return Step(session, context, instance, execution, work.command, Shards({}, {}), EMPTY, actor, now)


def _read(session: Session, context: Context, instance: InstanceRow, shard: str, env: StepEnv) -> Live:
    shards = state.load(session, instance.id)
    program = context.programs.get(session, instance.definition_id)
    execution = Execution.load(program, instance.process_id, shards.contents, env, want=shards.wanted(shard))
    return Live(execution, shards, take(execution))


def _env(session: Session, context: Context, now: datetime) -> StepEnv:
    def due(key: str, data: Mapping[str, Any], start: Any) -> datetime:
        rule = context.rules(session).get(key)
        if rule is None:
            raise StepFailed("", f"期限规则“{key}”不存在", data)
        begins = deadlines.parse_start("", f"due('{key}')", start, data) if start else now
        period = compute(rule, context.calendar(session), begins)
        return RuleInstant.of(period.due_at, key, period.start_on)

    return StepEnv(now=now, due=due)


__all__ = ["CompleteTask", "Moved", "Start", "Work", "advance", "carry", "create"]
