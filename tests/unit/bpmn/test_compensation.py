"""Compensation: completed activities are undone, the last first, each with the data of its completion."""

from __future__ import annotations

import pytest

from tests.unit.bpmn.drawn import (
    END,
    START,
    Case,
    block,
    boundary,
    process,
    program,
    throw,
    undoable,
    user,
)

UNDO = "<compensateEventDefinition/>"
SEVERAL = (
    '<multiInstanceLoopCharacteristics isSequential="true" camunda:collection="units" '
    'camunda:elementVariable="unit"/>'
)


def undo(activity: str) -> str:
    return f'<compensateEventDefinition activityRef="{activity}"/>'


def booked(thrower: str, lines: str = "s > a\na > b\nb > c\nc > t\nt > after\nafter > e") -> bytes:
    """Two activities that can be undone, one that cannot, then what undoes."""
    return process(START + END + undoable("a") + undoable("b") + user("c") + thrower + user("after"), lines)


def test_what_was_completed_is_undone_one_by_one_the_last_first() -> None:
    case = Case(program(booked(throw("t", UNDO))))
    for name in ("a", "b", "c"):
        case.do(name)
    assert case.open() == ["undo_b"]
    case.do("undo_b")
    assert case.open() == ["undo_a"]
    case.do("undo_a")
    assert case.open() == ["after"]
    assert case.history == ["s", "a", "b", "c", "undo_b", "undo_a", "t"]
    case.do("after")
    assert case.execution.status == "completed"


def test_one_activity_may_be_named() -> None:
    case = Case(program(booked(throw("t", undo("a")))))
    for name in ("a", "b", "c"):
        case.do(name)
    assert case.open() == ["undo_a"]
    case.do("undo_a")
    assert case.open() == ["after"]


def test_what_was_not_completed_is_not_undone() -> None:
    case = Case(program(booked(throw("t", UNDO), "s > a\ns > t\nt > after\na > b\nb > c\nc > e\nafter > e")))
    assert case.open() == ["a", "after"]
    assert case.history == ["s", "t"]


def test_nothing_is_undone_twice() -> None:
    bpmn = process(
        START + END + undoable("a") + throw("t", UNDO) + throw("t2", UNDO), "s > a\na > t\nt > t2\nt2 > e"
    )
    case = Case(program(bpmn))
    case.do("a")
    case.do("undo_a")
    assert case.execution.status == "completed"
    assert case.history == ["s", "a", "undo_a", "t", "t2", "e"]


def test_an_activity_is_undone_with_the_data_it_completed_with() -> None:
    bpmn = process(
        START + END + undoable("a") + user("c") + throw("t", UNDO) + user("after"),
        "s > a\na > c\nc > a [again]\nc > t [not again]\nt > after\nafter > e",
    )
    case = Case(program(bpmn), again=True)
    case.do("a", room="101")
    case.do("c", again=True)
    case.do("a", room="202")
    case.do("c", again=False, other=1)
    for room in ("202", "101"):
        (task,) = case.ex.open_tasks()
        assert (task.data["room"], task.data["other"]) == (room, 1)
        case.do("undo_a", released=room)
    assert case.execution.data == {"again": False, "room": "202", "other": 1, "released": "101"}


def undone_by_script(name: str) -> str:
    """An activity whose handler adds its name to the list `undone`."""
    return (
        user(name)
        + boundary(f"{name}_undone", name, UNDO)
        + f'<scriptTask id="undo_{name}" isForCompensation="true">'
        f'<script>undone = undone + ["{name}"]</script></scriptTask>'
        f'<association sourceRef="{name}_undone" targetRef="undo_{name}"/>'
    )


def test_a_handler_sees_what_the_one_before_it_wrote() -> None:
    inside = block("q", undone_by_script("a") + undone_by_script("b"), "a > b")
    bpmn = process(
        START + END + inside + undone_by_script("c") + throw("t", UNDO), "s > q; q > c; c > t; t > e"
    )
    case = Case(program(bpmn), undone=[])
    for name in ("a", "b", "c"):
        case.do(name)
    assert case.execution.data == {"undone": ["c", "b", "a"]}


def test_an_end_event_undoes_before_it_ends() -> None:
    bpmn = process(START + undoable("a") + f'<endEvent id="t">{UNDO}</endEvent>', "s > a\na > t")
    case = Case(program(bpmn))
    case.do("a")
    assert case.open() == ["undo_a"]
    case.do("undo_a")
    assert (case.execution.status, case.execution.ended_at) == ("completed", ["t"])


@pytest.mark.parametrize(
    "loop",
    [
        SEVERAL,
        SEVERAL.replace("true", "false"),
        "<standardLoopCharacteristics><loopCondition>loopCounter &lt; 3</loopCondition>"
        "</standardLoopCharacteristics>",
    ],
)
def test_each_completion_of_a_loop_is_undone(loop: str) -> None:
    bpmn = process(START + END + undoable("a", loop) + throw("t", UNDO), "s > a\na > t\nt > e")
    case = Case(program(bpmn), units=["x", "y", "z"])
    for _ in range(3):
        case.do("a")
    undone = []
    while case.open():
        (task,) = case.ex.open_tasks()
        undone.append(task.data.get("unit"))
        case.do("undo_a")
    assert undone == (["z", "y", "x"] if loop.startswith("<multi") else [None] * 3)
    assert case.execution.status == "completed"


def test_a_loop_that_is_not_over_is_not_undone() -> None:
    bpmn = process(
        START + END + undoable("a", SEVERAL.replace("true", "false")) + user("go") + throw("t", UNDO),
        "s > a\ns > go\ngo > t\nt > e\na > e",
    )
    case = Case(program(bpmn), units=["x", "y"])
    case.do("a")
    case.do("go")
    assert case.open() == ["a"]
    assert "undo_a" not in case.history


def test_what_an_interrupted_sub_process_did_is_not_undone() -> None:
    more = '<messageEventDefinition messageRef="m_more"/>'
    bpmn = process(
        START
        + END
        + block("block", '<startEvent id="s2"/>' + undoable("a") + user("b"), "s2 > a; a > b")
        + boundary("stop", "block", more)
        + undoable("c")
        + throw("t", UNDO),
        "s > block\nblock > c\nc > t\nt > e\nstop > t",
    )
    case = Case(program(bpmn))
    case.do("a")
    case.send("msg_more")
    assert case.execution.status == "completed"
    assert "undo_a" not in case.history


def test_cancelling_what_undoes_cancels_the_handler() -> None:
    more = '<messageEventDefinition messageRef="m_more"/>'
    inside = '<startEvent id="s2"/>' + undoable("a") + throw("t", UNDO)
    bpmn = process(
        START
        + END
        + block("block", inside, "s2 > a; a > t")
        + boundary("stop", "block", more)
        + user("boss"),
        "s > block\nblock > e\nstop > boss\nboss > e",
    )
    case = Case(program(bpmn))
    case.do("a")
    case.send("msg_more")
    assert case.open() == ["boss"]
    assert sorted(case.cancelled) == ["block", "undo_a"]
    assert list(case.shards) == [""]


def test_an_error_in_a_handler_reaches_the_scope_of_the_throw() -> None:
    rest = '<error id="err" errorCode="E1"/>'
    error = '<errorEventDefinition errorRef="err"/>'
    failing = (
        user("a")
        + boundary("a_b", "a", UNDO)
        + '<scriptTask id="undo_a" isForCompensation="true"><script>bpmn_error("E1")</script></scriptTask>'
        + '<association id="as" sourceRef="a_b" targetRef="undo_a"/>'
    )
    inside = '<startEvent id="s2"/>' + failing + throw("t", UNDO)
    bpmn = process(
        START + END + block("block", inside, "s2 > a; a > t") + boundary("b", "block", error) + user("boss"),
        "s > block\nblock > e\nb > boss\nboss > e",
        rest=rest,
    )
    case = Case(program(bpmn))
    case.do("a")
    assert case.open() == ["boss"]
    assert list(case.shards) == [""]


def test_a_handler_may_be_a_sub_process_or_a_call() -> None:
    called = process(START + END + user("x"), "s > x\nx > e", id="q")
    inside = f'<startEvent id="s3"/>{user("y")}'
    handlers = (
        user("a")
        + boundary("a_b", "a", UNDO)
        + '<callActivity id="undo_a" calledElement="q" isForCompensation="true"/>'
        + '<association id="as1" sourceRef="a_b" targetRef="undo_a"/>'
        + user("b")
        + boundary("b_b", "b", UNDO)
        + block("undo_b", inside, "s3 > y", 'isForCompensation="true"')
        + '<association id="as2" sourceRef="b_b" targetRef="undo_b"/>'
    )
    case = Case(
        program(
            process(START + END + handlers + throw("t", UNDO), "s > a\na > b\nb > t\nt > e"), called=(called,)
        ),
        n=0,
    )
    case.do("a", n=1)
    case.do("b", n=2)
    case.do("y")
    assert case.ex.open_tasks()[0].data["n"] == 1
    case.do("x")
    assert case.execution.status == "completed"
    assert case.history[-6:] == ["s", "x", "e", "undo_a", "t", "e"]


def test_a_plain_case_keeps_nothing_to_be_undone() -> None:
    lines = "s > a\na > b\nb > e"
    plain = Case(program(process(START + END + user("a") + user("b"), lines)))
    plain.do("a")
    assert plain.ex._running.top.done == []
