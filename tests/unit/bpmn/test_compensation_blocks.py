"""Completed sub-processes are undone: by their handler, by themselves, or step by step."""

from __future__ import annotations

from tests.unit.bpmn.drawn import (
    END,
    START,
    Case,
    block,
    boundary,
    own_undoing,
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


def in_block(inside: str, *, around: str = "", again: str = "") -> bytes:
    """A sub-process with two undoable activities; the process undoes after it."""
    elements = '<startEvent id="s2"/>' + undoable("a") + undoable("b") + inside
    return process(
        START
        + END
        + block("block", again + elements, "s2 > a; a > b")
        + around
        + throw("t", UNDO)
        + user("after"),
        "s > block\nblock > t\nt > after\nafter > e",
    )


def test_a_completed_sub_process_is_undone_step_by_step() -> None:
    case = Case(program(in_block("")))
    case.do("a", n=1)
    case.do("b", n=2)
    assert case.open() == ["undo_b"]
    assert len(case.shards) == 2
    case.do("undo_b", other=3)
    (task,) = case.ex.open_tasks()
    assert (task.element_id, task.data["n"], task.data["other"]) == ("undo_a", 1, 3)
    case.do("undo_a")
    assert case.open() == ["after"]
    assert list(case.shards) == [""]
    assert case.history == ["s", "s2", "a", "b", "block", "undo_b", "undo_a", "t"]


def test_a_reopened_sub_process_is_no_news() -> None:
    case = Case(program(in_block("")))
    case.do("a")
    case.do("b")
    assert case.execution.entered_scopes == []
    case.do("undo_b")
    case.do("undo_a")
    assert case.execution.left_scopes == []


def test_its_own_handler_undoes_a_sub_process_as_a_whole() -> None:
    around = (
        boundary("block_b", "block", UNDO)
        + user("undo_all", attributes='isForCompensation="true"')
        + '<association id="as" sourceRef="undo_all" targetRef="block_b"/>'
    )
    case = Case(program(in_block("", around=around)))
    case.do("a")
    case.do("b")
    assert case.open() == ["undo_all"]
    case.do("undo_all")
    assert case.open() == ["after"]


def test_a_compensation_event_sub_process_undoes_in_its_place() -> None:
    case = Case(program(in_block(own_undoing(user("u"), "us > u; u > ue"))))
    case.do("a", n=1)
    case.do("b")
    assert case.open() == ["u"]
    assert case.ex.open_tasks()[0].data == {"n": 1}
    case.do("u")
    assert case.open() == ["after"]
    assert list(case.shards) == [""]


def test_and_may_undo_what_was_done_around_it() -> None:
    inside = user("u") + throw("again", undo("a"))
    case = Case(program(in_block(own_undoing(inside, "us > u; u > again; again > ue"))))
    for name in ("a", "b", "u"):
        case.do(name)
    assert case.open() == ["undo_a"]
    assert len(case.shards) == 3
    case.do("undo_a")
    assert case.open() == ["after"]
    assert case.history[-7:] == ["us", "u", "undo_a", "again", "ue", "undoing", "t"]


def test_each_instance_of_a_sub_process_is_undone() -> None:
    case = Case(program(in_block("", again=SEVERAL)), units=["x", "y"])
    for _ in range(2):
        case.do("a")
        case.do("b")
    undone = []
    while case.open() != ["after"]:
        (task,) = case.ex.open_tasks()
        undone.append((task.element_id, task.data["unit"]))
        case.do(task.element_id)
    assert undone == [("undo_b", "y"), ("undo_a", "y"), ("undo_b", "x"), ("undo_a", "x")]
