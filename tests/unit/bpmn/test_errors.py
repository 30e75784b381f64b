"""BPMN errors: from end events, scripts and topic handlers, caught innermost first, by code or all."""

from __future__ import annotations

import pytest

from engine.bpmn import expression
from engine.errors import BpmnError, DiagramError, ExpressionError, NotFound, StepFailed
from tests.unit.bpmn.drawn import END, START, Case, block, boundary, process, program, user

REST = '<error id="err" errorCode="E1" name="余额不足"/><error id="err2" errorCode="E2"/>'
ERROR = '<errorEventDefinition errorRef="err"/>'
OTHER = '<errorEventDefinition errorRef="err2"/>'
ANY = "<errorEventDefinition/>"
NOTED = (
    '<errorEventDefinition errorRef="err" camunda:errorCodeVariable="code" '
    'camunda:errorMessageVariable="text"/>'
)
SERVICE = '<serviceTask id="svc" camunda:type="external" camunda:topic="pay"/>'
SEVERAL = (
    "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>"
    "</multiInstanceLoopCharacteristics>"
)


def script(text: str, inside: str = "") -> str:
    return f'<scriptTask id="x"><script><![CDATA[{text}]]></script>{inside}</scriptTask>'


def failing(events: str, code: str = "E1", text: str = "没有钱", inside: str = "") -> bytes:
    """A script that fails with `code` and sets a variable before that, boundary events on it."""
    lines = "s > x\nx > after\nafter > e\n" + "".join(
        f"{id} > {id}_t\n{id}_t > e\n" for id in ("b1", "b2") if f'id="{id}"' in events
    )
    tasks = "".join(user(f"{id}_t") for id in ("b1", "b2") if f'id="{id}"' in events)
    return process(
        START
        + END
        + script(f"spent = 1\nif amount > 3:\n    bpmn_error('{code}', '{text}')", inside)
        + events
        + tasks
        + user("after"),
        lines,
        rest=REST,
    )


def test_a_script_may_throw_an_error_to_its_boundary_event() -> None:
    compiled = program(failing(boundary("b1", "x", NOTED)))
    fine, failed = Case(compiled, amount=1), Case(compiled, amount=5)
    assert fine.open() == ["after"]
    assert failed.open() == ["b1_t"]
    assert failed.execution.data == {
        "amount": 5,
        "code": "E1",
        "text": "没有钱",
    }  # nothing of the script is kept
    assert failed.history == ["s", "b1"]


def test_the_event_that_names_the_code_goes_before_the_one_that_catches_all() -> None:
    events = boundary("b1", "x", ANY) + boundary("b2", "x", ERROR)
    assert Case(program(failing(events)), amount=5).open() == ["b2_t"]
    assert Case(program(failing(events, code="E9")), amount=5).open() == ["b1_t"]


def test_an_error_nobody_catches_is_an_incident_with_its_text() -> None:
    with pytest.raises(StepFailed, match="错误“E1”（没有钱）没有被接住") as caught:
        Case(program(failing(boundary("b1", "x", OTHER))), amount=5)
    assert caught.value.element_id == "x"
    assert caught.value.data == {"amount": 5}


def test_an_error_of_one_instance_of_several_ends_all_of_them() -> None:
    case = Case(program(failing(boundary("b1", "x", ERROR), inside=SEVERAL)), amount=5)
    assert case.open() == ["b1_t"]
    assert case.history == ["s", "b1"]


def nested(events: str) -> bytes:
    inner = block(
        "inner", f'<startEvent id="s3"/>{user("x")}<endEvent id="stop">{ERROR}</endEvent>', "s3 > x; x > stop"
    )
    outer = block("outer", f'<startEvent id="s2"/>{inner}{user("y")}', "s2 > inner; s2 > y")
    return process(
        START
        + END
        + outer.replace("</subProcess><userTask", f"</subProcess>{events}<userTask")
        + boundary("b_out", "outer", ANY)
        + user("boss"),
        "s > outer\nouter > e\nb_out > boss\nboss > e",
        rest=REST,
    )


def test_an_error_goes_up_until_somebody_catches_it() -> None:
    case = Case(program(nested("")))
    case.do("x")
    assert case.open() == ["boss"]
    assert sorted(case.cancelled) == ["inner", "outer", "y"]
    assert list(case.shards) == [""]


def test_the_innermost_event_that_catches_it_is_taken() -> None:
    case = Case(program(nested(boundary("b_in", "inner", ERROR))))
    case.do("x")
    assert case.open() == ["y"]
    assert case.history[-2:] == ["stop", "b_in"]
    other = Case(program(nested(boundary("b_in", "inner", OTHER))))
    other.do("x")
    assert other.open() == ["boss"]


@pytest.mark.parametrize("several", [False, True])
def test_an_error_leaves_a_called_process_by_the_caller_s_boundary(several: bool) -> None:
    called = process(
        START + user("x") + f'<endEvent id="stop">{ERROR}</endEvent>', "s > x\nx > stop", id="q", rest=REST
    )
    caller = process(
        f'{START}{END}<callActivity id="call" calledElement="q">{SEVERAL if several else ""}</callActivity>'
        + boundary("b", "call", NOTED)
        + user("boss"),
        "s > call\ncall > e\nb > boss\nboss > e",
        rest=REST,
    )
    case = Case(program(caller, called=(called,)))
    case.do("x")
    assert case.open() == ["boss"]
    assert case.execution.data == {"code": "E1", "text": ""}
    assert list(case.shards) == [""]


def service(events: str) -> Case:
    bpmn = process(
        START + END + SERVICE + user("a") + user("boss") + events,
        "s > svc\nsvc > a\na > e\nboss > e" + ("\nb > boss" if events else ""),
        rest=REST,
    )
    return Case(program(bpmn))


def test_the_handler_of_a_topic_may_throw_an_error() -> None:
    case = service(boundary("b", "svc", NOTED))
    execution = case.ex
    (task,) = execution.service_tasks()
    execution.fail_service(task.task_id, "E1", "银行拒绝")
    case.finish(execution)
    assert case.open() == ["boss"]
    assert case.cancelled == ["svc"]
    assert case.execution.data == {"code": "E1", "text": "银行拒绝"}
    with pytest.raises(NotFound):
        case.ex.fail_service(task.task_id, "E1")


def test_an_error_of_a_handler_that_nobody_catches_is_an_incident() -> None:
    execution = service("").ex
    (task,) = execution.service_tasks()
    with pytest.raises(StepFailed, match="错误“E1”（银行拒绝）没有被接住") as caught:
        execution.fail_service(task.task_id, "E1", "银行拒绝")
    assert caught.value.element_id == "svc"


def test_only_scripts_throw_errors() -> None:
    with pytest.raises(ExpressionError, match="只能写在脚本任务中"):
        expression.validate("bpmn_error('E1')")
    with pytest.raises(ExpressionError, match="此处不能使用函数“bpmn_error”"):
        expression.execute("bpmn_error('E1')", {})
    error = BpmnError("E1", "为什么")
    assert (error.code, error.message, str(error)) == ("E1", "为什么", "E1: 为什么")
    assert str(BpmnError("E1")) == "E1"


REFUSED = {
    "on a person's task": (user("x") + boundary("b", "x", ERROR), "别的活动不会出错"),
    "an unknown error": (
        script("n = 1") + boundary("b", "x", ANY.replace("/", ' errorRef="no"/')),
        "错误“no”",
    ),
    "the same twice": (
        script("n = 1") + boundary("b", "x", ERROR) + boundary("b2", "x", ERROR),
        "有 2 个事件接同一个错误“E1”",
    ),
}


@pytest.mark.parametrize(("inside", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused(inside: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence):
        program(process(START + END + inside, "s > x\nx > e", rest=REST))
