"""Escalations: thrown up to the nearest event that catches them; the flow goes on unless it interrupts."""

from __future__ import annotations

import pytest

from engine.errors import DiagramError
from tests.unit.bpmn.drawn import END, START, Case, block, boundary, process, program, throw, user

REST = '<escalation id="esc" escalationCode="X1"/><escalation id="esc2" escalationCode="X2"/>'
UP = '<escalationEventDefinition escalationRef="esc"/>'
OTHER = '<escalationEventDefinition escalationRef="esc2"/>'
ANY = "<escalationEventDefinition/>"
NOTED = '<escalationEventDefinition escalationRef="esc" camunda:escalationCodeVariable="code"/>'


def escalating(events: str, lines: str = "") -> bytes:
    inside = f'<startEvent id="s2"/><endEvent id="e2"/>{throw("up", UP)}{user("x")}{user("y")}'
    return process(
        START + END + block("block", inside, "s2 > x; x > up; up > y; y > e2") + user("boss") + events,
        f"s > block\nblock > e\nboss > e\n{lines}",
        rest=REST,
    )


def test_an_escalation_nobody_catches_passes() -> None:
    case = Case(program(escalating("")))
    case.do("x")
    assert case.open() == ["y"]


def test_an_interrupting_boundary_event_stops_what_follows_the_throw() -> None:
    case = Case(program(escalating(boundary("b", "block", NOTED), "b > boss")))
    case.do("x")
    assert case.open() == ["boss"]
    assert case.history == ["s", "s2", "x", "up", "b"]
    assert case.execution.data == {"code": "X1"}


def test_a_non_interrupting_one_lets_the_flow_go_on() -> None:
    events = boundary("b", "block", UP, interrupting=False)
    case = Case(program(escalating(events, "b > boss")))
    case.do("x")
    assert case.open() == ["boss", "y"]


def test_the_code_decides_and_catch_all_comes_last() -> None:
    events = boundary("b", "block", OTHER) + boundary("b2", "block", ANY, interrupting=False) + user("all")
    case = Case(program(escalating(events, "b > boss\nb2 > all\nall > e")))
    case.do("x")
    assert case.open() == ["all", "y"]


def looping(interrupting: bool) -> bytes:
    """Escalates each time round."""
    inside = (
        f'<startEvent id="s2"/><endEvent id="e2"/>{throw("up", UP)}{user("x")}'
        '<exclusiveGateway id="g" default="d"/><sequenceFlow id="d" sourceRef="g" targetRef="e2"/>'
    )
    return process(
        START
        + END
        + block("block", inside, "s2 > x; x > up; up > g; g > x [more]")
        + user("boss")
        + boundary("b", "block", UP, interrupting=interrupting),
        "s > block\nblock > e\nb > boss\nboss > e",
        rest=REST,
    )


def test_it_comes_any_number_of_times_to_a_non_interrupting_event() -> None:
    case = Case(program(looping(False)))
    for more in (True, True, False):
        case.do("x", more=more)
    assert case.open() == ["boss", "boss", "boss"]


def test_an_escalation_end_event_ends_its_token_and_leaves_a_called_process() -> None:
    called = process(
        START + user("x") + f'<endEvent id="up">{UP}</endEvent>', "s > x\nx > up", id="q", rest=REST
    )
    for interrupting, opened in ((True, ["boss"]), (False, ["after", "boss"])):
        caller = process(
            f'{START}{END}<callActivity id="call" calledElement="q"/>'
            + boundary("b", "call", UP, interrupting=interrupting)
            + user("boss")
            + user("after"),
            "s > call\ncall > after\nafter > e\nb > boss\nboss > e",
            rest=REST,
        )
        case = Case(program(caller, called=(called,)))
        case.do("x")
        assert case.open() == opened
        assert list(case.shards) == [""]


def test_one_that_is_caught_inside_does_not_reach_the_outside_too() -> None:
    inner = block(
        "inner", f'<startEvent id="s3"/>{user("x")}<endEvent id="up">{UP}</endEvent>', "s3 > x; x > up"
    )
    outer = block(
        "outer",
        f'<startEvent id="s2"/>{inner}{user("inside")}' + boundary("b_in", "inner", UP, interrupting=False),
        "s2 > inner; b_in > inside",
    )
    bpmn = process(
        START + END + outer + boundary("b_out", "outer", UP, interrupting=False) + user("outside"),
        "s > outer\nouter > e\nb_out > outside\noutside > e",
        rest=REST,
    )
    case = Case(program(bpmn))
    case.do("x")
    assert case.open() == ["inside"]


@pytest.mark.parametrize(
    ("inside", "sentence"),
    [
        (user("x") + boundary("b", "x", UP), "升级边界事件只能附在"),
        (throw("x", '<escalationEventDefinition escalationRef="no"/>'), "升级“no”不在文件中"),
    ],
)
def test_it_is_refused(inside: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence):
        program(process(START + END + inside, "s > x\nx > e", rest=REST))
