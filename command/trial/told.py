"""Reads off a world how its trial went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from command.trial.case import Case
from command.trial.outcome import Outcome
from command.trial.world import World
from engine.errors import StepFailed


def told(world: World, process_id: str, data: Mapping[str, Any], failure: StepFailed | None) -> Outcome:
    """The outcome; `data` are those it was to begin with, should it not have begun."""
    outcome = world.outcome
    outcome.process = process_id
    outcome.data = world.cases[0].now.data if world.cases else dict(data)
    outcome.open = [element for case in world.cases for element in case.now.standing()]
    outcome.waiting = [one for case in world.cases for one in _waiting(case)]
    outcome.ended = [element for case in world.cases for element in case.now.ended_at]
    outcome.instances = [_instance(case) for case in world.cases]
    outcome.thrown = [mail.told() for mail in world.mail]
    outcome.stopped_at = world.now
    if failure is not None:
        outcome.incidents.append(_incident(world, failure))
    outcome.status = "incident" if failure else "waiting" if _active(world) else "completed"
    _add_notes(world)
    return outcome


def _active(world: World) -> bool:
    return any(case.now.status == "active" for case in world.cases)


def _waiting(case: Case) -> Iterator[dict[str, Any]]:
    now = case.now
    for kind, tasks in (("task", now.open_tasks()), ("service", now.service_tasks())):
        for task in tasks:
            yield {"element": task.element_id, "kind": kind, "name": task.node.name}
    for awaited in now.subscriptions():
        yield {
            "element": awaited.element_id, "kind": awaited.kind, "name": awaited.message,
            "correlation": awaited.correlation,
        }  # fmt: skip
    for timer in now.timers():
        yield {"element": timer.element_id, "kind": "timer", "name": "", "due_at": timer.due_at}


def _instance(case: Case) -> dict[str, Any]:
    now = case.now
    status = "waiting" if now.status == "active" else now.status
    return {"process": case.process_id, "status": status, "ended": now.ended_at, "data": now.data}


def _incident(world: World, failure: StepFailed) -> dict[str, Any]:
    return {
        "element": failure.element_id, "message": failure.reason, "at": world.now, "data": failure.data,
        "rolled_back": world.acting.rolled_back if world.acting else [],
    }  # fmt: skip


def _add_notes(world: World) -> None:
    processes = world.program.processes.values()
    elements = {node for process in processes for node in process.nodes}
    topics = {node.topic for process in processes for node in process.nodes.values() if node.topic}
    notes = world.outcome.notes
    notes += world.replies.unknown(elements, topics)
    notes += [f"“{mail.name}”没有人等待，没有送出" for mail in world.kept if not mail.element]
    notes += [f"“{sending.name}”没有发出" for sending in world.planned]
