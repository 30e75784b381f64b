"""Messages thrown and awaited, event gateways, interrupting and repeated boundary messages, topics."""

from __future__ import annotations

import pytest

from engine.errors import DiagramError, NotFound, StepFailed
from tests.unit.bpmn.drawn import END, START, Case, extensions, process, program, user

MORE = '<messageEventDefinition messageRef="m_more"/>'
STOP = '<messageEventDefinition messageRef="m_stop"/>'


def test_a_thrown_message_leaves_with_its_payload_and_reaches_nobody_inside() -> None:
    bpmn = process(
        f'{START}<parallelGateway id="g"/><endEvent id="e"/>'
        f'<intermediateCatchEvent id="c">{MORE}</intermediateCatchEvent>'
        f'<intermediateThrowEvent id="t">{extensions(payload="a, missing", correlation="no")}{MORE}'
        f"</intermediateThrowEvent>"
        f'<endEvent id="e2">{extensions(payload="total=a + 1; unit=get(&apos;u&apos;)")}{STOP}</endEvent>',
        "s > g\ng > c\nc > e\ng > t\nt > e2",
    )
    case = Case(program(bpmn), a=1, no="N-7")
    assert [(t.message, t.payload, t.correlation) for t in case.execution.thrown] == [
        ("msg_more", {"a": 1}, "N-7"),
        ("msg_stop", {"total": 2, "unit": None}, None),
    ]
    assert [waiting.element_id for waiting in case.ex.subscriptions()] == ["c"]


def test_a_send_task_throws_and_a_receive_task_waits() -> None:
    bpmn = process(
        f'{START}{END}<sendTask id="send" messageRef="m_more"/><receiveTask id="receive" '
        f'messageRef="m_stop"/>',
        "s > send\nsend > receive\nreceive > e",
    )
    case = Case(program(bpmn))
    assert case.thrown == [("msg_more", {})]
    case.send("msg_stop", reason="撤回")
    assert case.execution.data == {"reason": "撤回"}
    assert case.execution.status == "completed"


def test_a_message_is_matched_by_the_correlation_fixed_when_the_wait_began() -> None:
    bpmn = process(
        f'{START}{END}<intermediateCatchEvent id="c">{extensions(correlation="no")}{MORE}'
        "</intermediateCatchEvent>",
        "s > c\nc > e",
    )
    (waiting,) = Case(program(bpmn), no=7).ex.subscriptions()
    assert (waiting.message, waiting.correlation, waiting.shard) == ("msg_more", "7", "")
    with pytest.raises(StepFailed, match="对应关系"):
        Case(program(bpmn), no="")


def test_a_message_for_somebody_else_is_refused() -> None:
    bpmn = process(
        f'{START}{END}<intermediateCatchEvent id="c">{MORE}</intermediateCatchEvent>', "s > c\nc > e"
    )
    execution = Case(program(bpmn)).ex
    (waiting,) = execution.subscriptions()
    with pytest.raises(NotFound):
        execution.deliver(waiting.task_id, "msg_stop", {})
    with pytest.raises(NotFound):
        execution.deliver("gone", "msg_more", {})


def gateway() -> bytes:
    timers = "".join(
        f'<intermediateCatchEvent id="{id}"><timerEventDefinition><timeDuration>{text}</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>"
        for id, text in (("early", "P10D"), ("late", "P20D"))
    )
    return process(
        f'{START}{END}<eventBasedGateway id="g"/><intermediateCatchEvent '
        f'id="m">{MORE}</intermediateCatchEvent>' + timers + user("a") + user("b"),
        "s > g\ng > m\ng > early\ng > late\nm > a\nearly > b\nlate > b\na > e\nb > e",
    )


def test_the_first_event_after_an_event_gateway_wins() -> None:
    by_message, by_time = Case(program(gateway())), Case(program(gateway()))
    by_message.wait(days=9)
    by_message.send("msg_more", text="补正材料")
    assert by_message.open() == ["a"]
    assert by_message.ex.timers() == []
    assert by_message.history == ["s", "g", "m"]
    assert by_time.wait(days=21) == ["early"]
    assert by_time.open() == ["b"]
    assert by_time.ex.subscriptions() == []
    assert by_time.cancelled == []  # a race lost is no news


def test_an_interrupting_message_cancels_everything_inside_and_nothing_more_runs() -> None:
    inside = (
        '<startEvent id="s2"/><parallelGateway id="g2"/>'
        + user("x")
        + user("y")
        + '<callActivity id="call" calledElement="q"/><endEvent id="e2"/>'
        + '<boundaryEvent id="bx" attachedToRef="x"><timerEventDefinition><timeDuration>P1D</timeDuration>'
        "</timerEventDefinition></boundaryEvent>"
        + '<sequenceFlow id="i1" sourceRef="s2" targetRef="g2"/>'
        + "".join(f'<sequenceFlow id="i_{to}" sourceRef="g2" targetRef="{to}"/>' for to in ("x", "y", "call"))
        + "".join(
            f'<sequenceFlow id="o_{a}" sourceRef="{a}" targetRef="e2"/>' for a in ("x", "y", "call", "bx")
        )
    )
    bpmn = process(
        f'{START}{END}<subProcess id="block">{inside}</subProcess>'
        + user("after")
        + user("withdraw")
        + f'<boundaryEvent id="bm" attachedToRef="block">{STOP}</boundaryEvent>',
        "s > block\nblock > after\nafter > e\nbm > withdraw\nwithdraw > e",
    )
    called = process(START + END + user("z"), "s > z\nz > e", id="q")
    case = Case(program(bpmn, called=(called,)), saved="外")
    case.do("x", written="内")
    assert case.open() == ["y", "z"]
    case.send("msg_stop", reason="撤诉")
    assert case.open() == ["withdraw"]
    assert sorted(case.cancelled) == ["block", "call", "y", "z"]
    assert case.execution.data == {"saved": "外", "written": "内", "reason": "撤诉"}
    assert list(case.shards) == [""]
    assert [scope.element_id for scope in case.execution.left_scopes if scope.cancelled] == [
        "q",
        "call",
        "block",
    ]
    case.do("withdraw")
    assert case.execution.status == "completed"
    assert "after" not in case.history


def test_a_non_interrupting_message_can_come_any_number_of_times() -> None:
    bpmn = process(
        START
        + END
        + user("a")
        + user("material")
        + f'<boundaryEvent id="bm" attachedToRef="a" cancelActivity="false">{MORE}</boundaryEvent>',
        "s > a\na > e\nbm > material\nmaterial > e",
    )
    case = Case(program(bpmn))
    for number in range(4):
        case.send("msg_more", number=number)
    assert case.open() == ["a", "material", "material", "material", "material"]
    case.do("a")
    assert case.ex.subscriptions() == []
    assert case.execution.status == "active"


def test_two_waits_of_one_name_are_two_subscriptions() -> None:
    bpmn = process(
        f'{START}{END}<parallelGateway id="g"/><intermediateCatchEvent '
        f'id="c1">{MORE}</intermediateCatchEvent>'
        f'<intermediateCatchEvent id="c2">{MORE}</intermediateCatchEvent>',
        "s > g\ng > c1\ng > c2\nc1 > e\nc2 > e",
    )
    case = Case(program(bpmn))
    case.send("msg_more")
    assert [waiting.element_id for waiting in case.ex.subscriptions()] == ["c2"]
    case.send("msg_more")
    assert case.execution.status == "completed"


def test_a_message_without_a_name_is_refused() -> None:
    bpmn = process(
        f'{START}{END}<intermediateCatchEvent id="c"><messageEventDefinition/></intermediateCatchEvent>',
        "s > c\nc > e",
    )
    with pytest.raises(DiagramError, match="没有指明消息") as caught:
        program(bpmn)
    assert caught.value.problems[0].element_id == "c"


def test_a_service_task_waits_for_its_topic_s_answer() -> None:
    bpmn = process(
        START + END + '<serviceTask id="svc" camunda:type="external" camunda:topic="register"/>' + user("a"),
        "s > svc\nsvc > a\na > e",
    )
    case = Case(program(bpmn), channel="网站")
    (task,) = case.ex.service_tasks()
    assert (task.element_id, task.node.topic, task.data) == ("svc", "register", {"channel": "网站"})
    assert case.open() == []
    with pytest.raises(StepFailed, match="register"):
        case.ex.complete_service(task.task_id, {"no": object()})
    case.serve("svc", no="TS-2026-0001")
    assert case.open() == ["a"]
    assert case.execution.data == {"channel": "网站", "no": "TS-2026-0001"}
    with pytest.raises(NotFound):
        case.ex.complete_service(task.task_id, {})
