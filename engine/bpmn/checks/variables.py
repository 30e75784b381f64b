"""Variables that are read and that nothing writes, told only where nothing unknown could write them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.bpmn.checks.known import Known
from engine.bpmn.checks.usage import COUNTERS, Writes, reads, writes
from engine.bpmn.dmn.model import Decision
from engine.bpmn.drawing import ProcessDrawing, nested
from engine.errors import Problem


def variables(
    drawing: ProcessDrawing, known: Known, decisions: Mapping[str, Decision], given: Writes
) -> Iterator[Problem]:
    """Warnings. `given`: what the process may begin with, by form or by those that call it."""
    written = Writes(set(given.names) | COUNTERS, given.sure)
    local: set[str] = set()
    blocks = nested(drawing.block)
    for block in blocks:
        for element in block.elements.values():
            written.merge(writes(element, known, decisions))
            local |= {mapped.target for mapped in (element.mapping.ins if element.mapping else ())}
            local |= {name for name in _instance_names(element) if name}
    if not written.sure:
        return
    for block in blocks:
        for element in block.elements.values():
            for where, name in dict.fromkeys(reads(block, element, decisions)):
                if name not in written.names | local:
                    yield Problem(
                        element.id,
                        f"{where}用到变量“{name}”，但没有一处写入它：请检查名称；"
                        f"由启动时的数据给出、或可能没有值的，请写 get('{name}')",
                        "warning",
                        drawing.file,
                    )


def _instance_names(element: object) -> tuple[str | None, ...]:
    loop = getattr(element, "loop", None)
    return (loop.variable, loop.output_item) if loop else ()
