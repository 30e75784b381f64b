"""What each process of a bundle may begin with: answers of start forms, and what callers hand over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.bpmn.checks.known import Known
from engine.bpmn.checks.usage import Writes
from engine.bpmn.drawing import Element, ProcessDrawing, nested


def given_to(drawings: Iterable[ProcessDrawing], known: Known) -> Mapping[str, Writes]:
    """By process id. A form that no task uses is one that a process begins with."""
    drawings = list(drawings)
    elements = [e for d in drawings for block in nested(d.block) for e in block.elements.values()]
    used = {element.node.form for element in elements}
    begun: set[str] = set()
    for form in known.forms - used:
        begun |= set(known.fields.get(form, ()))
    found = {
        drawing.id: Writes(set(begun), known.forms - used <= known.fields.keys()) for drawing in drawings
    }
    for process, names in known.handed.items():
        _hand(found, process, names)
    for element in elements:
        if element.node.called:
            _hand(found, element.node.called, handed(element))
    return found


def handed(call: Element) -> set[str] | None:
    """Variables a call activity gives; None for all there are."""
    if not (call.ins or call.outs) or any(mapped.everything for mapped in call.ins):
        return None
    return {mapped.target for mapped in call.ins}


def _hand(found: dict[str, Writes], process: str, names: Iterable[str] | None) -> None:
    if process not in found:
        return
    if names is None:
        found[process].sure = False
    else:
        found[process].names |= set(names)
