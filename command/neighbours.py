"""What the bundles beside a bundle do with it: whom they call with what, what they send and take."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from engine.bpmn.checks.given import handed
from engine.bpmn.checks.messages import throws
from engine.bpmn.compile import read_bundle
from engine.bpmn.drawing import ProcessDrawing, nested
from engine.definition.bundle import Files, executable


@dataclass
class Neighbours:
    """`handed`: process → variables that some call gives it, None for any."""

    handed: dict[str, Set[str] | None] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    received: set[str] = field(default_factory=set)
    drawings: list[ProcessDrawing] = field(default_factory=list)


def neighbours_of(bundles: Mapping[str, Files]) -> Neighbours:
    """Reads every bundle; what cannot be read plays no part."""
    found = Neighbours()
    for files in bundles.values():
        for drawing in read_bundle(executable(files)).processes:
            found.drawings.append(drawing)
            for element in (e for block in nested(drawing.block) for e in block.elements.values()):
                if element.trigger.awaited:
                    (found.sent if throws(element) else found.received).add(element.trigger.awaited)
                if called := element.node.called:
                    before, names = found.handed.get(called, set()), handed(element)
                    found.handed[called] = None if before is None or names is None else before | names
    return found
