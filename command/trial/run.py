"""A trial's run: whatever can move moves, one step at a time; when nothing can, the clock jumps.

The order is fixed, so that a trial has one outcome: service tasks, messages and signals, people, time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from command.say import MISUSED, Refused
from command.trial.case import Case
from command.trial.outcome import Outcome
from command.trial.post import receivers
from command.trial.told import told
from command.trial.world import World
from engine.bpmn.execution import Execution, OpenTask
from engine.bpmn.program import StartEvent
from engine.errors import StepFailed

Move = Callable[[], None]


def run(world: World, process_id: str, data: Mapping[str, Any]) -> Outcome:
    """Runs until everything is done or waits for what no answer brings.

    Raises:
        Refused: the start event that the answers name is not there.
        InvalidData: an answer cannot be stored.
    """
    move: Move | None = partial(_begin, world, process_id, data)
    failure = None
    try:
        while move is not None:
            _count(world)
            move()
            move = _next(world)
    except StepFailed as failed:
        failure = failed
    return told(world, process_id, data, failure)


def _count(world: World) -> None:
    if world.steps >= world.limit:
        last = world.outcome.completed[-1:] or [""]
        reason = f"试走超过 {world.limit} 步仍未停下：请检查流程图中是否有死循环，或用 --steps 放宽"
        raise StepFailed(last[0], reason)
    world.steps += 1


def _begin(world: World, process_id: str, data: Mapping[str, Any]) -> None:
    start = _start_event(world, process_id)
    payload: Mapping[str, Any] = {}
    for mail in list(world.kept):
        if start and start.message and (mail.kind, mail.name) == (start.kind, start.message):
            world.kept.remove(mail)
            payload = mail.payload
            break
    world.start(process_id, {**payload, **world.answers.start_data, **data}, start.id if start else None)


def _start_event(world: World, process_id: str) -> StartEvent | None:
    """The one named in the answers, else the plain one, the one whose message is sent, or the first."""
    starts = world.program.processes[process_id].starts
    if (wanted := world.answers.start_event) is not None:
        for start in starts:
            if start.id == wanted:
                return start
        known = "、".join(start.id for start in starts)
        raise Refused(f"流程“{process_id}”没有开始事件“{wanted}”：它的开始事件有 {known}", MISUSED)
    sent = {(mail.kind, mail.name) for mail in world.kept}
    ranked = sorted(starts, key=lambda start: (start.kind != "none", (start.kind, start.message) not in sent))
    plain = [start.id for start in starts if start.kind == "none"]
    if len(plain) > 1:
        world.outcome.notes.append(
            f"有 {len(plain)} 个没有触发器的开始事件：{'、'.join(plain)}；试走从“{plain[0]}”开始，"
            "在答案文件的 start 中用 event 另选"
        )
    return ranked[0] if ranked else None


def _next(world: World) -> Move | None:
    return _service(world) or _mail(world) or _person(world) or _time(world)


def _service(world: World) -> Move | None:
    for case, task in _tasks(world, Execution.service_tasks):
        if world.replies.of(task, world.now)[1] <= world.now:
            return partial(world.serve, case, task)
    return None


def _mail(world: World) -> Move | None:
    if world.outbox:
        return partial(world.post, world.outbox.popleft())
    for mail in world.kept:
        if receivers(world.cases, mail):
            world.kept.remove(mail)
            return partial(world.post, mail)
    return None


def _person(world: World) -> Move | None:
    for case, task in _tasks(world, Execution.open_tasks):
        reply, at = world.replies.of(task, world.now)
        if at <= world.now:
            return partial(world.do, case, partial(Execution.complete, task_id=task.task_id, data=reply.data))
    return None


def _tasks(world: World, kind: Callable[[Execution], list[OpenTask]]) -> Iterator[tuple[Case, OpenTask]]:
    """Tasks that somebody answers, now or later."""
    for case in world.cases:
        for task in kind(case.now):
            if not world.replies.of(task, world.now)[0].left:
                yield case, task


def _time(world: World) -> Move | None:
    """The earliest of timers, planned mail, and answers that take their time."""
    ways = sorted(_ways(world), key=lambda way: way[0])
    if not ways:
        return None
    at, move = ways[0]
    world.now = max(world.now, at)
    return move


def _ways(world: World) -> Iterator[tuple[datetime, Move]]:
    for case in world.cases:
        for timer in case.now.timers():
            fire = partial(Execution.fire_timer, task_id=timer.task_id)
            yield timer.due_at, partial(world.do, case, fire)
    for kind in (Execution.service_tasks, Execution.open_tasks):
        for _, task in _tasks(world, kind):
            yield world.replies.of(task, world.now)[1], _stand_by
    for sending in world.planned:
        if sending.at is not None:
            at = sending.at if isinstance(sending.at, datetime) else sending.at.after(world.began)
            yield at, partial(world.send, sending)


def _stand_by() -> None:
    """The clock has moved; somebody's answer is due now."""
