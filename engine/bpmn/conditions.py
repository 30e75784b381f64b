"""Conditional events: asked after every move, fired when their condition has become true.

A condition must have been false before it can fire again. One over variables that have no value yet is false.
Source: BPMN 2.0 table 10.84 and section 10.5.5.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.bpmn.running import Running
    from engine.bpmn.token import Token

WAS_TRUE = "was"
"""Key of `internal_data`: the condition was true when last asked, and has fired for that."""


def fire_conditions(running: Running) -> None:
    """Fires until no condition has become true. Raises StepFailed when one cannot be computed."""
    while any(_asked(token) for token in _waiting(running)):
        pass


def _waiting(running: Running) -> list[Token]:
    watched = running.program.listening.conditions
    return [
        token
        for scope in list(running.scopes.values())
        if scope.spec in watched
        for token in scope.waiting()
        if token.task_spec.element.trigger.kind == "conditional"
    ]


def _asked(token: Token) -> bool:
    """Asks one condition; True when it fired, so that others may have come or gone."""
    true, was = token.holds(token.task_spec.element.trigger.value or "False"), WAS_TRUE in token.internal_data
    if true and not was:
        token.internal_data[WAS_TRUE] = 1
        token.workflow.running.count(token)
        token.task_spec.fire(token)
        return True
    if was and not true:
        del token.internal_data[WAS_TRUE]
    return False
