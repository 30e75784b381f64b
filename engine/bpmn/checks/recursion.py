"""Tells processes that always call themselves: each would open the next until the engine stops it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.bpmn.drawing import ProcessDrawing
from engine.bpmn.reach import entries, reachable, steps
from engine.errors import Problem


def recursion(drawings: Sequence[ProcessDrawing]) -> Iterator[Problem]:
    """Errors at the call activities by which a process always comes back to itself."""
    always = {drawing.id: _always(drawing) for drawing in drawings}
    calls = {process: list(called) for process, called in always.items()}
    for drawing in drawings:
        for called, element in always[drawing.id].items():
            if drawing.id in reachable(calls, [called]):
                message = (
                    f"流程“{drawing.id}”每次都会经这里又调用到自己，永远不会结束：请在前面画出不再调用的出路"
                )
                yield Problem(element, message, file=drawing.file)


def _always(drawing: ProcessDrawing) -> dict[str, str]:
    """Called process → call activity, of those calls without which nothing of the process ends.

    A loop may run no round, and a handler or boundary event may take its place: such calls are not meant.
    """
    block = drawing.block
    if any(element.handles_event for element in block.elements.values()):
        return {}
    ahead, first = steps(block), entries(block)
    found: dict[str, str] = {}
    for element in block.elements.values():
        called = element.node.called
        if not called or element.loop or block.attached(element.id):
            continue
        around = {source: targets for source, targets in ahead.items() if source != element.id}
        if element.id in reachable(ahead, first) and all(
            ahead[other] or other == element.id for other in reachable(around, first)
        ):
            found[called] = element.id
    return found
