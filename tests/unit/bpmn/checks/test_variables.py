"""Variables nobody writes, variables two branches write, messages nobody sends or takes."""

from __future__ import annotations

from collections.abc import Set

import pytest

from engine.bpmn.check import check
from engine.bpmn.checks.known import Known
from tests.unit.bpmn.drawn import END, START, boundary, catch, extensions, flows, process, throw, user
from tests.unit.bpmn.test_decisions import RULES, table

FORM = 'camunda:candidateGroups="CLERK" camunda:formRef="F1"'
KNOWN = Known(
    forms={"F1"},
    roles={"CLERK"},
    topics={"register", "secret"},
    messages={"msg_more", "msg_stop"},
    fields={"F1": {"answer", "days"}},
    answers={"register": {"number"}},
    payloads={"msg_more": {"note"}},
)
MESSAGE = '<messageEventDefinition messageRef="m_more"/>'
SIGNAL = '<signalEventDefinition signalRef="sg"/>'


def told(
    content: bytes, word: str, known: Known = KNOWN, dmn: bytes = b"", called: Set[str] = frozenset()
) -> list[str]:
    files = {"f.bpmn": content} | ({"t.dmn": dmn} if dmn else {})
    problems = [problem for problem in check(files, called, known) if word in problem.message]
    assert {problem.severity for problem in problems} <= {"warning"}
    return [f"{problem.element_id}: {problem.message.split('：')[0]}" for problem in problems]


def script(text: str, id: str = "x", inside: str = "") -> str:
    return f'<scriptTask id="{id}">{inside}<script><![CDATA[{text}]]></script></scriptTask>'


def unwritten(elements: str, lines: str = "s > x\nx > e", **options: object) -> list[str]:
    return told(process(START + END + elements, lines), "没有一处写入", **options)  # type: ignore[arg-type]


# ---------------------------------------------------------------- read but never written


@pytest.mark.parametrize(
    ("elements", "lines", "found"),
    [
        (script("y = z + 1"), "s > x\nx > e", ["x: 脚本用到变量“z”，但没有一处写入它"]),
        (script("z = 1\ny = z + 1"), "s > x\nx > e", []),
        (script("y = get('z', 0)"), "s > x\nx > e", []),
        (script("y = [i.a for i in get('z', [])]\nfor k in y:\n    m = k"), "s > x\nx > e", []),
        (
            '<exclusiveGateway id="g" default="f2_g_e"/>' + script("z = 1"),
            "s > g\ng > x [ok]\ng > e\nx > e",
            ["g: 出口“f1_g_x”的条件用到变量“ok”，但没有一处写入它"],
        ),
        (
            catch("t", "<timerEventDefinition><timeDate>limit</timeDate></timerEventDefinition>"),
            "s > t\nt > e",
            ["t: 定时用到变量“limit”，但没有一处写入它"],
        ),
        (
            user("a", "", FORM) + script("y = answer + days"),
            "s > a\na > x\nx > e",
            [],
        ),
        (
            '<serviceTask id="v" camunda:topic="register"/>' + script("y = number"),
            "s > v\nv > x\nx > e",
            [],
        ),
        (catch("w", MESSAGE) + script("y = note"), "s > w\nw > x\nx > e", []),
        (
            throw("w", extensions(payload="a; b=c + 1") + MESSAGE),
            "s > w\nw > e",
            ["w: 属性 payload用到变量“a”，但没有一处写入它", "w: 属性 payload用到变量“c”，但没有一处写入它"],
        ),
        (
            '<callActivity id="k" calledElement="other"><extensionElements>'
            '<camunda:in source="p1" target="q"/><camunda:out source="r" target="s1"/></extensionElements>'
            "</callActivity>" + script("y = s1"),
            "s > k\nk > x\nx > e",
            ["k: 映射（in）用到变量“p1”，但没有一处写入它"],
        ),
        (
            '<userTask id="a" camunda:candidateGroups="CLERK"><multiInstanceLoopCharacteristics '
            'camunda:collection="units" camunda:elementVariable="unit"><completionCondition>'
            "nrOfCompletedInstances &gt; 1 and unit</completionCondition></multiInstanceLoopCharacteristics>"
            "</userTask>",
            "s > a\na > e",
            ["a: 循环的集合用到变量“units”，但没有一处写入它"],
        ),
        (
            '<subProcess id="b"><startEvent id="s1"/>'
            + script("inner = 1", "i")
            + '<endEvent id="e1"/>'
            + flows("s1 > i\ni > e1")
            + "</subProcess>"
            + script("y = inner"),
            "s > b\nb > x\nx > e",
            [],
        ),
    ],
)  # fmt: skip
def test_a_variable_that_nothing_writes_is_told_where_it_is_read(
    elements: str, lines: str, found: list[str]
) -> None:
    assert unwritten(elements, lines, called={"other"}) == found


def test_the_columns_of_a_table_read_variables() -> None:
    task = '<businessRuleTask id="x" camunda:decisionRef="triage"/>' + script("y = route + kind", "z")
    found = unwritten(task, "s > x\nx > z\nz > e", dmn=table(RULES))
    assert found == [
        "x: 决策“分流”用到变量“kind”，但没有一处写入它",
        "z: 脚本用到变量“kind”，但没有一处写入它",
    ]


@pytest.mark.parametrize(
    "unknown",
    [
        '<serviceTask id="v" camunda:topic="secret"/>',  # returns nobody knows what
        catch("v", MESSAGE.replace("m_more", "m_stop")),  # brings nobody knows what
        '<callActivity id="v" calledElement="other"/>',  # gives everything back
    ],
)
def test_where_something_unknown_may_write_nothing_is_told(unknown: str) -> None:
    assert unwritten(unknown + script("y = z"), "s > v\nv > x\nx > e", called={"other"}) == []


def test_forms_that_no_task_uses_begin_a_process() -> None:
    assert unwritten(script("y = answer")) == []
    assert unwritten(user("a", "", FORM) + script("y = answer"), "s > x\nx > a\na > e") == []
    no_forms = Known(roles={"CLERK"})
    assert len(unwritten(script("y = answer"), known=no_forms)) == 1


def test_a_called_process_begins_with_what_it_is_handed() -> None:
    def calling(mapping: str) -> list[str]:
        call = (
            f'<callActivity id="k" calledElement="q"><extensionElements>{mapping}</extensionElements>'
            "</callActivity>"
        )
        outer = process(START + END + call, "s > k\nk > e")
        inner = START + END + script("y = z") + flows("s > x\nx > e")
        return told(
            outer.replace(
                b"</definitions>",
                f'<process id="q" isExecutable="true">{inner}</process></definitions>'.encode(),
            ),
            "没有一处写入",
            Known(),
        )

    assert calling('<camunda:in sourceExpression="1" target="z"/>') == []
    assert calling('<camunda:in sourceExpression="1" target="other"/>') == [
        "x: 脚本用到变量“z”，但没有一处写入它"
    ]
    assert calling('<camunda:in variables="all"/>') == []


# ---------------------------------------------------------------- written twice at once


def shared(elements: str, lines: str) -> list[str]:
    return told(process(START + END + elements, lines), "并行的分支")


FORK = "s > g\ng > a\ng > b\na > j\nb > j\nj > e"
GATES = '<parallelGateway id="g"/><parallelGateway id="j"/>'


def test_branches_that_write_one_variable_are_told() -> None:
    elements = GATES + script("v = 1", "a") + script("v = 2\nw = 3", "b")
    assert shared(elements, FORK) == ["g: 并行的分支都会写变量“v”（a、b），后写的会盖掉先写的"]
    assert shared(GATES + script("v = 1", "a") + script("w = 2", "b"), FORK) == []


def test_forms_topics_and_blocks_write_too() -> None:
    block = '<subProcess id="b"><startEvent id="s1"/>' + script("answer = 1", "i") + '<endEvent id="e1"/>'
    elements = GATES + user("a", "", FORM) + block + flows("s1 > i\ni > e1") + "</subProcess>"
    assert shared(elements, FORK) == ["g: 并行的分支都会写变量“answer”（a、b），后写的会盖掉先写的"]


def test_what_comes_after_the_join_and_exclusive_branches_are_no_matter() -> None:
    after = GATES + script("u = 1", "a") + script("w = 2", "b") + script("u = 3", "c")
    assert shared(after, FORK.replace("j > e", "j > c\nc > e")) == []
    exclusive = after.replace("parallelGateway", "exclusiveGateway")
    lines = "s > g\ng > a [get('k')]\ng > c [not get('k')]\na > j\nc > j\nj > b\nb > e"
    assert shared(exclusive, lines) == []


def test_a_loop_around_the_branches_does_not_make_them_one() -> None:
    elements = GATES + script("v = 1", "a") + script("v = 2", "b")
    elements += '<exclusiveGateway id="m"/><exclusiveGateway id="n" default="f8_n_e"/>'
    lines = "s > m\nm > g\ng > a\ng > b\na > j\nb > j\nj > n\nn > m [v > 1]\nn > e"
    assert [line.split(":")[0] for line in shared(elements, lines)] == ["g"]


# ---------------------------------------------------------------- messages


def test_a_message_that_nobody_takes_or_sends_is_told_within_what_is_known() -> None:
    waiting = boundary("in", "a", MESSAGE.replace("more", "stop")) + user("a", "", FORM)
    content = process(START + END + throw("out", MESSAGE) + waiting, "s > out\nout > a\na > e\nin > e")
    assert told(content, "消息“") == []
    nobody = Known(KNOWN.forms, KNOWN.roles, messages=KNOWN.messages, received=set(), sent=set())
    assert told(content, "消息“", nobody) == [
        "out: 消息“msg_more”没有流程接收",
        "in: 消息“msg_stop”没有谁发出，流程会一直等待",
    ]
    somebody = Known(
        KNOWN.forms, KNOWN.roles, messages=KNOWN.messages, received={"msg_more"}, sent={"msg_stop"}
    )
    assert told(content, "消息“", somebody) == []


def test_a_signal_is_not_a_message_of_the_same_name() -> None:
    content = process(
        START + END + throw("out", SIGNAL) + catch("in", MESSAGE),
        "s > out\nout > in\nin > e",
        rest='<signal id="sg" name="msg_more"/>',
    )
    known = Known(messages={"msg_more"}, received=set(), sent=set())
    assert told(content, "没有", known) == [
        "out: 信号“msg_more”没有流程接收",
        "in: 消息“msg_more”没有谁发出，流程会一直等待",
    ]
