"""Signals: thrown to everybody who waits at that moment, in the instance at once and beyond it by report."""

from __future__ import annotations

import pytest

from engine.bpmn.execution import Execution
from engine.errors import DiagramError, NotFound
from tests.unit.bpmn.drawn import (
    END,
    START,
    Case,
    block,
    boundary,
    catch,
    extensions,
    process,
    program,
    throw,
    user,
)

REST = '<signal id="sig" name="停办"/><signal id="sig2" name="恢复"/>'
SIGNAL = '<signalEventDefinition signalRef="sig"/>'
OTHER = '<signalEventDefinition signalRef="sig2"/>'
TIMER = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"


def test_a_thrown_signal_reaches_every_catcher_of_the_instance_at_once() -> None:
    inside = f'<startEvent id="s2"/>{catch("c2", SIGNAL)}{user("x")}<endEvent id="e2"/>'
    bpmn = process(
        f"{START}{END}{catch('c1', SIGNAL)}{catch('c3', OTHER)}{user('a')}{user('b')}{user('go')}"
        f"{throw('t', SIGNAL)}{block('block', inside, 's2 > c2; c2 > x; x > e2')}",
        "s > c1\ns > c3\ns > block\ns > go\nc1 > a\nc3 > b\nblock > e\ngo > t\na > e\nb > e\nt > e",
        rest=REST,
    )
    case = Case(program(bpmn))
    assert sorted(w.element_id for w in case.ex.subscriptions()) == ["c1", "c2", "c3"]
    assert case.open() == ["go"]
    case.do("go")
    assert case.open() == ["a", "x"]
    assert [w.element_id for w in case.ex.subscriptions()] == ["c3"]


def test_a_signal_also_leaves_the_instance_with_its_payload_and_is_told_as_a_signal() -> None:
    end = f'<endEvent id="e">{extensions(payload="reason; n=1 + 1", correlation="reason")}{SIGNAL}</endEvent>'
    case = Case(program(process(START + end, "s > e", rest=REST)), reason="撤销")
    (thrown,) = case.execution.thrown
    assert (thrown.message, thrown.kind, thrown.element_id, thrown.correlation) == (
        "停办",
        "signal",
        "e",
        None,
    )
    assert case.execution.status == "completed"


def test_a_signal_from_outside_is_delivered_like_a_message() -> None:
    case = Case(program(process(START + END + catch("c", SIGNAL), "s > c\nc > e", rest=REST)))
    (waiting,) = case.ex.subscriptions()
    assert (waiting.message, waiting.kind, waiting.correlation, waiting.shard) == ("停办", "signal", None, "")
    with pytest.raises(NotFound):
        case.ex.deliver(waiting.task_id, "恢复", {})
    case.send("停办", why="上级要求")
    assert case.execution.data == {"why": "上级要求"}
    assert case.execution.status == "completed"


def test_a_signal_caught_by_nobody_passes() -> None:
    case = Case(program(process(START + END + throw("t", SIGNAL), "s > t\nt > e", rest=REST)))
    assert case.history == ["s", "t", "e"]
    assert case.execution.status == "completed"


def test_catchers_take_the_payload_of_a_signal_thrown_inside() -> None:
    sent = throw("t", extensions(payload="level=3") + SIGNAL)
    bpmn = process(
        START + END + catch("c", SIGNAL) + user("go") + sent,
        "s > c\ns > go\ngo > t\nt > e\nc > e",
        rest=REST,
    )
    case = Case(program(bpmn))
    case.do("go")
    assert case.execution.data["level"] == 3


def test_a_wait_that_begins_after_the_signal_does_not_get_it() -> None:
    bpmn = process(START + END + throw("t", SIGNAL) + catch("c", SIGNAL), "s > t\nt > c\nc > e", rest=REST)
    case = Case(program(bpmn))
    assert [w.element_id for w in case.ex.subscriptions()] == ["c"]


def interrupted(interrupting: bool) -> bytes:
    inside = f'<startEvent id="s2"/><endEvent id="e2"/>{user("x")}{user("y")}{throw("t", SIGNAL)}'
    lines = "s2 > x\ns2 > y\nx > t\nt > after\nafter > e2\ny > e2"
    return process(
        f"{START}{END}{block('block', inside + user('after'), lines)}{user('boss')}"
        + boundary("b", "block", SIGNAL, interrupting=interrupting),
        "s > block\nblock > e\nb > boss\nboss > e",
        rest=REST,
    )


def test_an_interrupting_boundary_signal_thrown_inside_stops_its_own_thrower_too() -> None:
    case = Case(program(interrupted(True)))
    case.do("x")
    assert case.open() == ["boss"]
    assert sorted(case.cancelled) == ["block", "y"]
    assert case.history == ["s", "s2", "x", "t", "b"]
    assert list(case.shards) == [""]


def test_a_non_interrupting_boundary_signal_fires_any_number_of_times() -> None:
    case = Case(program(interrupted(False)))
    case.do("x")
    for _ in range(3):
        case.send("停办")
    assert case.open() == ["after", "boss", "boss", "boss", "boss", "y"]
    case.do("after")
    case.do("y")
    assert case.ex.subscriptions() == []


def test_a_signal_may_win_the_race_behind_an_event_gateway() -> None:
    bpmn = process(
        f'{START}{END}<eventBasedGateway id="g"/>{catch("c", SIGNAL)}{catch("d", TIMER)}{user("a")}',
        "s > g\ng > c\ng > d\nc > a\nd > e\na > e",
        rest=REST,
    )
    case = Case(program(bpmn))
    case.send("停办")
    assert case.open() == ["a"]
    assert case.ex.timers() == []


def test_a_signal_can_start_a_process() -> None:
    start = f'<startEvent id="by_signal">{SIGNAL}</startEvent>'
    compiled = program(process(START + start + END, "s > e\nby_signal > e", rest=REST))
    starts = {event.id: (event.kind, event.message) for event in compiled.processes["p"].starts}
    assert starts == {"s": ("none", None), "by_signal": ("signal", "停办")}
    case = Case(compiled)
    assert case.begin("by_signal").completed[0].element_id == "by_signal"


def test_a_signal_reaches_scopes_that_a_step_did_not_ask_for() -> None:
    called = process(START + END + catch("c", SIGNAL) + user("x"), "s > c\nc > x\nx > e", id="q", rest=REST)
    caller = process(
        f'{START}{END}{user("go")}{throw("t", SIGNAL)}<callActivity id="call" calledElement="q">'
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>"
        "</multiInstanceLoopCharacteristics></callActivity>",
        "s > call\ns > go\ngo > t\nt > e\ncall > e",
        rest=REST,
    )
    case = Case(program(caller, called=(called,)))
    execution = Execution.load(case.program, "p", case.shards, case.env)
    assert len(execution.subscriptions()) == 3
    assert execution.loaded_shards == set(case.shards)
    case.do("go")
    assert case.open() == ["x", "x", "x"]


def test_scopes_are_left_closed_when_nobody_throws_what_they_wait_for() -> None:
    called = process(START + END + catch("c", SIGNAL), "s > c\nc > e", id="q", rest=REST)
    caller = process(f'{START}{END}<callActivity id="call" calledElement="q"/>', "s > call\ncall > e")
    case = Case(program(caller, called=(called,)))
    execution = Execution.load(case.program, "p", case.shards, case.env)
    assert execution.loaded_shards == {""}


@pytest.mark.parametrize(
    ("definition", "sentence"),
    [
        ("<signalEventDefinition/>", "没有指明信号"),
        ('<signalEventDefinition signalRef="gone"/>', "没有指明信号"),
        ('<signalEventDefinition signalRef="made"/>', "不能是表达式"),
    ],
)
def test_a_signal_without_a_fixed_name_is_refused(definition: str, sentence: str) -> None:
    rest = '<signal id="made" name="${unit}"/>'
    with pytest.raises(DiagramError, match=sentence) as caught:
        program(process(START + END + catch("c", definition), "s > c\nc > e", rest=rest))
    assert caught.value.problems[0].element_id == "c"
