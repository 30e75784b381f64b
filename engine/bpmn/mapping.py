"""Data mappings while they run: what goes into an activity or called process, and what comes out of it.

An activity with a mapping sees its inputs over the variables around it. The inputs, and the outputs that
are mapped on, are its own; whatever else it writes is a variable of the process, as without a mapping.
Source: BPMN 2.0 sections 10.4.1 and 10.4.2.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from engine.bpmn.layers import Over
from engine.bpmn.values import storable
from engine.errors import ExpressionError

if TYPE_CHECKING:
    from engine.bpmn.drawing import Mapped
    from engine.bpmn.token import Token

FRAME = "frame"
"""Key of `internal_data`: the variables that are the activity's own."""


def enter(token: Token) -> None:
    """The token reaches its activity: the inputs are given. Raises StepFailed when one cannot be computed."""
    mapping = token.task_spec.element.mapping
    if mapping is None:
        return
    outside = token.data
    frame: dict[str, Any] = {}
    token.internal_data[FRAME] = frame
    token.data = over(token, outside)
    for entry in mapping.ins:
        take(token, entry, token.data, frame)


def leave(token: Token) -> None:
    """The activity is complete: the outputs are taken, and what was its own is gone."""
    mapping = token.task_spec.element.mapping
    if mapping is None or not isinstance(token.data, Over):
        return
    outside = token.data.maps[1]
    for entry in mapping.outs:
        take(token, entry, token.data, outside)
    if token.task_spec.loop is None:
        token.data = outside


def over(token: Token, outside: Any) -> Any:
    """The variables an activity with a mapping sees."""
    mapping = token.task_spec.element.mapping
    own = mapping.own if mapping else frozenset()
    return Over(token.internal_data[FRAME], outside, own)


def take(token: Token, mapped: Mapped, source: Mapping[str, Any], target: MutableMapping[str, Any]) -> None:
    """One entry of a mapping. A variable without value is not copied."""
    if mapped.everything:
        target.update(storable(source))
    elif mapped.computed:
        value = token.evaluate(mapped.source)
        try:
            target[mapped.target] = storable(value)
        except ExpressionError as error:
            raise token.failure(f"映射到“{mapped.target}”的值：{error}") from error
    elif mapped.source in source:
        target[mapped.target] = storable(source[mapped.source])
