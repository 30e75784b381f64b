"""What would be executed otherwise than drawn is refused, with the element's id and a sentence."""

from __future__ import annotations

import pytest

from engine.bpmn.compile import compile_bundle
from engine.errors import DiagramError
from tests.unit.bpmn.drawn import END, START, process, program, user

SIMPLE = "s > x\nx > e"


def event(tag: str, definition: str, attributes: str = "") -> str:
    return f'<{tag} id="x" {attributes}>{definition}</{tag}>'


REFUSED = {
    "complex gateway": ('<complexGateway id="x"/>', "s > e", "复杂网关"),
    "transaction protocol": ('<transaction id="x" method="##Store"/>', SIMPLE, "method"),
    "signal throw": (event("intermediateThrowEvent", "<signalEventDefinition/>"), SIMPLE, "信号"),
    "signal end": (event("endEvent", "<signalEventDefinition/>"), "s > x", "信号"),
    "compensation": (event("intermediateThrowEvent", "<compensateEventDefinition/>"), SIMPLE, "补偿"),
    "conditional": (event("intermediateCatchEvent", "<conditionalEventDefinition/>"), SIMPLE, "条件"),
    "cancel end": (event("endEvent", "<cancelEventDefinition/>"), "s > x", "取消"),
    "nothing caught": (event("intermediateCatchEvent", ""), SIMPLE, "空事件"),
    "two definitions": (
        event(
            "intermediateCatchEvent", '<timerEventDefinition/><messageEventDefinition messageRef="m_more"/>'
        ),
        SIMPLE,
        "一个事件定义",
    ),
    "referred definition": (
        event("intermediateThrowEvent", "<eventDefinitionRef>d</eventDefinitionRef>"),
        SIMPLE,
        "引用",
    ),
    "parallel multiple": (
        event(
            "intermediateCatchEvent",
            '<messageEventDefinition messageRef="m_more"/>',
            'parallelMultiple="true"',
        ),
        SIMPLE,
        "并行多重",
    ),
    "empty timer": (event("intermediateCatchEvent", "<timerEventDefinition/>"), SIMPLE, "没有写明时间"),
    "impossible duration": (
        event(
            "intermediateCatchEvent",
            "<timerEventDefinition><timeDuration>'-PT1H'</timeDuration></timerEventDefinition>",
        ),
        SIMPLE,
        "时长",
    ),
    "cycle in the flow": (
        event(
            "intermediateCatchEvent",
            "<timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition>",
        ),
        SIMPLE,
        "循环定时",
    ),
    "link to nowhere": (event("intermediateThrowEvent", '<linkEventDefinition name="A"/>'), "s > x", "链接"),
    "token quantity": ('<task id="x" startQuantity="2"/>', SIMPLE, "令牌数量"),
    "compensation activity": ('<task id="x" isForCompensation="true"/>', SIMPLE, "补偿"),
    "parallel event gateway": (
        '<eventBasedGateway id="x" eventGatewayType="Parallel"/>',
        SIMPLE,
        "并行的事件网关",
    ),
    "event gateway to a task": (
        '<eventBasedGateway id="x"/>' + user("y"),
        "s > x\nx > y\ny > e",
        "事件网关之后",
    ),
    "service without topic": ('<serviceTask id="x"/>', SIMPLE, "主题"),
    "java class": ('<serviceTask id="x" camunda:class="a.B"/>', SIMPLE, "任意程序"),
    "send without message": ('<sendTask id="x"/>', SIMPLE, "没有指明消息"),
    "unknown message": ('<receiveTask id="x" messageRef="nope"/>', SIMPLE, "没有指明消息"),
    "script without script": ('<scriptTask id="x"/>', SIMPLE, "没有脚本"),
    "dangerous script": ('<scriptTask id="x"><script>import os</script></scriptTask>', SIMPLE, "Import"),
    "dangerous payload": (
        '<sendTask id="x" messageRef="m_more"><extensionElements><camunda:properties><camunda:property '
        'name="payload" '
        'value="a=open(1)"/></camunda:properties></extensionElements></sendTask>',
        SIMPLE,
        "payload",
    ),
    "call without process": ('<callActivity id="x"/>', SIMPLE, "没有写明"),
    "half a mapping": (
        '<callActivity id="x" calledElement="p"><extensionElements><camunda:in source="a"/>'
        "</extensionElements>"
        "</callActivity>",
        SIMPLE,
        "来源和目标",
    ),
    "listener": (
        '<task id="x"><extensionElements><camunda:executionListener/></extensionElements></task>',
        SIMPLE,
        "监听器",
    ),
    "form data": (
        '<userTask id="x"><extensionElements><camunda:formData/></extensionElements></userTask>',
        SIMPLE,
        "formData",
    ),
    "condition missing": (
        '<exclusiveGateway id="x"/>' + user("y"),
        "s > x\nx > y [a]\nx > e\ny > e",
        "既没有条件",
    ),
    "unknown default": ('<exclusiveGateway id="x" default="nope"/>', SIMPLE, "默认出口“nope”"),
    "condition after parallel": (
        '<parallelGateway id="x"/>' + user("y"),
        "s > x\nx > y [a]\nx > e\ny > e",
        "不会起作用",
    ),
    "bad condition": (
        '<exclusiveGateway id="x" default="f2_x_e"/>' + user("y"),
        "s > x\nx > y [a = 1]\nx > e\ny > e",
        "==",
    ),
    "flow out of the end": (user("x"), "s > e\ne > x", "结束事件不能有出口"),
    "flow into the start": (user("x"), "s > x\nx > s", "不能有入口"),
    "flow to nowhere": (user("x"), "s > x\nx > nope", "不在同一流程"),
    "boundary on a gateway": (
        '<exclusiveGateway id="x"/><boundaryEvent id="b" attachedToRef="x"><messageEventDefinition '
        'messageRef="m_more"/>'
        "</boundaryEvent>",
        SIMPLE,
        "附在",
    ),
    "error beside": (
        user("x") + '<boundaryEvent id="b" attachedToRef="x" cancelActivity="false"><errorEventDefinition/>'
        "</boundaryEvent>",
        SIMPLE,
        "中断",
    ),
    "sub-process begun by a timer": (
        '<subProcess id="x"><startEvent id="s2"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        "</timerEventDefinition></startEvent></subProcess>",
        SIMPLE,
        "没有触发器",
    ),
    "duplicate id": (user("s"), "s > e", "重复"),
    "missing id": ("<userTask name='无名'/>", "s > e", "没有 id"),
}


@pytest.mark.parametrize(("elements", "lines", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused(elements: str, lines: str, message: str) -> None:
    with pytest.raises(DiagramError, match=message) as caught:
        program(process(START + END + elements, lines))
    assert all(problem.element_id and problem.file == "f0.bpmn" for problem in caught.value.problems)


def test_a_process_must_begin_somewhere() -> None:
    with pytest.raises(DiagramError, match="没有开始事件"):
        program(process(user("a") + user("b"), "a > b\nb > a"))


def test_a_called_process_must_have_one_way_in() -> None:
    call = process(START + END + '<callActivity id="call" calledElement="q"/>', "s > call\ncall > e")
    two = process(START + '<startEvent id="s2"/>' + END, "s > e\ns2 > e", id="q")
    by_message = process(
        '<startEvent id="s"><messageEventDefinition messageRef="m_more"/></startEvent>' + END, "s > e", id="q"
    )
    for called in (two, by_message):
        with pytest.raises(DiagramError, match="应有一个没有触发器的开始事件") as caught:
            program(call, called=(called,))
        assert caught.value.problems[0].element_id == "call"


def test_two_processes_of_one_id_are_refused() -> None:
    one = process(START + END, "s > e")
    with pytest.raises(DiagramError, match="重复"):
        program(one, one)


def test_all_problems_are_told_at_once() -> None:
    bad = process(
        START + END + '<complexGateway id="x"/><serviceTask id="y"/>' + user("z"), "s > y\ny > z\nz > nope"
    )
    with pytest.raises(DiagramError) as caught:
        compile_bundle({"a.bpmn": bad, "b.dmn": b"<definitions/>"})
    assert [(problem.file, problem.element_id) for problem in caught.value.problems] == [
        ("a.bpmn", "x"),
        ("a.bpmn", "f2_z_nope"),
        ("b.dmn", ""),
        ("a.bpmn", "y"),
    ]


def test_a_version_s_files_are_compiled_alike_in_any_order() -> None:
    a, b = process(START + END, "s > e"), process(START + END, "s > e", id="q")
    assert (
        compile_bundle({"a.bpmn": a, "b.bpmn": b}).processes
        == compile_bundle({"b.bpmn": b, "a.bpmn": a}).processes
    )
