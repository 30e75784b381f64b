"""Event sub-processes: of every kind, interrupting and not, nested, and never begun of their own accord."""

from __future__ import annotations

import pytest

from tests.unit.bpmn.drawn import END, START, Case, block, boundary, handler, process, program, throw, user

REST = (
    '<signal id="sig" name="停办"/><error id="err" errorCode="E1"/><error id="err2" errorCode="E2"/>'
    '<escalation id="esc" escalationCode="X1"/>'
)
MESSAGE = '<messageEventDefinition messageRef="m_more"/>'
SIGNAL = '<signalEventDefinition signalRef="sig"/>'
TIMER = "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>"
CYCLE = "<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition>"
CONDITION = "<conditionalEventDefinition><condition>amount &gt; 100</condition></conditionalEventDefinition>"
ERROR = '<errorEventDefinition errorRef="err"/>'
ESCALATION = '<escalationEventDefinition escalationRef="esc"/>'


def guarded(inside: str) -> bytes:
    """A process of two parallel tasks with an event sub-process at its own level."""
    return process(START + END + user("a") + user("b") + inside, "s > a\ns > b\na > e\nb > e", rest=REST)


def in_block(inside: str) -> bytes:
    """A sub-process of two parallel tasks with an event sub-process in it, and a task after it."""
    return process(
        START
        + END
        + block("block", '<startEvent id="s2"/>' + user("a") + user("b") + inside, "s2 > a; s2 > b")
        + user("after"),
        "s > block\nblock > after\nafter > e",
        rest=REST,
    )


@pytest.mark.parametrize("definition", [MESSAGE, SIGNAL, TIMER, CONDITION, ERROR, ESCALATION])
def test_it_never_begins_of_its_own_accord(definition: str) -> None:
    case = Case(program(guarded(handler(definition))))
    assert case.open() == ["a", "b"]
    case.do("a")
    case.do("b")
    assert case.execution.status == "completed"
    assert case.history == ["s", "a", "e", "b", "e"]
    assert case.ex.subscriptions() == case.ex.timers() == []


@pytest.mark.parametrize("name", ["msg_more", "停办"])
def test_an_interrupting_one_ends_all_else_in_the_process_at_once(name: str) -> None:
    case = Case(program(guarded(handler(MESSAGE if name == "msg_more" else SIGNAL))))
    case.send(name, why="撤诉")
    assert case.open() == ["h"]
    assert sorted(case.cancelled) == ["a", "b"]
    assert case.ex.subscriptions() == []
    assert case.ex.data == {"why": "撤诉"}
    case.do("h")
    assert case.execution.status == "completed"
    assert case.execution.ended_at == ["handler_e"]
    assert case.history == ["s", "handler_s", "h", "handler_e", "handler"]


def test_a_sub_process_that_its_handler_took_over_ends_normally() -> None:
    case = Case(program(in_block(handler(MESSAGE))))
    case.do("a")
    case.send("msg_more")
    assert case.open() == ["h"]
    case.do("h")
    assert case.open() == ["after"]
    assert case.cancelled == ["b"]
    assert list(case.shards) == [""]


def test_a_non_interrupting_one_comes_any_number_of_times_and_several_run_at_once() -> None:
    case = Case(program(in_block(handler(MESSAGE, interrupting=False))))
    for number in range(3):
        case.send("msg_more", number=number)
    assert case.open() == ["a", "b", "h", "h", "h"]
    case.do("h")
    case.do("a")
    case.do("b")
    assert case.open() == ["h", "h"]  # the scope lives as long as its handlers
    case.send("msg_more")
    for _ in range(3):
        case.do("h")
    assert case.open() == ["after"]
    assert case.ex.subscriptions() == []
    assert case.cancelled == []


def test_its_timer_counts_from_the_beginning_of_its_scope() -> None:
    case = Case(program(in_block(handler(TIMER))))
    case.wait(days=2)
    case.do("a")
    (timer,) = case.ex.timers()
    assert timer.element_id == "handler_s"
    assert case.wait(days=1, seconds=1) == ["handler_s"]
    assert case.open() == ["h"]
    assert case.ex.timers() == []


def test_a_non_interrupting_timer_comes_once_and_a_cycle_as_often_as_it_says() -> None:
    once = Case(program(guarded(handler(TIMER, interrupting=False))))
    assert once.wait(days=30) == ["handler_s"]
    assert once.open() == ["a", "b", "h"]
    often = Case(program(guarded(handler(CYCLE, interrupting=False))))
    assert often.wait(days=30) == ["handler_s"] * 3
    assert often.open() == ["a", "b", "h", "h", "h"]


def thrower(kind: str) -> str:
    end = f'<endEvent id="stop">{ERROR if kind == "error" else ESCALATION}</endEvent>'
    return block("inner", '<startEvent id="s3"/>' + user("x") + end, "s3 > x; x > stop")


def thrown_inside(kind: str, *, interrupting: bool = True) -> bytes:
    definition = ERROR if kind == "error" else ESCALATION
    return process(
        START
        + END
        + user("b")
        + thrower(kind)
        + user("after")
        + handler(definition, interrupting=interrupting),
        "s > inner\ns > b\ninner > after\nafter > e\nb > e",
        rest=REST,
    )


@pytest.mark.parametrize("kind", ["error", "escalation"])
def test_what_is_thrown_inside_begins_it_and_interrupts(kind: str) -> None:
    case = Case(program(thrown_inside(kind)))
    case.do("x")
    assert case.open() == ["h"]
    assert "after" not in case.history
    assert "b" in case.cancelled
    case.do("h")
    assert case.execution.status == "completed"
    assert list(case.shards) == [""]


def test_an_escalation_may_be_handled_beside_the_flow() -> None:
    case = Case(program(thrown_inside("escalation", interrupting=False)))
    case.do("x")
    assert case.open() == ["after", "b", "h"]


def test_a_handler_inside_is_asked_before_a_boundary_event_outside() -> None:
    inside = '<startEvent id="s2"/>' + f'<endEvent id="stop">{ERROR}</endEvent>' + user("a") + handler(ERROR)
    bpmn = process(
        START
        + END
        + block("block", inside, "s2 > a; a > stop")
        + boundary("b", "block", ERROR)
        + user("boss")
        + user("after"),
        "s > block\nblock > after\nafter > e\nb > boss\nboss > e",
        rest=REST,
    )
    case = Case(program(bpmn))
    case.do("a")
    assert case.open() == ["h"]
    case.do("h")
    assert case.open() == ["after"]


def test_an_error_in_a_handler_goes_outward_and_not_to_itself() -> None:
    start = f'<startEvent id="hs">{ERROR}</startEvent><endEvent id="again">{ERROR}</endEvent>'
    looping = block("handler", start + user("h"), "hs > h; h > again", 'triggeredByEvent="true"')
    inside = f'<startEvent id="s2"/><endEvent id="stop">{ERROR}</endEvent>' + user("a") + looping
    bpmn = process(
        START
        + END
        + block("block", inside, "s2 > a; a > stop")
        + boundary("b", "block", ERROR)
        + user("boss"),
        "s > block\nblock > e\nb > boss\nboss > e",
        rest=REST,
    )
    case = Case(program(bpmn))
    case.do("a")
    case.do("h")
    assert case.open() == ["boss"]
    assert list(case.shards) == [""]


def test_an_escalation_in_a_handler_does_not_begin_it_again() -> None:
    start = f'<startEvent id="hs" isInterrupting="false">{ESCALATION}</startEvent>'
    own = block(
        "handler",
        start + throw("up2", ESCALATION) + user("h") + '<endEvent id="he"/>',
        "hs > up2; up2 > h; h > he",
        'triggeredByEvent="true"',
    )
    bpmn = process(
        START + END + throw("up", ESCALATION) + user("a") + own, "s > up\nup > a\na > e", rest=REST
    )
    case = Case(program(bpmn))
    assert case.open() == ["a", "h"]


def test_an_interrupting_handler_ends_the_others_that_run() -> None:
    beside = handler(MESSAGE, interrupting=False, id="beside", task="m")
    case = Case(program(guarded(beside + handler(SIGNAL, id="stopper"))))
    case.send("msg_more")
    case.send("msg_more")
    assert case.open() == ["a", "b", "m", "m"]
    case.send("停办")
    assert case.open() == ["h"]
    assert case.ex.subscriptions() == []
    assert len(case.shards) == 2


def test_handlers_nest() -> None:
    deep = handler(SIGNAL, interrupting=False, id="deep", task="d")
    start = f'<startEvent id="hs" isInterrupting="false">{MESSAGE}</startEvent>'
    outer = block(
        "handler",
        start + user("h") + '<endEvent id="he"/>' + deep,
        "hs > h; h > he",
        'triggeredByEvent="true"',
    )
    case = Case(program(in_block(outer)))
    assert [w.message for w in case.ex.subscriptions()] == ["msg_more"]
    case.send("msg_more")
    case.send("停办")
    assert case.open() == ["a", "b", "d", "h"]
    for name in ("h", "d", "a", "b"):
        case.do(name)
    assert case.open() == ["after"]


def test_a_signal_thrown_in_the_flow_interrupts_its_own_thrower() -> None:
    bpmn = process(
        START + END + user("a") + throw("t", SIGNAL) + user("after") + handler(SIGNAL),
        "s > a\na > t\nt > after\nafter > e",
        rest=REST,
    )
    case = Case(program(bpmn))
    case.do("a")
    assert case.open() == ["h"]
    assert case.history == ["s", "a", "t", "handler_s"]


def test_a_terminate_end_ends_running_handlers_and_what_is_armed() -> None:
    stop = '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
    bpmn = process(
        START + stop + user("a") + handler(MESSAGE, interrupting=False), "s > a\na > stop", rest=REST
    )
    case = Case(program(bpmn))
    case.send("msg_more")
    case.do("a")
    assert case.execution.status == "terminated"
    assert list(case.shards) == [""]
    assert sorted(case.cancelled) == ["h", "handler"]


def test_each_instance_of_several_has_its_own() -> None:
    several = (
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    )
    bpmn = process(
        START
        + END
        + block("block", several + '<startEvent id="s2"/>' + user("a") + handler(MESSAGE), "s2 > a"),
        "s > block\nblock > e",
        rest=REST,
    )
    case = Case(program(bpmn))
    assert len(case.ex.subscriptions()) == 2
    case.send("msg_more")
    assert case.open() == ["a", "h"]
    case.do("h")
    case.do("a")
    assert case.execution.status == "completed"
