"""Small drawings of the regulation's processes, to be drawn lawfully or not."""

from __future__ import annotations

import re
from pathlib import Path

from engine.bpmn.compile import read_bundle
from engine.bpmn.drawing import ProcessDrawing
from engine.errors import Problem
from supervision.invariants.check import invariants
from supervision.invariants.file import read_obligations
from tests.unit.bpmn.drawn import catch, process

PROCESSES = Path(__file__).parents[3] / "processes"
OBLIGATIONS = read_obligations(PROCESSES)
DEFENCE = '<messageEventDefinition messageRef="m_def"/>'
WAIVED = '<messageEventDefinition messageRef="m_waive"/>'
RECTIFY = '<messageEventDefinition messageRef="m_rect"/>'
REVIEW = '<messageEventDefinition messageRef="m_review"/>'
TIMER = "<timerEventDefinition><timeDuration>'P5D'</timeDuration></timerEventDefinition>"
NAMES = "".join(
    f'<message id="{id}" name="{name}"/>'
    for id, name in (
        ("m_def", "msg_defence"), ("m_waive", "msg_defence_waived"), ("m_rect", "msg_rectify_start"),
        ("m_review", "msg_review_request"),
    )
)  # fmt: skip


def call(id: str, code: str, *, deliver: str = "False", more: str = "", loop: str = "") -> str:
    """A call that issues a document."""
    given = {"template_code": code if "'" in code else f"'{code}'", "deliver": deliver}
    inside = "".join(
        f'<camunda:in sourceExpression="${{{value}}}" target="{name}"/>' for name, value in given.items()
    )
    return (
        f'<callActivity id="{id}" name="{id}" calledElement="document_issue">'
        f"<extensionElements>{inside}{more}</extensionElements>{loop}</callActivity>"
    )


def person(id: str, form: str = "F-X", groups: str = "DCS_LEAD", inside: str = "") -> str:
    """A user task with a form."""
    return (
        f'<userTask id="{id}" name="{id}" camunda:formKey="{form}" camunda:candidateGroups="{groups}">'
        f"{inside}</userTask>"
    )


def topic(id: str, name: str, **properties: str) -> str:
    """A service task."""
    inside = "".join(f'<camunda:property name="{key}" value="{value}"/>' for key, value in properties.items())
    return (
        f'<serviceTask id="{id}" name="{id}" camunda:type="external" camunda:topic="{name}">'
        f"<extensionElements><camunda:properties>{inside}</camunda:properties></extensionElements></serviceTask>"
    )


def gateway(id: str, kind: str = "exclusive") -> str:
    """A gateway of a kind."""
    return f'<{kind}Gateway id="{id}"/>'


def drawn(elements: str, lines: str, id: str = "accountability", *, closed: bool = True) -> ProcessDrawing:
    """One process of a regulation's name; `closed` closes an accountability case on every way to its end."""
    if id == "accountability" and closed:
        elements += topic("done", "case.close", outcome="已办结")
        lines = re.sub(r"> e(?= \[|;|$)", "> done", lines) + "; done > e"
    content = process('<startEvent id="s"/>' + elements + '<endEvent id="e"/>', lines, id=id, rest=NAMES)
    read = read_bundle({"x.bpmn": content})
    assert not read.problems, read.problems
    return read.processes[0]


def told(drawing: ProcessDrawing, *called: ProcessDrawing) -> list[Problem]:
    """What is unlawful about it; what only lacks a day is left out."""
    return [p for p in refused(drawing, *called) if NO_DAY not in p.message]


def refused(drawing: ProcessDrawing, *called: ProcessDrawing) -> list[Problem]:
    """Everything that keeps it from being published."""
    return [p for p in invariants([drawing], called, OBLIGATIONS) if p.severity == "error"]


NO_DAY = "noDeadline"
"""Stands in what is said of a task without a day."""


DEFENDED = (
    call("d23", "D23", deliver="True")
    + gateway("wait", "eventBased")
    + catch("defence", DEFENCE)
    + catch("waived", WAIVED)
    + catch("late", TIMER.replace("'P5D'", "due('AC-DEF')"))
    + gateway("heard")
    + person("decide")
    + call("d26", "D26", deliver="True")
    + '<intermediateThrowEvent id="rectify">'
    + RECTIFY
    + "</intermediateThrowEvent>"
)
"""The elements of an accountability case, down to what is asked of it."""
HEARD = "wait > defence; wait > waived; wait > late; defence > heard; waived > heard; late > heard"
LAWFUL = f"s > d23; d23 > wait; {HEARD}; heard > decide; decide > d26; d26 > rectify; rectify > e"
