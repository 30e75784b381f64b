"""What a running instance waits for: people, handlers, instants, messages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.report import OpenTask, WaitingMessage, WaitingTimer
from engine.bpmn.running import Running
from engine.bpmn.specs.event import CatchEvent
from engine.bpmn.specs.task import PersonTask, TopicTask
from engine.bpmn.token import Token


def open_tasks(running: Running) -> list[OpenTask]:
    """User and manual tasks."""
    tokens = _tokens(running, TaskState.READY)
    return [_open_task(token) for token in tokens if isinstance(token.task_spec, PersonTask)]


def service_tasks(running: Running) -> list[OpenTask]:
    """Tasks with a topic."""
    tokens = _tokens(running, TaskState.STARTED)
    return [_open_task(token) for token in tokens if isinstance(token.task_spec, TopicTask)]


def timers(running: Running) -> list[WaitingTimer]:
    """Tokens with an instant."""
    return [
        WaitingTimer(
            token.id,
            token.task_spec.node.id,
            datetime.fromisoformat(token.internal_data["due"]),
            token.workflow.shard,
            rule=tuple(token.internal_data["rule"]) if "rule" in token.internal_data else None,
            name=token.task_spec.node.name,
        )
        for token in _tokens(running, TaskState.WAITING)
        if "due" in token.internal_data
    ]


def subscriptions(running: Running) -> list[WaitingMessage]:
    """Tokens with a message or signal."""
    return [
        WaitingMessage(
            token.id,
            token.task_spec.node.id,
            name,
            token.internal_data.get("correlation"),
            token.workflow.shard,
            token.task_spec.element.trigger.kind,
        )
        for token in _tokens(running, TaskState.WAITING)
        if isinstance(token.task_spec, CatchEvent) and (name := token.task_spec.element.trigger.awaited)
    ]


def standing(running: Running) -> list[str]:
    """Ids of the elements where tokens stand, whatever for; boundary events and other watchers left out."""
    return [
        token.task_spec.node.id
        for scope in running.scopes.values()
        for token in scope.tasks.values()
        if not (
            token._children
            or token.task_spec.has_scope
            or token.task_spec.watches
            or "host" in token.internal_data
        )
    ]


def calls(running: Running) -> list[str]:
    """Ids of the call activities that run."""
    hosts = [scope.host.task_spec.node for scope in running.scopes.values() if scope.host is not None]
    return [node.id for node in hosts if node.kind == "callActivity"]


def _tokens(running: Running, state: int) -> Iterator[Token]:
    for scope in running.scopes.values():
        for token in scope.tasks.values():
            if token._state == state:
                yield token


def _open_task(token: Token) -> OpenTask:
    node = token.task_spec.node
    return OpenTask(token.id, node.id, node.process_id, token.workflow.shard, token.seen(), node)
