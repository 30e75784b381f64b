"""Refuses drawings that cannot be executed as they stand, element by element."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Set

from engine.bpmn.ad_hoc_rules import check_ad_hoc
from engine.bpmn.drawing import Block, Element, ProcessDrawing, nested
from engine.bpmn.event_rules import check_events
from engine.bpmn.names import ACTIVITIES
from engine.bpmn.reach import entries, reachable, steps
from engine.bpmn.undo_rules import check_undo
from engine.errors import Problem

Told = Iterator[tuple[str, str]]
"""(element id, sentence)."""


def check_structure(drawing: ProcessDrawing, processes: Set[str]) -> list[Problem]:
    """All problems of a process; `processes` are the ids that call activities may name."""
    told: list[tuple[str, str]] = list(_process(drawing))
    told.extend(check_undo(drawing))
    for block in nested(drawing.block):
        told.extend(check_events(block))
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
    if not drawing.block.starts() and not drawing.block.entrances():
        yield drawing.id, "流程没有开始事件，也没有一个没有入口的元素可以开始：请画一个开始事件"


def _flows(block: Block, element: Element) -> Told:
    outgoing, incoming = block.outgoing(element.id), block.incoming(element.id)
    if element.default and all(flow.id != element.default for flow in outgoing):
        yield element.id, f"默认出口“{element.default}”不是它的出口：请重新设置"
    if element.instantiates:
        yield from _instantiating(block, element)
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


def _instantiating(block: Block, element: Element) -> Told:
    """Source: BPMN 2.0 sections 10.3.3 (receive task) and 10.6.6 (event gateway)."""
    chosen = any(block.elements[flow.source].instantiates for flow in block.incoming(element.id))
    if len(block.incoming(element.id)) != chosen:
        yield element.id, "启动流程的接收任务或事件网关（instantiate）不能有入口：请去掉入口或 instantiate"
    if element.loop:
        yield element.id, "启动流程的接收任务不能循环：请在它之后另画一个任务"
    if element.kind != "eventBasedGateway" and element.trigger.kind not in ("message", "signal"):
        yield element.id, "启动流程的事件网关之后只能是消息、信号或接收任务：定时启动请用日历计划"


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


def _sub_process(block: Block, element: Element, processes: Set[str]) -> Told:
    inner = element.block
    if inner is None or inner.event_block:
        return
    starts = inner.starts()
    if len(starts) > 1 or any(start.trigger.kind != "none" for start in starts):
        yield element.id, "子流程应只有一个没有触发器的开始事件"
    if not starts and not inner.entrances():
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
    "parallelGateway": _parallel, "subProcess": _sub_process, "transaction": _sub_process,
    "adHocSubProcess": check_ad_hoc, "callActivity": _call, "serviceTask": _service, "scriptTask": _script,
}  # fmt: skip
