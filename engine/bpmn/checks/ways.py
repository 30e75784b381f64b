"""Elements that are never reached, lead nowhere or never to an end, and choices without a default."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.bpmn.drawing import Block, Element, ProcessDrawing, nested
from engine.bpmn.names import GATEWAYS
from engine.bpmn.reach import entries, reachable, steps
from engine.errors import Problem


def ways(drawing: ProcessDrawing) -> Iterator[Problem]:
    """Errors for what cannot be meant, warnings for what may be."""
    for block in nested(drawing.block):
        ahead = steps(block)
        aside = [e.id for e in block.elements.values() if e.handles_event or e.for_compensation]
        reached = reachable(ahead, [*entries(block), *aside])
        drawn_ends = any(element.kind == "endEvent" for element in block.elements.values())
        for element in block.elements.values():
            tell = partial(Problem, element.id, file=drawing.file)
            if element.id not in reached:
                yield tell("从开始事件走不到这里：请连接或删除")
            open_end = drawn_ends or element.kind in GATEWAYS
            if open_end and not ahead[element.id] and not _may_end(element):
                yield tell("走到这里就断了：请连到下一步或结束事件")
            if (
                element.kind in ("exclusiveGateway", "inclusiveGateway")
                and len(block.outgoing(element.id)) > 1
                and not element.default
            ):
                yield tell("没有默认出口：条件都不成立时流程会停在这里", "warning")
            if element.kind == "eventBasedGateway" and len(_timers(block, element)) > 1:
                yield tell(
                    f"几个定时事件“{'、'.join(_timers(block, element))}”只有最早的一个会触发", "warning"
                )
        endless = _endless(block, ahead, reached)
        if endless:
            yield Problem(
                endless, "从这里再也走不到结束：流程会一直循环，请画出离开循环的路", "warning", drawing.file
            )


def _may_end(element: Element) -> bool:
    """What stands beside the flow leads nowhere; so does a link thrown, which is told otherwise."""
    beside = element.handles_event or element.for_compensation
    return beside or element.kind == "endEvent" or element.trigger.kind in ("link", "compensate")


def _timers(block: Block, gateway: Element) -> list[str]:
    """Names of the timers that race behind an event gateway."""
    targets = [block.elements[flow.target] for flow in block.outgoing(gateway.id)]
    return [target.node.name or target.id for target in targets if target.trigger.kind == "timer"]


def _endless(block: Block, ahead: dict[str, list[str]], reached: set[str]) -> str | None:
    """The first element that is reached, goes on, and from which nothing ends."""
    behind: dict[str, list[str]] = {}
    for source, targets in ahead.items():
        for target in targets:
            behind.setdefault(target, []).append(source)
    ending = reachable(behind, [element for element in block.elements if not ahead[element]])
    return next((element for element in block.elements if element in reached - ending), None)
