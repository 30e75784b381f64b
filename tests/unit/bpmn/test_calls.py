"""Called processes: what goes in, what comes out, and what may be called."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import DiagramError, StepFailed
from tests.unit.bpmn.drawn import END, START, Case, process, program, user


def test_a_called_process_takes_and_gives_everything_by_default() -> None:
    caller = process(
        START + END + '<callActivity id="call" calledElement="q"/>' + user("a"), "s > call\ncall > a\na > e"
    )
    called = process(START + END + user("x"), "s > x\nx > e", id="q")
    compiled = program(caller, called=(called,))
    assert sorted(compiled.processes) == ["p", "q"]
    case = Case(compiled, n=1)
    (task,) = case.ex.open_tasks()
    assert (task.process_id, task.data) == ("q", {"n": 1})
    assert [scope.element_id for scope in case.execution.entered_scopes] == ["p", "call", "q"]
    case.do("x", n=2, m=3)
    assert case.execution.data == {"n": 2, "m": 3}
    assert [(scope.element_id, scope.node.kind) for scope in case.execution.left_scopes] == [
        ("q", "process"),
        ("call", "callActivity"),
    ]


def mapped(inside: str) -> Case:
    caller = process(
        f'{START}{END}<callActivity id="call" calledElement="q">'
        f"<extensionElements>{inside}</extensionElements>"
        "</callActivity>" + user("a"),
        "s > call\ncall > a\na > e",
    )
    called = process(START + END + user("x"), "s > x\nx > e", id="q")
    return Case(program(caller, called=(called,)), n=1, secret="甲")


@pytest.mark.parametrize(
    ("inside", "within", "after"),
    [
        (
            '<camunda:in source="n" target="number"/><camunda:out source="result" target="answer"/>',
            {"number": 1},
            {"n": 1, "secret": "甲", "answer": "好"},
        ),
        (
            '<camunda:in sourceExpression="${n + 1}" target="number"/>'
            '<camunda:out sourceExpression="${result + result}" target="answer"/>',
            {"number": 2},
            {"n": 1, "secret": "甲", "answer": "好好"},
        ),
        (
            '<camunda:in variables="all"/><camunda:in source="absent" target="other"/>',
            {"n": 1, "secret": "甲"},
            {"n": 1, "secret": "甲"},
        ),
        (
            '<camunda:out variables="all"/><camunda:in businessKey="#{execution.processBusinessKey}"/>',
            {},
            {"n": 1, "secret": "甲", "result": "好", "private": [1]},
        ),
    ],
)
def test_a_called_process_takes_and_gives_what_is_mapped(
    inside: str, within: dict[str, Any], after: dict[str, Any]
) -> None:
    case = mapped(inside)
    assert case.ex.open_tasks()[0].data == within
    case.do("x", result="好", private=[1])
    assert case.execution.data == after


def test_a_process_that_calls_itself_for_ever_is_stopped() -> None:
    bpmn = process(START + END + '<callActivity id="call" calledElement="p"/>', "s > call\ncall > e")
    with pytest.raises(StepFailed, match="嵌套超过"):
        Case(program(bpmn))


def test_a_call_to_an_unknown_process_is_refused() -> None:
    bpmn = process(START + END + '<callActivity id="call" calledElement="q"/>', "s > call\ncall > e")
    with pytest.raises(DiagramError, match="“q”不存在"):
        program(bpmn)


def calling(attributes: str, inside: str = "") -> bytes:
    extended = f"<extensionElements>{inside}</extensionElements>"
    call = f'<callActivity id="call" {attributes}>{extended}</callActivity>'
    beside = process(START + END + user("y"), "s > y\ny > e", id="r").decode()
    own = beside[beside.index("<process") : beside.index("</definitions>")]
    bpmn = process(START + END + call, "s > call\ncall > e", rest='<globalUserTask id="g"/>').decode()
    return bpmn.replace("</definitions>", own + "</definitions>").encode()


VERSION_THREE = 'calledElement="q" camunda:calledElementBinding="version" camunda:calledElementVersion="3"'
CALLED = process(START + END + user("x"), "s > x\nx > e", id="q")


@pytest.mark.parametrize(
    ("attributes", "inside", "open_ids"),
    [
        ('calledElement="tns:q"', "", ["x"]),  # a qualified name
        ("", '<zeebe:calledElement xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" processId="q"/>', ["x"]),
        ('calledElement="q" camunda:calledElementBinding="latest"', "", ["x"]),
        (VERSION_THREE, "", ["x"]),
        ('calledElement="r" camunda:calledElementBinding="deployment"', "", ["y"]),
        ('calledElement="r"', "", ["y"]),
    ],
)
def test_a_call_is_understood_in_every_spelling(attributes: str, inside: str, open_ids: list[str]) -> None:
    assert Case(program(calling(attributes, inside), called=(CALLED,))).open() == open_ids


@pytest.mark.parametrize(
    ("attributes", "inside", "sentence"),
    [
        ("calledElement='${kind}'", "", "固定的 id"),
        ('calledElement="g"', "", "“g”是全局任务"),
        ('calledElement="q" camunda:calledElementBinding="newest"', "", "版本绑定应为"),
        ('calledElement="q" camunda:calledElementBinding="version"', "", "版本号"),
        ('calledElement="q" camunda:calledElementBinding="versionTag"', "", "标签"),
        ('calledElement="q" camunda:calledElementBinding="deployment"', "", "请改为 latest"),
        (VERSION_THREE.replace('"q"', '"r"'), "", "不能另选"),
        ('calledElement="q" camunda:variableMappingClass="a.B"', "", "任意程序"),
        ('camunda:caseRef="c"', "", "CMMN"),
        ('calledElement="q"', '<camunda:in businessKey="${n}"/>', "编号相同"),
        ('calledElement="q"', '<camunda:in variables="all" local="true"/>', "local"),
    ],
)  # fmt: skip
def test_a_call_that_cannot_be_is_refused(attributes: str, inside: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence) as caught:
        program(calling(attributes, inside), called=(CALLED,))
    assert {problem.element_id for problem in caught.value.problems} == {"call"}
