"""Obligations about single elements: what must be there, what must not, who can do it and by when."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.drawing import Block, Element, ProcessDrawing, nested
from engine.bpmn.runs.question import Drawings
from engine.errors import Problem
from supervision.invariants.file import Obligation

REASON = "noDeadline"
"""Property of a task that has no deadline: why not."""


def never(obligation: Obligation, drawing: ProcessDrawing, drawings: Drawings) -> Iterator[Problem]:
    """Nothing of that kind is drawn."""
    for element in _elements(drawing.block):
        if obligation.what and obligation.what(drawing, element):
            yield _told(obligation, drawing, element.id)


def must(obligation: Obligation, drawing: ProcessDrawing, drawings: Drawings) -> Iterator[Problem]:
    """Something of that kind is drawn, in the process or in one that it calls."""
    found = any(
        obligation.what and obligation.what(owner, element)
        for owner in _with_called(drawing, drawings)
        for element in _elements(owner.block)
    )
    if not found:
        yield _told(obligation, drawing, drawing.id)


def property_(obligation: Obligation, drawing: ProcessDrawing, drawings: Drawings) -> Iterator[Problem]:
    """What is named carries a property, with one of the values where some are given."""
    wanted = set(obligation.value.split("|")) - {""}
    for element in _elements(drawing.block):
        if obligation.what and obligation.what(drawing, element):
            has = {part.strip() for part in element.node.properties.get(obligation.property, "").split(",")}
            if not (has & wanted if wanted else has - {""}):
                yield _told(obligation, drawing, element.id)


def uninterrupted(obligation: Obligation, drawing: ProcessDrawing, drawings: Drawings) -> Iterator[Problem]:
    """No message listed breaks off what is named, or a sub-process around it."""
    what = obligation.what
    for block in nested(drawing.block):
        for element in block.elements.values():
            if not (what and any(what(drawing, e) for e in (element, *_inside(element)))):
                continue
            for event in block.attached(element.id):
                if event.interrupting and event.trigger.awaited in obligation.messages:
                    yield _told(obligation, drawing, event.id)
        for element in block.elements.values():
            if element.handles_event and element.block:
                for start in element.block.starts():
                    if start.interrupting and start.trigger.awaited in obligation.messages:
                        yield _told(obligation, drawing, start.id)


def people(obligation: Obligation, drawing: ProcessDrawing, drawings: Drawings) -> Iterator[Problem]:
    """Every task has somebody who can do it (`value`: roles without a desk), and a day or a reason."""
    yield from _undone(obligation, drawing, drawing.block, covered="deadline" in drawing.properties)


def _undone(
    obligation: Obligation, drawing: ProcessDrawing, block: Block, *, covered: bool
) -> Iterator[Problem]:
    for element in block.elements.values():
        node = element.node
        dated = covered or "deadline" in node.properties
        if element.block:
            yield from _undone(obligation, drawing, element.block, covered=dated)
        if element.kind != "userTask":
            continue
        if node.candidate_groups and set(node.candidate_groups) <= set(obligation.value.split("|")):
            roles = "、".join(node.candidate_groups)
            message = f"角色“{roles}”不在系统里办理任务：请改成经办的角色，由其代为登记"
            yield Problem(node.id, message, file=drawing.file)
        due = dated or node.due_date or node.properties.get(REASON, "").strip()
        timed = any(event.trigger.kind == "timer" for event in block.attached(node.id))
        if not (due or timed):
            yield _told(obligation, drawing, node.id)


def _told(obligation: Obligation, drawing: ProcessDrawing, element_id: str) -> Problem:
    return Problem(element_id, f"{obligation.say}（{obligation.clause}）", obligation.severity, drawing.file)


def _with_called(drawing: ProcessDrawing, drawings: Drawings) -> Iterator[ProcessDrawing]:
    waiting, seen = [drawing], {drawing.id}
    while waiting:
        owner = waiting.pop()
        yield owner
        called = {name for element in _elements(owner.block) if (name := element.node.called)} - seen
        seen |= called
        waiting += [drawings[name] for name in called if name in drawings]


def _elements(block: Block) -> Iterator[Element]:
    return (element for inner in nested(block) for element in inner.elements.values())


def _inside(element: Element) -> Iterator[Element]:
    return _elements(element.block) if element.block else iter(())
