"""Refuses compensation and cancellation that would undo nothing, or not what is drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.bpmn.drawing import Block, Element, ProcessDrawing

Told = Iterator[tuple[str, str]]
"""(element id, sentence)."""


@dataclass(frozen=True)
class _Place:
    """A block, the element it belongs to, and the block that element stands in."""

    block: Block
    owner: Element | None = None
    around: Block | None = None


def check_undo(drawing: ProcessDrawing) -> Told:
    """All problems of a process."""
    if _undoing_start(drawing.block):
        yield drawing.id, "流程一级的补偿事件子流程不会被启动：请画在子流程中"
    for place in _places(_Place(drawing.block)):
        pointed = {element.handler for element in place.block.elements.values()}
        for element in place.block.elements.values():
            kind = element.trigger.kind
            if element.for_compensation:
                yield from _handler(place.block, element, pointed)
            if element.kind == "boundaryEvent" and kind == "compensate":
                yield from _boundary(place.block, element)
            elif element.kind in ("intermediateThrowEvent", "endEvent") and kind == "compensate":
                yield from _throw(place, element)
            elif element.kind == "endEvent" and kind == "cancel":
                yield from _cancel(place, element)


def _places(place: _Place) -> Iterator[_Place]:
    yield place
    for element in place.block.elements.values():
        if element.block is not None:
            yield from _places(_Place(element.block, element, place.block))


def _handler(block: Block, element: Element, pointed: set[str | None]) -> Told:
    if element.id not in pointed:
        yield element.id, "补偿活动没有与补偿边界事件相连：请用关联线把二者连起来"
    if block.incoming(element.id) or block.outgoing(element.id):
        yield element.id, "补偿活动不能有顺序流：它只由补偿边界事件启动"
    if element.loop:
        yield element.id, "补偿活动不能循环：请把循环放进一个子流程，再把子流程作为补偿活动"


def _boundary(block: Block, element: Element) -> Told:
    handler = block.elements.get(element.handler or "")
    if handler is None:
        yield element.id, "补偿边界事件没有与同一层的补偿活动相连：请用关联线连到标为补偿的活动"
    if block.outgoing(element.id):
        yield element.id, "补偿边界事件不能有顺序流：请用关联线连到补偿活动"
    host = block.elements.get(element.attached_to or "")
    if host is not None and host.block is not None and _undoing_start(host.block):
        yield element.id, "此子流程里已有补偿事件子流程：两种补偿只能取一种"
    if host is not None and host.for_compensation:
        yield element.id, "补偿活动本身不能再被补偿：请去掉这个边界事件"


def _throw(place: _Place, element: Element) -> Told:
    """Within an event sub-process it is the scope around that is undone."""
    block = place.around if place.block.event_block and place.around else place.block
    activity = element.trigger.value
    if activity is None:
        if not any(_undoable(block, each) for each in block.elements.values()):
            yield element.id, "这一层没有可以补偿的活动：请给活动加补偿边界事件"
        return
    named = block.elements.get(activity)
    if named is None:
        yield element.id, f"要补偿的活动“{activity}”不在同一层：请改在它所在的流程或子流程中抛出补偿"
    elif not _undoable(block, named):
        yield element.id, f"要补偿的活动“{activity}”没有补偿处理：请给它加补偿边界事件"


def _cancel(place: _Place, element: Element) -> Told:
    if place.owner is None or place.owner.kind != "transaction" or place.around is None:
        yield element.id, "取消结束事件只能直接画在事务子流程中"
    elif not any(event.trigger.kind == "cancel" for event in place.around.attached(place.owner.id)):
        yield element.id, "事务子流程没有取消边界事件：取消之后无处可去，请在事务上加一个"


def _undoing_start(block: Block) -> bool:
    """Whether a compensation event sub-process stands directly in the block."""
    return any(
        start.trigger.kind == "compensate"
        for each in block.elements.values()
        if each.handles_event and each.block
        for start in each.block.starts()
    )


def _undoable(block: Block, element: Element) -> bool:
    if any(event.trigger.kind == "compensate" for event in block.attached(element.id)):
        return True
    inner = element.block
    return inner is not None and (
        _undoing_start(inner) or any(_undoable(inner, each) for each in inner.elements.values())
    )
