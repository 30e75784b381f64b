"""Refuses drawings that cannot be executed as they stand, element by element."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

from engine.bpmn.drawing import Block, Element, ProcessDrawing, nested
from engine.bpmn.names import ACTIVITIES
from engine.bpmn.reach import entries, reachable, steps
from engine.errors import Problem

Told = Iterator[tuple[str, str]]
"""(element id, sentence)."""


def check_structure(drawing: ProcessDrawing, processes: Set[str]) -> list[Problem]:
    """All problems of a process; `processes` are the ids that call activities may name."""
    told: list[tuple[str, str]] = list(_process(drawing))
    for block in nested(drawing.block):
        for element in block.elements.values():
            told.extend(_flows(block, element))
            rule = _RULES.get(element.kind)
            if rule:
                told.extend(rule(block, element, processes))
            if element.loop and element.kind not in ACTIVITIES:
                told.append((element.id, "只有活动可以循环"))
    return [Problem(element_id, sentence, file=drawing.file) for element_id, sentence in told]


def _process(drawing: ProcessDrawing) -> Told:
    """Several plain start events are fine: a form, a call and a visit each begin at their own."""
    if not drawing.block.starts():
        yield drawing.id, "流程没有开始事件：请画一个"


def _flows(block: Block, element: Element) -> Told:
    outgoing, incoming = block.outgoing(element.id), block.incoming(element.id)
    if element.default and all(flow.id != element.default for flow in outgoing):
        yield element.id, f"默认出口“{element.default}”不是它的出口：请重新设置"
    if element.kind == "endEvent" and outgoing:
        yield element.id, "结束事件不能有出口"
    if element.kind in ("startEvent", "boundaryEvent") and incoming:
        yield element.id, "开始事件和边界事件不能有入口"
    if element.kind in ("exclusiveGateway", "inclusiveGateway") and len(outgoing) > 1:
        for flow in outgoing:
            if flow.condition is None and flow.id != element.default:
                yield element.id, f"出口“{flow.name or flow.id}”既没有条件也不是默认出口：请填写其一"
    if element.kind in ("parallelGateway", "eventBasedGateway"):
        for flow in outgoing:
            if flow.condition is not None:
                yield element.id, f"出口“{flow.name or flow.id}”的条件不会起作用：此网关的出口不能有条件"


def _boundary(block: Block, element: Element, processes: Set[str]) -> Told:
    host = block.elements.get(element.attached_to or "")
    if host is None or host.kind not in ACTIVITIES:
        yield element.id, "边界事件应附在同一层的任务或子流程上"
    if element.trigger.kind == "error" and not element.interrupting:
        yield element.id, "错误边界事件只能是中断的：请改为中断"
    if (
        element.trigger.kind in ("error", "escalation")
        and host is not None
        and host.block is None
        and not host.node.called
    ):
        yield element.id, "错误和升级边界事件只能附在子流程或调用活动上"
    if element.trigger.timer == "timeCycle" and element.interrupting:
        yield element.id, "循环定时只能用于非中断的边界事件：请改为时长或非中断"


def _catch(block: Block, element: Element, processes: Set[str]) -> Told:
    if element.trigger.timer == "timeCycle":
        yield element.id, "循环定时只能用于非中断的边界事件：周期性的启动请用日历计划"
    if element.trigger.kind == "link" and not any(
        other.kind == "intermediateThrowEvent" and other.trigger == element.trigger
        for other in block.elements.values()
    ):
        yield element.id, f"没有名为“{element.trigger.value}”的链接抛出事件通到这里"


def _throw(block: Block, element: Element, processes: Set[str]) -> Told:
    if element.trigger.kind != "link":
        return
    targets = [
        other
        for other in block.elements.values()
        if other.kind == "intermediateCatchEvent" and other.trigger == element.trigger
    ]
    if len(targets) != 1:
        yield element.id, f"名为“{element.trigger.value}”的链接捕获事件应有一个，但是有 {len(targets)} 个"


def _parallel(block: Block, element: Element, processes: Set[str]) -> Told:
    """An entrance that is reached only after the gateway has fired keeps it from ever firing."""
    incoming = block.incoming(element.id)
    if len(incoming) < 2:
        return
    ahead = {source: targets for source, targets in steps(block).items() if source != element.id}
    before = reachable(ahead, entries(block))
    for flow in incoming:
        if flow.source not in before or flow.source == element.id:
            yield (
                element.id,
                f"入口“{flow.name or flow.id}”要先经过本网关才会走到，本网关将永远等待："
                "请在它前面加一个排他网关合并",
            )


def _event_gateway(block: Block, element: Element, processes: Set[str]) -> Told:
    targets = [block.elements[flow.target] for flow in block.outgoing(element.id)]
    if not targets:
        yield element.id, "事件网关没有出口"
    for target in targets:
        catches = target.kind == "intermediateCatchEvent" and target.trigger.kind in (
            "message",
            "signal",
            "timer",
        )
        if not catches and not (target.kind == "receiveTask" and target.loop is None):
            yield (
                element.id,
                f"事件网关之后应是消息、信号、定时事件或接收任务，但是“{target.node.name or target.id}”不是",
            )


def _sub_process(block: Block, element: Element, processes: Set[str]) -> Told:
    inner = element.block
    if inner is None:
        return
    if inner.event_block:
        yield element.id, "事件子流程不支持：请用边界事件和普通任务表达"
        return
    starts = inner.starts()
    if len(starts) > 1 or any(start.trigger.kind != "none" for start in starts):
        yield element.id, "子流程应只有一个没有触发器的开始事件"
    free = [e for e in inner.elements.values() if not inner.incoming(e.id) and e.attached_to is None]
    if not starts and len(free) != 1:
        yield element.id, "子流程应有一个开始事件：请画出来"


def _call(block: Block, element: Element, processes: Set[str]) -> Told:
    if not element.node.called:
        yield element.id, "调用活动没有写明调用哪个流程（calledElement）"
    elif element.node.called not in processes:
        yield element.id, f"调用的流程“{element.node.called}”不存在：请先发布它或改正 id"
    for mapping in (*element.ins, *element.outs):
        if not mapping.everything and not (mapping.target and mapping.source):
            yield element.id, "调用活动的 in/out 应写明来源和目标"


def _service(block: Block, element: Element, processes: Set[str]) -> Told:
    if not element.node.topic:
        yield element.id, '服务任务没有写明主题（camunda:type="external"、camunda:topic）'


def _script(block: Block, element: Element, processes: Set[str]) -> Told:
    if not element.script:
        yield element.id, "脚本任务没有脚本"


_RULES: dict[str, Callable[[Block, Element, Set[str]], Told]] = {
    "boundaryEvent": _boundary, "intermediateCatchEvent": _catch, "intermediateThrowEvent": _throw,
    "eventBasedGateway": _event_gateway, "parallelGateway": _parallel, "subProcess": _sub_process,
    "callActivity": _call, "serviceTask": _service, "scriptTask": _script,
}  # fmt: skip
