"""Diagrams and tables that mutation starts from: the real processes, the tests' own, and every construct."""

from __future__ import annotations

from pathlib import Path

from tests.unit.bpmn.drawn import DIAGRAMS, END, START, boundary, catch, flows, process, throw, user
from tests.unit.bpmn.test_decisions import RULES, table

PROCESSES = Path(__file__).parents[3] / "processes"
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
MESSAGE = '<messageEventDefinition messageRef="m_more"/>'
ERROR = '<error id="er" errorCode="E1"/>'
SEVERAL = (
    '<multiInstanceLoopCharacteristics isSequential="true" camunda:collection="items"'
    ' camunda:elementVariable="item"><completionCondition>nrOfCompletedInstances == 1</completionCondition>'
    "</multiInstanceLoopCharacteristics>"
)
AGAIN = (
    '<standardLoopCharacteristics loopMaximum="3"><loopCondition>x &lt; 5</loopCondition>'
    "</standardLoopCharacteristics>"
)


CALLED = (
    '<process id="q" isExecutable="true"><startEvent id="s"/><task id="t"/><endEvent id="e"/>'
    + flows("s > t\nt > e")
    + "</process>"
).encode()


def _script(id: str, text: str, inside: str = "") -> str:
    return f'<scriptTask id="{id}">{inside}<script>{text}</script></scriptTask>'


def _drawn() -> dict[str, bytes]:
    return {
        "choices.bpmn": process(
            START + END + '<exclusiveGateway id="g" default="f2_g_b"/><inclusiveGateway id="o"/>'
            '<inclusiveGateway id="p"/><task id="a"/><task id="b"/>' + _script("c", "x = x + 1"),
            "s > g\ng > a [x == 1]\ng > b\na > o\nb > o\no > c [x > 0]\no > p [x > 5]\nc > p\np > e",
        ),
        "parallel.bpmn": process(
            START + END + '<parallelGateway id="g"/><parallelGateway id="j"/>' + user("a") + user("b"),
            "s > g\ng > a\ng > b\na > j\nb > j\nj > e",
        ),
        "endless.bpmn": process(
            START + END + '<exclusiveGateway id="m"/>' + _script("a", "n = get('n', 0) + 1"),
            "s > m\nm > a\na > m [true]\na > e [false]",
        ),
        "events.bpmn": process(
            START
            + END
            + user("a")
            + boundary("t", "a", TIMER)
            + boundary("m", "a", MESSAGE, interrupting=False)
            + catch("w", TIMER)
            + throw("h", MESSAGE)
            + '<eventBasedGateway id="g"/><exclusiveGateway id="j"/>'
            + catch("w1", MESSAGE)
            + catch("w2", TIMER),
            "s > a\na > g\nt > w\nw > h\nh > j\ng > w1\ng > w2\nw1 > j\nw2 > j\nj > e\nm > h",
        ),
        "blocks.bpmn": process(
            START
            + END
            + '<subProcess id="b"><startEvent id="s1"/>'
            + user("u", SEVERAL)
            + _script("r", "y = 1", AGAIN)
            + '<endEvent id="e1"><errorEventDefinition errorRef="er"/></endEvent>'
            + flows("s1 > u\nu > r\nr > e1")
            + "</subProcess>"
            + boundary("c", "b", '<errorEventDefinition errorRef="er"/>')
            + '<callActivity id="k" calledElement="q"><extensionElements><camunda:in variables="all"/>'
            '<camunda:out source="z" target="x"/></extensionElements></callActivity>',
            "s > b\nb > k\nc > k\nk > e",
            rest=ERROR,
        ).replace(b"</definitions>", CALLED + b"</definitions>"),
        "decided.bpmn": process(
            START
            + END
            + '<businessRuleTask id="r" camunda:decisionRef="triage" camunda:resultVariable="out"/>'
            + '<serviceTask id="v" camunda:topic="t"/>'
            + user("a", "", 'camunda:dueDate="${now() + days(1)}"'),
            "s > r\nr > v\nv > a\na > e",
        ),
        "decided.dmn": table([['"投诉"', "[1..5]", '"受理"'], ['not("x")', "> 5, null", '"登记"'], *RULES]),
    }


SEEDS = _drawn() | {
    path.name: path.read_bytes()
    for folder in (PROCESSES, DIAGRAMS.parent)
    for path in sorted((*folder.rglob("*.bpmn"), *folder.rglob("*.dmn")))
    if "hostile" not in path.parts
}
"""File name → content; a table beside a diagram of the same stem belongs to it."""
