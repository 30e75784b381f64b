"""What a step writes into the case's history: every element, in the order it happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.actor import SYSTEM_ACTOR
from engine.bpmn.execution import Done
from engine.history.append import Chain
from engine.instance.commands import Begin, CompleteTask, DeliverMessage, DeliverSignal, FireTimer
from engine.instance.step import Step


def write_history(step: Step, opened: Sequence[Mapping[str, Any]], status: str) -> None:
    chain = Chain(step.session, step.instance.id)
    at, command = step.now, step.command
    if isinstance(command, Begin):
        payload = {"definition": step.instance.definition_id, "process": step.instance.process_id}
        if step.instance.cause_id:
            payload |= {"cause": step.instance.cause_id, "cause_head": step.instance.cause_head}
        chain.add("instance.started", at=at, actor=step.actor, name=step.instance.title, payload=payload)
    elif isinstance(command, DeliverMessage):
        chain.add(
            "message.received", at=at, actor=step.actor, name=command.message, payload=dict(command.data)
        )
    elif isinstance(command, DeliverSignal):
        chain.add("signal.received", at=at, actor=step.actor, name=command.signal, payload=dict(command.data))
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
            f"{thrown.kind}.thrown", at=at, actor=SYSTEM_ACTOR,
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


def _element(done: Done) -> dict[str, Any]:
    return {"element_id": done.element_id, "name": done.name or "", "task_id": done.task_id}
