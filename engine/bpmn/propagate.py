"""How what is thrown finds who catches it: up through the scopes around, or everywhere at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

if TYPE_CHECKING:
    from engine.bpmn.running import Running
    from engine.bpmn.specs.boundary import BoundaryEvent
    from engine.bpmn.specs.event_subprocess import EventStart
    from engine.bpmn.token import Token


@dataclass(frozen=True)
class Raised:
    """What goes up: an error, an escalation, or the cancellation of a transaction."""

    kind: str
    code: str | None = None
    text: str = ""


def throw_up(token: Token, raised: Raised) -> bool:
    """Fires the innermost event that catches it; False when there is none.

    Asked at each level: the boundary events of the activity, those of the loop it is an instance of, the
    event sub-processes of the scope around it. At one level the event that names the code goes before the
    one that catches all.
    Source: BPMN 2.0 sections 10.5.1, 10.5.7 and 13.5.
    """
    here: Token | None = token
    while here is not None:
        if _caught(here, here.task_spec.boundaries, raised):
            return True
        scope = here.workflow
        around = scope.tasks.get(here._parent) if here._parent else None
        if around is None:
            if _caught(here, scope.event_starts_for(here), raised):
                return True
            around = scope.host
        here = around
    return False


def fail(token: Token, code: str | None, text: str = "") -> None:
    """A BPMN error at `token`. Raises StepFailed when nobody around catches it."""
    if not throw_up(token, Raised("error", code, text)):
        told = f"（{text}）" if text else ""
        raise token.failure(
            f"错误“{code or ''}”{told}没有被接住：请在此活动或外层子流程上加错误边界事件，或画错误事件子流程"
        )


def _caught(at: Token, events: Sequence[BoundaryEvent | EventStart], raised: Raised) -> bool:
    catching = [event for event in events if event.catches(raised)]
    if catching:
        min(catching, key=lambda event: not event.element.trigger.value).caught(at, raised)
    return bool(catching)


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
