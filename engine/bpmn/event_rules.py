"""Refuses events that cannot happen, or cannot be caught, where they are drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Set

from engine.bpmn.drawing import Block, Element
from engine.bpmn.names import ACTIVITIES

Told = Iterator[tuple[str, str]]
"""(element id, sentence)."""
_AWAITED = ("message", "signal", "timer", "conditional")
_WORDS = {
    "error": "错误", "escalation": "升级", "cancel": "取消", "compensate": "补偿", "message": "消息",
    "signal": "信号",
}  # fmt: skip
_FOR_ONE = {"error", "escalation", "cancel", "compensate", "message"}
"""What reaches one event only, of several that stand side by side. A signal reaches all."""


def check_events(block: Block) -> Told:
    """All that is wrong with the events directly in `block`."""
    for element in block.elements.values():
        rule = _RULES.get(element.kind)
        if rule:
            yield from rule(block, element)
        yield from _doubled(element.id, block.attached(element.id), _FOR_ONE)
    starts = [start for each in block.elements.values() if each.handles_event for start in _starts(each)]
    for start in starts:
        yield from _doubled(start.id, [other for other in starts if other.trigger == start.trigger], _FOR_ONE)


def _starts(event_block: Element) -> list[Element]:
    return event_block.block.starts() if event_block.block else []


def _doubled(element_id: str, events: list[Element], kinds: Set[str]) -> Told:
    """Of two events for the same thing, only one would ever happen."""
    awaited = Counter(
        (event.trigger.kind, event.trigger.value, event.node.properties.get("correlation"))
        for event in events
        if event.trigger.kind in kinds
    )
    for (kind, value, _), count in awaited.items():
        if count > 1:
            what = f"{_WORDS[kind]}“{value}”" if value else _WORDS[kind]
            yield element_id, f"有 {count} 个事件接同一个{what}：只会走其中一个，请合并"


def _boundary(block: Block, element: Element) -> Told:
    host, kind = block.elements.get(element.attached_to or ""), element.trigger.kind
    if host is None or host.kind not in ACTIVITIES or host.handles_event:
        yield element.id, "边界事件应附在同一层的任务或子流程上"
        return
    opens = host.block is not None or host.kind == "callActivity"
    if kind in ("error", "cancel") and not element.interrupting:
        yield element.id, f"{_WORDS[kind]}边界事件只能是中断的：请改为中断"
    if kind == "error" and not (opens or host.kind == "scriptTask" or host.node.topic):
        yield (
            element.id,
            "错误边界事件只能附在子流程、调用活动、脚本或有主题的任务上：别的活动不会出错",
        )
    throws = host.loop is not None and host.loop.event is not None and host.loop.event.kind == "escalation"
    if kind == "escalation" and not (opens or throws):
        yield element.id, "升级边界事件只能附在子流程或调用活动上"
    if kind == "cancel" and host.kind != "transaction":
        yield element.id, "取消边界事件只能附在事务子流程上"
    if element.trigger.timer == "timeCycle" and element.interrupting:
        yield element.id, "循环定时只能用于非中断的边界事件：请改为时长或非中断"


def _catch(block: Block, element: Element) -> Told:
    if element.trigger.timer == "timeCycle":
        yield element.id, "循环定时只能用于非中断的边界事件：周期性的启动请用日历计划"
    if element.trigger.kind != "link":
        return
    if block.incoming(element.id):
        yield element.id, "链接捕获事件不能有入口：它从同名的链接抛出事件而来"
    if not any(
        other.kind == "intermediateThrowEvent" and other.trigger == element.trigger
        for other in block.elements.values()
    ):
        yield element.id, f"没有名为“{element.trigger.value}”的链接抛出事件通到这里"


def _throw(block: Block, element: Element) -> Told:
    if element.trigger.kind != "link":
        return
    if block.outgoing(element.id):
        yield element.id, "链接抛出事件不能有出口：它通往同名的链接捕获事件"
    targets = [
        other
        for other in block.elements.values()
        if other.kind == "intermediateCatchEvent" and other.trigger == element.trigger
    ]
    if len(targets) != 1:
        yield element.id, f"名为“{element.trigger.value}”的链接捕获事件应有一个，但是有 {len(targets)} 个"


def _gateway(block: Block, element: Element) -> Told:
    """Source: BPMN 2.0 section 10.6.6."""
    targets = [block.elements[flow.target] for flow in block.outgoing(element.id)]
    if not targets:
        yield element.id, "事件网关没有出口"
    for target in targets:
        catches = target.kind == "intermediateCatchEvent" and target.trigger.kind in _AWAITED
        if not catches and not (target.kind == "receiveTask" and target.loop is None):
            yield (
                element.id,
                "事件网关之后应是消息、信号、定时、条件事件或接收任务，"
                f"但是“{target.node.name or target.id}”不是",
            )
        if block.attached(target.id):
            yield (
                target.id,
                "事件网关之后的接收任务不能附有边界事件：它们会与网关各走各的，请把这些事件改画在网关之后",
            )
    yield from _doubled(element.id, targets, {"message", "signal"})


def _event_block(block: Block, element: Element) -> Told:
    if not element.handles_event:
        return
    starts = _starts(element)
    if len(starts) != 1:
        yield element.id, f"事件子流程应有一个开始事件，但是有 {len(starts)} 个"
    if block.incoming(element.id) or block.outgoing(element.id):
        yield element.id, "事件子流程不能有顺序流：它由自己的开始事件启动"
    if element.loop:
        yield element.id, "事件子流程不能循环：非中断的开始事件本来就可以多次启动它"
    for start in starts:
        if start.trigger.kind == "error" and not start.interrupting:
            yield start.id, "错误开始事件只能是中断的：请改为中断"
        if start.trigger.timer == "timeCycle" and start.interrupting:
            yield start.id, "循环定时只能用于非中断的开始事件：请改为时长或非中断"


_RULES: dict[str, Callable[[Block, Element], Told]] = {
    "boundaryEvent": _boundary, "intermediateCatchEvent": _catch, "intermediateThrowEvent": _throw,
    "eventBasedGateway": _gateway, "subProcess": _event_block,
}  # fmt: skip
