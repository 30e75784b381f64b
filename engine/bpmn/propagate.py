"""How what is thrown finds who catches it: up through the scopes around, or everywhere at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from engine.bpmn.running import Running
    from engine.bpmn.specs.boundary import BoundaryEvent
    from engine.bpmn.token import Token


def throw_up(token: Token, kind: str, code: str | None) -> bool:
    """Fires the innermost boundary event that catches an error or escalation; False when there is none.

    At one activity the event that names the code goes before the one that catches all.
    Source: BPMN 2.0 sections 10.5.1 and 13.5.
    """
    for holder in _outwards(token):
        catching = [boundary for boundary in holder.task_spec.boundaries if boundary.catches(kind, code)]
        if catching:
            min(catching, key=_is_catch_all).caught(holder)
            return True
    return False


def _outwards(token: Token) -> Iterator[Token]:
    """The token, the loop it is an instance of, the host of their scope, and so on."""
    here: Token | None = token
    while here is not None:
        yield here
        parent = here.workflow.tasks.get(here._parent) if here._parent else None
        here = parent or here.workflow.host


def _is_catch_all(boundary: BoundaryEvent) -> bool:
    return not boundary.element.trigger.value


def broadcast(running: Running, signal: str, payload: Mapping[str, Any]) -> None:
    """A signal reaches every token of the instance that waits for it at this moment."""
    waiting = [
        token
        for scope in list(running.scopes.values())
        for token in scope.waiting()
        if token.task_spec.element.trigger.kind == "signal"
        and token.task_spec.element.trigger.value == signal
    ]
    for token in waiting:
        if token._state == TaskState.WAITING:  # the one before may have interrupted it
            token.task_spec.receive(token, payload)
