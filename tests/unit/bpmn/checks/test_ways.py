"""Elements that lead nowhere or never to an end, choices without a default, timers that race."""

from __future__ import annotations

import pytest

from engine.bpmn.checks.ways import ways
from engine.bpmn.compile import read_bundle
from tests.unit.bpmn.drawn import END, START, catch, flows, process, user

TIMER = "<timerEventDefinition><timeDuration>PT{}H</timeDuration></timerEventDefinition>"
MESSAGE = '<messageEventDefinition messageRef="m_more"/>'


def told(elements: str, lines: str, *, start: str = START + END) -> list[tuple[str, str, str]]:
    drawn = read_bundle({"f.bpmn": process(start + elements, lines)})
    return [
        (problem.severity, problem.element_id, problem.message.split("：")[0])
        for problem in ways(drawn.processes[0])
    ]


DEAD = "走到这里就断了"
LOST = "从开始事件走不到这里"


@pytest.mark.parametrize(
    ("why", "elements", "lines", "found"),
    [
        ("a way to the end", user("a"), "s > a\na > e", []),
        ("a task that leads nowhere", user("a") + user("b"), "s > a\na > e\ns > b", [("error", "b", DEAD)]),
        ("a task nothing leads to", user("a") + user("b"), "s > a\na > e\nb > e", [("error", "b", LOST)]),
        (
            "a loop nobody leaves",
            '<exclusiveGateway id="g"/>' + user("a"),
            "s > g\ng > a\na > g",
            [
                ("error", "e", LOST),
                ("warning", "s", "从这里再也走不到结束"),
            ],
        ),
        (
            "a loop that is left",
            '<exclusiveGateway id="g"/><exclusiveGateway id="h" default="f3_h_e"/>' + user("a"),
            "s > g\ng > a\na > h\nh > e\nh > g [x]",
            [],
        ),
        (
            "a choice without default",
            '<exclusiveGateway id="g"/>',
            "s > g\ng > e [x]\ng > e [not x]",
            [("warning", "g", "没有默认出口")],
        ),
        (
            "two timers behind one event gateway",
            '<eventBasedGateway id="g"/>' + catch("t1", TIMER.format(1)) + catch("t2", TIMER.format(2)),
            "s > g\ng > t1\ng > t2\nt1 > e\nt2 > e",
            [("warning", "g", "几个定时事件“t1、t2”只有最早的一个会触发")],
        ),
        (
            "a timer and a message",
            '<eventBasedGateway id="g"/>' + catch("t1", TIMER.format(1)) + catch("m", MESSAGE),
            "s > g\ng > t1\ng > m\nt1 > e\nm > e",
            [],
        ),
        (
            "an event sub-process stands beside the flow",
            '<subProcess id="ev" triggeredByEvent="true"><startEvent id="es">'
            + MESSAGE
            + '</startEvent><endEvent id="ee"/>'
            + flows("es > ee")
            + "</subProcess>",
            "s > e",
            [],
        ),
    ],
)
def test_ways_are_followed(why: str, elements: str, lines: str, found: list[tuple[str, str, str]]) -> None:
    assert told(elements, lines) == found, why


def test_a_drawing_without_any_end_event_ends_where_nothing_follows() -> None:
    assert told(user("a"), "s > a", start=START) == []
    assert told('<parallelGateway id="g"/>', "s > g", start=START) == [("error", "g", DEAD)]
