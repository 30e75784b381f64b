"""The check before publishing: references, dead ends and open tables, errors apart from warnings."""

from __future__ import annotations

import pytest

from engine.bpmn.check import check_bundle
from engine.errors import Problem
from tests.unit.bpmn.drawn import END, START, extensions, process, user
from tests.unit.bpmn.test_decisions import RULES, table

ROLE = 'camunda:candidateGroups="CLERK" camunda:formRef="F1"'


def check(*files: bytes, dmn: bytes | None = None) -> list[Problem]:
    bundle = {f"f{n}.bpmn": content for n, content in enumerate(files)}
    return check_bundle(
        bundle | ({"t.dmn": dmn} if dmn else {}),
        called_processes={"other"},
        forms={"F1"},
        roles={"CLERK"},
        topics={"register"},
        messages={"msg_more"},
        rules={"CP-HANDLE"},
    )


def told(elements: str, lines: str, severity: str = "error") -> list[str]:
    problems = check(process(START + END + elements, lines))
    return [
        f"{problem.element_id}: {problem.message}" for problem in problems if problem.severity == severity
    ]


def test_a_sound_bundle_has_nothing_to_tell() -> None:
    elements = (
        user("a", extensions(deadline="CP-HANDLE", deadlineIf="urgent:CP-HANDLE"), ROLE)
        + '<serviceTask id="v" camunda:type="external" camunda:topic="register"/>'
        + '<callActivity id="c" calledElement="other"/>'
        + "<intermediateCatchEvent id=\"t\"><timerEventDefinition><timeDate>due('CP-HANDLE')</timeDate>"
        "</timerEventDefinition></intermediateCatchEvent>"
        + '<businessRuleTask id="b" camunda:decisionRef="triage"/>'
    )
    bpmn = process(START + END + elements, "s > a\na > v\nv > c\nc > t\nt > b\nb > e")
    assert check(bpmn, dmn=table(RULES)) == []


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        (user("a", attributes='camunda:candidateGroups="CLERK" camunda:formRef="F9"'), "a: 表单“F9”不存在"),
        (user("a", attributes='camunda:candidateGroups="BOSS" camunda:formRef="F1"'), "a: 角色“BOSS”不存在"),
        (user("a", attributes='camunda:formRef="F1"'), "a: 用户任务没有写明由谁办理"),
        ('<serviceTask id="a" camunda:topic="nope"/>', "a: 服务主题“nope”没有登记"),
        ('<receiveTask id="a" messageRef="m_stop"/>', "a: 消息“msg_stop”没有登记"),
        (user("a", extensions(deadline="CP-NOPE"), ROLE), "a: 期限规则“CP-NOPE”不存在"),
        (user("a", extensions(deadlineIf="x == 1:CP-NOPE"), ROLE), "a: 期限规则“CP-NOPE”不存在"),
        (
            '<serviceTask id="a" camunda:type="external" camunda:topic="register">'
            f"{extensions(rule='CP-NOPE')}</serviceTask>",
            "a: 期限规则“CP-NOPE”不存在",
        ),
        (
            '<serviceTask id="a" camunda:type="external" camunda:topic="register">'
            f"{extensions(message='msg_none')}</serviceTask>",
            "a: 属性 message 写的消息“msg_none”没有登记",
        ),
        (
            '<serviceTask id="a" camunda:type="external" camunda:topic="register">'
            f"{extensions(joined='msg_none')}</serviceTask>",
            "a: 属性 joined 写的消息“msg_none”没有登记",
        ),
        (user("a", "", ROLE + " camunda:dueDate=\"${due('CP-NOPE')}\""), "a: 期限规则“CP-NOPE”不存在"),
        ("<scriptTask id='a'><script>x = due('CP-NOPE')</script></scriptTask>", "a: 期限规则“CP-NOPE”不存在"),
        ('<callActivity id="a" calledElement="nope"/>', "a: 调用的流程“nope”不存在"),
    ],
)
def test_a_reference_to_nothing_is_an_error(elements: str, message: str) -> None:
    assert [problem.startswith(message) for problem in told(elements, "s > a\na > e")] == [True]


def test_what_is_never_reached_and_what_leads_nowhere_are_errors() -> None:
    problems = told(user("a", "", ROLE) + user("lost", "", ROLE), "s > a\nlost > e")
    assert [problem.split("：")[0] for problem in problems] == [
        "e: 从开始事件走不到这里",
        "a: 走到这里就断了",
        "lost: 从开始事件走不到这里",
    ]


def test_a_boundary_event_s_path_is_reached() -> None:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    boundary = f'<boundaryEvent id="t" attachedToRef="a">{timer}</boundaryEvent>'
    assert told(user("a", "", ROLE) + boundary + user("b", "", ROLE), "s > a\na > e\nt > b\nb > e") == []


def test_a_choice_without_default_and_a_task_without_form_are_warnings() -> None:
    gateway = '<exclusiveGateway id="g"/>' + user(
        "a", "", 'camunda:candidateGroups="CLERK" camunda:priority="高"'
    )
    warnings = told(gateway, "s > g\ng > a [x]\ng > e [not x]\na > e", "warning")
    assert [warning.split("：")[0] for warning in warnings] == [
        "a: 优先级应为整数，但是“高”",
        "a: 用户任务没有表单",
        "g: 没有默认出口",
    ]


def test_a_deadline_where_none_can_run_is_a_warning() -> None:
    script = '<scriptTask id="x">' + extensions(deadline="CP-HANDLE") + "<script>a = 1</script></scriptTask>"
    assert [warning[:2] for warning in told(script, "s > x\nx > e", "warning")] == ["x:"]


def test_everything_is_told_at_once_and_nothing_twice() -> None:
    problems = check(
        process(START + END + '<serviceTask id="v"/>' + user("a"), "s > v\nv > a"),
        b"<broken",
        dmn=table(RULES[:2]),
    )
    assert {problem.element_id for problem in problems} == {"", "v", "a", "e", "triage"}
    assert len(problems) == len(set(problems))


def test_a_bundle_in_which_nothing_runs_is_told() -> None:
    idle = process(START + END, "s > e").replace(b'isExecutable="true"', b'isExecutable="false"')
    assert [problem.message.partition("：")[0] for problem in check(idle)] == [
        "流程包中没有可执行的流程（isExecutable）"
    ]
    assert check(process(START + END, "s > e")) == []


def test_a_process_that_always_calls_itself_is_told() -> None:
    def calling(called: str, id: str, way_out: bool = False) -> bytes:
        call = f'<callActivity id="c_{id}" calledElement="{called}"/>'
        split = f'<exclusiveGateway id="g" default="{"f1_g_c_" + id}"/>'
        if way_out:
            return process(
                START + END + split + call, f"s > g; g > c_{id}; g > e [get('n')]; c_{id} > e", id=id
            )
        return process(START + END + call, f"s > c_{id}; c_{id} > e", id=id)

    def found(*files: bytes) -> list[str]:
        return [problem.element_id for problem in check(*files) if "调用到自己" in problem.message]

    assert found(calling("p", "p")) == ["c_p"]
    assert found(calling("q", "p"), calling("p", "q")) == ["c_p", "c_q"]
    assert found(calling("q", "p"), calling("p", "q", way_out=True)) == []
    assert found(calling("other", "p")) == []
