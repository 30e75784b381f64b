"""Obligations about runs: what must come before what, and where a person must stand in between."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.drawing import Element, ProcessDrawing, nested
from engine.bpmn.runs.alone import Alone
from engine.bpmn.runs.question import Drawings, Question
from engine.bpmn.runs.walk import Walker
from engine.errors import Problem
from supervision.invariants.file import Obligation


def before(obligation: Obligation, drawing: ProcessDrawing, drawings: Drawings) -> Iterator[Problem]:
    """No run comes to what is asked about, or to its end, while a step is missing."""
    question = Question(
        obligation.passing, obligation.before, obligation.since, obligation.waived, obligation.unless
    )
    walker = Walker(question, drawings)
    for broken in walker.walk(drawing):
        element = broken.drawing.block.elements.get(broken.element_id)
        name = (element.node.name if element else "") or broken.element_id
        where = f"走得到“{name}”" if broken.element_id else "走得到流程结束"
        yield Problem(
            broken.element_id or drawing.id,
            f"{where}：{obligation.say}（{obligation.clause}）",
            obligation.severity,
            broken.drawing.file,
        )
    if not walker.whole:
        message = f"并行的组合太多，没有查完（{obligation.clause}）：请把部分步骤放进子流程"
        yield Problem(drawing.id, message, "error", drawing.file)


def person(obligation: Obligation, drawing: ProcessDrawing, drawings: Drawings) -> Iterator[Problem]:
    """Nothing that the clock begins reaches `before` without a person who decides."""
    wanted, clock = obligation.before, obligation.what
    if wanted is None or clock is None:
        return

    def stops(owner: ProcessDrawing, element: Element) -> bool:
        return element.kind == "userTask" and bool(element.node.form)

    alone = Alone(drawings, stops)
    for block in nested(drawing.block):
        for element in block.elements.values():
            if clock(drawing, element):
                for owner, _, reached in alone.reached((drawing, block, element)):
                    if wanted(owner, reached):
                        name = reached.node.name or reached.id
                        said = f"从这里不经过任何人就走到“{name}”：{obligation.say}（{obligation.clause}）"
                        yield Problem(element.id, said, obligation.severity, drawing.file)
                        break
