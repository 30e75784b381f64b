"""Conditional events: fired the moment their condition becomes true, once for each time it does."""

from __future__ import annotations

import pytest

from engine.bpmn.execution import Execution
from engine.errors import DiagramError, StepFailed
from tests.unit.bpmn.drawn import END, START, Case, block, boundary, catch, process, program, user


def when(condition: str) -> str:
    return (
        f"<conditionalEventDefinition><condition><![CDATA[{condition}]]></condition>"
        "</conditionalEventDefinition>"
    )


HIGH = when("${amount > 100}")


def script(id: str, text: str) -> str:
    return f'<scriptTask id="{id}"><script>{text}</script></scriptTask>'


def waiting() -> bytes:
    return process(
        START + END + catch("c", HIGH) + user("a") + user("b"), "s > c\ns > a\nc > b\na > e\nb > e"
    )


def test_it_waits_until_its_condition_is_true() -> None:
    case = Case(program(waiting()), amount=1)
    assert case.open() == ["a"]
    case.do("a", amount=101)
    assert case.open() == ["b"]


def test_one_that_is_true_already_does_not_wait() -> None:
    assert Case(program(waiting()), amount=500).open() == ["a", "b"]


def test_while_a_variable_has_no_value_the_condition_is_false() -> None:
    case = Case(program(waiting()))
    assert case.open() == ["a"]
    case.do("a", amount=500)
    assert case.open() == ["b"]


def test_a_condition_that_cannot_be_computed_is_an_incident() -> None:
    with pytest.raises(StepFailed, match="amount") as caught:
        Case(program(waiting()), amount="很多")
    assert caught.value.element_id == "c"


def guarded(interrupting: bool) -> bytes:
    """A condition on a sub-process of three scripts with tasks between them."""
    inside = (
        f'<startEvent id="s2"/><endEvent id="e2"/>{user("x")}{user("y")}'
        + script("up", "amount = 500")
        + script("down", "amount = 1")
        + script("later", "reached = True")
    )
    return process(
        START
        + END
        + block("block", inside, "s2 > x; x > up; up > down; down > later; later > y; y > x")
        + boundary("b", "block", HIGH, interrupting=interrupting)
        + user("boss"),
        "s > block\nblock > e\nb > boss\nboss > e",
    )


def test_an_interrupting_boundary_event_lets_nothing_run_after_the_change() -> None:
    case = Case(program(guarded(True)), amount=1)
    case.do("x")
    assert case.open() == ["boss"]
    assert case.execution.data == {"amount": 500}
    assert case.history == ["s", "s2", "x", "up", "b"]


def test_a_non_interrupting_one_fires_once_for_each_time_it_becomes_true() -> None:
    case = Case(program(guarded(False)), amount=1)
    case.do("x")
    assert case.open() == ["boss", "y"]
    case.do("y", amount=200)
    assert case.open() == ["boss", "boss", "x"]
    case.do("x", amount=300)  # it was true all the time until `down`
    assert case.open() == ["boss", "boss", "y"]


def test_it_begins_event_sub_processes() -> None:
    start = f'<startEvent id="hs" isInterrupting="false">{HIGH}</startEvent><endEvent id="he"/>'
    handler = block("handler", start + user("h"), "hs > h; h > he", 'triggeredByEvent="true"')
    bpmn = process(START + END + user("a") + user("b") + handler, "s > a\na > b\nb > e")
    case = Case(program(bpmn))
    case.do("a", amount=101)
    assert case.open() == ["b", "h"]
    case.do("h", amount=102)
    assert case.open() == ["b"]


def test_it_may_win_the_race_behind_an_event_gateway() -> None:
    timer = "<timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition>"
    bpmn = process(
        f'{START}{END}<eventBasedGateway id="g"/>{catch("c", HIGH)}{catch("d", timer)}{user("a")}{user("b")}',
        "s > g\ns > b\nb > e\ng > c\ng > d\nc > a\nd > e\na > e",
    )
    case = Case(program(bpmn), amount=0)
    case.do("b", amount=101)
    assert case.open() == ["a"]
    assert case.ex.timers() == []


def test_what_changes_variables_reaches_conditions_in_scopes_nobody_asked_for() -> None:
    inside = f'<startEvent id="s2"/>{catch("c", HIGH)}{user("x")}'
    bpmn = process(
        START + END + user("a") + block("block", inside, "s2 > c; c > x"),
        "s > a\ns > block\na > e\nblock > e",
    )
    case = Case(program(bpmn), amount=0)
    execution = Execution.load(case.program, "p", case.shards, case.env)
    (task,) = execution.open_tasks()
    execution.complete(task.task_id, {"amount": 101})
    case.finish(execution)
    assert case.open() == ["x"]


def test_the_conditions_of_a_called_process_are_over_its_own_variables() -> None:
    called = process(START + END + catch("c", HIGH) + user("x"), "s > c\nc > x\nx > e", id="q")
    caller = process(
        START + END + user("a") + '<callActivity id="call" calledElement="q"/>',
        "s > a\ns > call\na > e\ncall > e",
    )
    case = Case(program(caller, called=(called,)), amount=0)
    assert Execution.load(case.program, "p", case.shards, case.env).loaded_shards == {""}
    case.do("a", amount=101)
    assert case.open() == []


def test_a_condition_that_stays_true_in_a_circle_ends_in_an_incident() -> None:
    with pytest.raises(StepFailed, match="死循环"):
        Case(program(process(START + END + catch("c", HIGH), "s > c\nc > c\nc > e")), amount=500)


REFUSED = {
    "without condition": (catch("x", "<conditionalEventDefinition/>"), "没有写明条件"),
    "outside the allow-list": (catch("x", when("open(1)")), "没有名为“open”的函数"),
    "of a named variable": (
        catch("x", HIGH.replace("Definition>", 'Definition camunda:variableName="amount">', 1)),
        "camunda:variableName 不支持",
    ),
    "a start of the process": (f'<startEvent id="x">{HIGH}</startEvent>', "但是条件事件"),
}


@pytest.mark.parametrize(("inside", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused(inside: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence):
        program(process(START + END + inside, "s > x\nx > e"))
