"""Holds the diagrams of a bundle against the obligations that bind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from engine.bpmn.drawing import ProcessDrawing
from engine.bpmn.runs.question import Drawings
from engine.errors import Problem
from supervision.invariants import nodes, runs
from supervision.invariants.file import Obligation

_Check = Callable[[Obligation, ProcessDrawing, Drawings], Iterator[Problem]]
_CHECKS: Mapping[str, _Check] = {
    "before": runs.before,
    "person": runs.person,
    "never": nodes.never,
    "must": nodes.must,
    "property": nodes.property_,
    "uninterrupted": nodes.uninterrupted,
    "people": nodes.people,
}


def invariants(
    own: Sequence[ProcessDrawing],
    called: Sequence[ProcessDrawing],
    obligations: Sequence[Obligation],
) -> list[Problem]:
    """Problems of the processes `own`; those they call are followed."""
    drawings = {drawing.id: drawing for drawing in (*called, *own)}
    found: list[Problem] = []
    for drawing in own:
        for obligation in obligations:
            if obligation.holds_for(drawing.id):
                found += _CHECKS[obligation.kind](obligation, drawing, drawings)
    return list(dict.fromkeys(found))
