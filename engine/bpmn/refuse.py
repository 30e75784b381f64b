"""Refuses what BPMN allows and this engine would not execute as drawn, in words for process owners."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.names import ACTIVITIES, Xml, flag, is_bpmn, local

_TAGS = {
    "complexGateway": "复杂网关不支持：请用排他、包容或并行网关表达",
    "choreographyTask": "编排任务不支持：请用普通任务",
}


def refusals(node: Xml) -> Iterator[str]:
    """Sentences about `node` itself, not about what is inside it."""
    tag = local(node)
    if not is_bpmn(node):
        return
    if tag in _TAGS:
        yield _TAGS[tag]
    if tag in ACTIVITIES:
        yield from _activity(node)
    if tag == "transaction" and node.get("method", "##Compensate").lower().strip("#") != "compensate":
        yield f"事务的 method 应为 ##Compensate，但是“{node.get('method')}”：外部的事务协议不会执行"
    if tag == "eventBasedGateway":
        if node.get("eventGatewayType") == "Parallel":
            yield "并行的事件网关不支持：它只会等到第一个事件"
    if flag(node, "parallelMultiple"):
        yield "并行多重事件不支持：请用并行网关和几个事件表达"


def _activity(node: Xml) -> Iterator[str]:
    if node.get("startQuantity", "1") != "1" or node.get("completionQuantity", "1") != "1":
        yield "令牌数量（startQuantity、completionQuantity）不支持：它会被忽略"
