"""Which element can reach which: along sequence flows, link events and boundary events, within one block."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.bpmn.drawing import Block, Element


def steps(block: Block) -> dict[str, list[str]]:
    """Element id → ids of the elements its token, or its boundary events' token, may go to next."""
    ahead: dict[str, list[str]] = {element_id: [] for element_id in block.elements}
    for flow in block.flows:
        ahead[flow.source].append(flow.target)
    for element in block.elements.values():
        if element.attached_to in ahead:
            ahead[element.attached_to].append(element.id)
        ahead[element.id] += linked(block, element)
    return ahead


def linked(block: Block, element: Element) -> list[str]:
    """Ids of the link catch events that a link throw event leads to."""
    if element.kind != "intermediateThrowEvent" or element.trigger.kind != "link":
        return []
    return [
        other.id
        for other in block.elements.values()
        if other.kind == "intermediateCatchEvent" and other.trigger == element.trigger
    ]


def entries(block: Block) -> list[str]:
    """Start events; in a block without any, what nothing leads to."""
    choices = [element.id for element in block.elements.values() if element.instantiates]
    return [element.id for element in block.starts() or block.entrances()] + choices


def reachable(ahead: Mapping[str, Iterable[str]], starts: Iterable[str]) -> set[str]:
    """Everything that can be reached from `starts`, these included."""
    found: set[str] = set()
    todo = list(starts)
    while todo:
        current = todo.pop()
        if current not in found:
            found.add(current)
            todo.extend(ahead.get(current, ()))
    return found


def upstream_of(block: Block, gateway: str) -> dict[str, set[str]]:
    """Incoming flow of `gateway` → elements from which it can be reached without passing `gateway`."""
    behind: dict[str, list[str]] = {element_id: [] for element_id in block.elements}
    for source, targets in steps(block).items():
        for target in targets:
            if source != gateway:
                behind[target].append(source)
    return {flow.id: reachable(behind, [flow.source]) - {gateway} for flow in block.incoming(gateway)}
