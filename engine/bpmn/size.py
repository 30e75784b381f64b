"""Bounds on one process: more elements than anybody reads, and what is told of them takes for ever."""

from __future__ import annotations

from engine.bpmn.names import FLOW_NODES, Xml, is_bpmn, local

MAX_ELEMENTS = 1_000
"""Flow nodes of a process, those of its sub-processes included."""
MAX_FLOWS = 2_000
MAX_INCLUSIVE = 100
"""Inclusive gateways: for each, what can still reach it is kept."""


def too_large(process: Xml) -> str | None:
    """A sentence, when the process is larger than the bounds."""
    tags = [local(node) for node in process.iter() if is_bpmn(node)]
    elements, flows = sum(tag in FLOW_NODES for tag in tags), tags.count("sequenceFlow")
    inclusive = tags.count("inclusiveGateway")
    if elements <= MAX_ELEMENTS and flows <= MAX_FLOWS and inclusive <= MAX_INCLUSIVE:
        return None
    return (
        f"流程应不超过 {MAX_ELEMENTS} 个元素、{MAX_FLOWS} 条顺序流、{MAX_INCLUSIVE} 个包容网关，"
        f"但是有 {elements} 个、{flows} 条、{inclusive} 个：请拆成几个流程，用调用活动连接"
    )
