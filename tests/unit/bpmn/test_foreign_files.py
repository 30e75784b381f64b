"""Files of other tools: other spellings are understood, what does not execute stops nothing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from engine.bpmn.compile import compile_bundle
from engine.errors import DiagramError
from tests.unit.bpmn.drawn import END, NOW, START, Case, catch, process, program, user

MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def file(inside: str, attributes: str = "") -> bytes:
    return f'<definitions xmlns="{MODEL}" {attributes}>{inside}</definitions>'.encode()


def executable(inside: str, attributes: str = 'isExecutable="true"', id: str = "p") -> str:
    return f'<process id="{id}" {attributes}>{inside}</process>'


def processes_of(content: bytes) -> list[str]:
    return sorted(compile_bundle({"f.bpmn": content}).processes)


# ------------------------------------------------------------------ what is executed


ONE, TWO = '<task id="t1"/>', '<task id="t2"/>'


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        (executable(ONE) + executable(TWO, id="q"), ["p", "q"]),
        (executable(ONE) + executable(TWO, "", "q"), ["p"]),  # one says it is, so the other is not
        (executable(ONE) + executable(TWO, 'isExecutable="false"', "q"), ["p"]),
        (executable(ONE, "") + executable(TWO, "", "q"), ["p", "q"]),  # none says anything
        (executable(ONE, "") + executable(TWO, 'isExecutable="0"', "q"), ["p"]),
        (executable(ONE, 'isExecutable="1"') + executable("", id="q"), ["p"]),  # an empty pool
    ],
)
def test_processes_are_executed_as_their_file_says(inside: str, found: list[str]) -> None:
    assert processes_of(file(inside)) == found


def test_a_pool_that_is_not_executed_may_hold_anything() -> None:
    wild = (
        '<complexGateway id="x"/><serviceTask id="y"/><scriptTask id="z" scriptFormat="groovy">'
        "<script>System.exit(1)</script></scriptTask><sequenceFlow sourceRef='x' targetRef='nowhere'/>"
    )
    assert processes_of(file(executable(ONE) + executable(wild, 'isExecutable="false"', "q"))) == ["p"]


BESIDE = """
<import importType="http://www.w3.org/2001/XMLSchema" location="a.xsd" namespace="urn:a"/>
<itemDefinition id="item"/><dataStore id="store"/><category id="c"><categoryValue id="cv"/></category>
<resource id="res"/><interface id="if" name="n"><operation id="op" name="n"/></interface>
<globalUserTask id="g"/><partnerRole id="pr"/><endPoint id="ep"/><correlationProperty id="cp"/>
<choreography id="ch"><choreographyTask id="ct"/></choreography>
<conversation id="cn"><conversationNode/></conversation>
<collaboration id="co"><participant id="p1" processRef="p"/><participant id="p2"/>
  <messageFlow id="mf" sourceRef="p2" targetRef="a"/><conversationLink/></collaboration>
<extension xmlns:x="urn:x"/>
<relationship id="rel" type="t"><source>a</source><target>a</target></relationship>
"""
INSIDE = """
<documentation>说明</documentation><auditing/><monitoring/><property id="pp" name="x"/>
<laneSet><lane id="l"><flowNodeRef>a</flowNodeRef></lane></laneSet>
<dataObject id="do"/><dataObjectReference id="dor" dataObjectRef="do"/><dataStoreReference id="dsr"/>
<textAnnotation id="ta"><text>注</text></textAnnotation><association id="as" sourceRef="a" targetRef="ta"/>
<group id="gr" categoryValueRef="cv"/><resourceRole id="rr"/><correlationSubscription id="cs"/>
"""
VENDORS = (
    'xmlns:flowable="http://flowable.org/bpmn" xmlns:activiti="http://activiti.org/bpmn" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" xmlns:signavio="http://www.signavio.com" '
    'xmlns:drools="http://www.jboss.org/drools"'
)
TASK = """
<userTask id="a" flowable:assignee="x" activiti:candidateUsers="y" drools:priority="1">
  <extensionElements><zeebe:formDefinition formId="f"/><flowable:taskListener class="a.B" event="create"/>
  <signavio:signavioMetaData metaKey="bgcolor" metaValue="#fff"/></extensionElements>
  <performer><resourceRef>res</resourceRef></performer>
</userTask>
"""


def test_what_does_not_execute_stops_no_process() -> None:
    content = file(BESIDE + executable(INSIDE + TASK + ONE), VENDORS)
    case = Case(program(content))
    assert case.open() == ["a"]
    assert case.history == ["t1"]


# ------------------------------------------------------------------ how it is written


@pytest.mark.parametrize("prefix", ["bpmn:", "bpmn2:", "semantic:", "模:", ""])
def test_any_prefix_will_do(prefix: str) -> None:
    xmlns = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    p = prefix
    content = (
        f'<{p}definitions {xmlns}="{MODEL}"><{p}process id="p" isExecutable="true"><{p}startEvent id="s"/>'
        f'<{p}userTask id="a"/><{p}sequenceFlow id="f" sourceRef="s" targetRef="a"/>'
        f"</{p}process></{p}definitions>"
    )
    assert Case(program(content.encode())).open() == ["a"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "gb18030"])
def test_any_encoding_will_do(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    inside = executable('<userTask id="a" name="受理"/>')
    text = f'<?xml version="1.0" encoding="{declared}"?>\n' + file(inside).decode()
    case = Case(program(text.encode(encoding)))
    assert [task.node.name for task in case.ex.open_tasks()] == ["受理"]


def test_flows_need_neither_ids_nor_incoming_and_outgoing_and_keep_their_order() -> None:
    gateway = (
        '<exclusiveGateway id="g"><outgoing>late</outgoing><outgoing>early</outgoing></exclusiveGateway>'
    )
    lines = (
        '<sequenceFlow sourceRef="g" targetRef="a"><conditionExpression>n &gt; 1</conditionExpression>'
        '</sequenceFlow><sequenceFlow sourceRef="g" targetRef="b"><conditionExpression>n &gt; 0'
        '</conditionExpression></sequenceFlow><sequenceFlow sourceRef="s" targetRef="g"/>'
    )
    compiled = program(process(lines + gateway + user("a") + user("b") + START, ""))
    assert Case(compiled, n=2).open() == ["a"]
    assert Case(compiled, n=1).open() == ["b"]


@pytest.mark.parametrize(
    ("definition", "after"),
    [
        ("<timeDuration>PT1H</timeDuration>", timedelta(hours=1)),
        ("<timeDuration>'PT1H'</timeDuration>", timedelta(hours=1)),
        ("<timeDuration>${wait}</timeDuration>", timedelta(hours=2)),
        ("<timeDuration>= wait</timeDuration>", timedelta(hours=2)),
        ("<timeDate> 2026-09-02 </timeDate>", timedelta(hours=14)),  # midnight in Shanghai
        ("<timeDate>2026-09-01T03:00:00Z</timeDate>", timedelta(hours=1)),
        ("<timeDate>2026-09-01T11:00:00+08:00</timeDate>", timedelta(hours=1)),
    ],
)
def test_timers_need_no_quotes(definition: str, after: timedelta) -> None:
    wait = catch("w", f"<timerEventDefinition>{definition}</timerEventDefinition>")
    case = Case(program(process(START + END + wait, "s > w\nw > e")), wait="PT2H")
    assert [timer.due_at for timer in case.ex.timers()] == [NOW + after]


def branching(attributes: str, text: str) -> bytes:
    condition = f"<conditionExpression {attributes}><![CDATA[{text}]]></conditionExpression>"
    flow = f'<sequenceFlow id="f" sourceRef="g" targetRef="a">{condition}</sequenceFlow>'
    gateway = '<exclusiveGateway id="g" default="f1_g_b"/>'
    return process(START + gateway + user("a") + user("b") + flow, "s > g\ng > b")


@pytest.mark.parametrize(
    ("attributes", "text"),
    [
        ('xsi:type="tFormalExpression"', "${n gt 3 && !closed}"),
        ('xsi:type="bpmn:tFormalExpression" language="juel"', "n gt 3"),
        ('language="feel"', "n > 3 and closed = false"),
        ('language="https://www.omg.org/spec/DMN/20191111/FEEL/"', "= n = 5"),
        ('language="python"', "n > 3 and not closed"),
        ('language="http://www.w3.org/1999/XPath"', "${n == 5}"),
        ("", "= if closed then false else n in [4, 5]"),
    ],
)
def test_conditions_run_in_the_languages_that_are_understood(attributes: str, text: str) -> None:
    compiled = program(branching(attributes, text))
    assert Case(compiled, n=5, closed=False).open() == ["a"]
    assert Case(compiled, n=1, closed=False).open() == ["b"]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("javascript", "n === 5"),
        ("http://www.java.com/java", "return n == 5;"),
        ("http://www.w3.org/1999/XPath", "n = 5"),
    ],
)
def test_conditions_in_other_languages_are_refused(language: str, text: str) -> None:
    with pytest.raises(DiagramError, match=f"条件用 {re.escape(language)} 写成，不会执行") as caught:
        program(branching(f'language="{language}"', text))
    assert caught.value.problems[0].element_id == "f"


def scripted(attributes: str, text: str) -> bytes:
    script = f'<scriptTask id="x" {attributes}><script>{text}</script></scriptTask>'
    return process(START + END + script, "s > x\nx > e")


@pytest.mark.parametrize(
    ("attributes", "text", "value"),
    [
        ('scriptFormat="python"', "y = n + 1", 6),
        ('scriptFormat="python"', "\n      x = n\n      y = x + 1\n    ", 6),  # indented for the eye
        ('scriptFormat="text/x-python"', "y = n + 1", 6),
        ('camunda:resultVariable="y"', "n + 1", 6),
        ('scriptFormat="juel" camunda:resultVariable="y"', "${n gt 3 ? 'a' : 'b'}", "a"),
    ],
)
def test_scripts_assign_or_answer(attributes: str, text: str, value: object) -> None:
    assert Case(program(scripted(attributes, text)), n=5).execution.data["y"] == value


@pytest.mark.parametrize(
    ("attributes", "text", "sentence"),
    [
        ('scriptFormat="groovy"', "y = 1", "脚本用 groovy 写成"),
        ('scriptFormat="application/javascript"', "y = 1", "脚本用 application/javascript 写成"),
        ('scriptFormat="python" camunda:resultVariable="y"', "a = 1\nb = 2", "写法有误"),
    ],
)
def test_scripts_in_other_languages_are_refused(attributes: str, text: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence) as caught:
        program(scripted(attributes, text))
    assert caught.value.problems[0].element_id == "x"
