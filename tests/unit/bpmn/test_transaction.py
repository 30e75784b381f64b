"""Transactions: a cancel end event stops what runs, undoes what was completed, and leaves by its boundary."""

from __future__ import annotations

import pytest

from engine.errors import DiagramError
from tests.unit.bpmn.drawn import (
    END,
    START,
    Case,
    block,
    boundary,
    flows,
    process,
    program,
    throw,
    undoable,
    user,
)

SEVERAL = '<multiInstanceLoopCharacteristics camunda:collection="units" camunda:elementVariable="unit"/>'
CANCEL = "<cancelEventDefinition/>"
ERROR = '<errorEventDefinition errorRef="err"/>'
REST = '<error id="err" errorCode="E1"/>'
INSIDE = (
    '<startEvent id="s2"/>'
    + undoable("a")
    + undoable("b")
    + user("c")
    + '<exclusiveGateway id="g" default="d"/><endEvent id="good"/><endEvent id="no">'
    + CANCEL
    + f'</endEvent><endEvent id="bad">{ERROR}</endEvent>'
    + '<sequenceFlow id="d" sourceRef="g" targetRef="good"/>'
)
LINES = "s2 > a\na > b\nb > g\ns2 > c\nc > good\ng > no [get('how') == 'no']\ng > bad [get('how') == 'bad']"


def transaction(inside: str = INSIDE, lines: str = LINES, attributes: str = "") -> bytes:
    events = boundary("bc", "tx", CANCEL) + boundary("be", "tx", ERROR)
    return process(
        f'{START}{END}<transaction id="tx" {attributes}>{inside}{flows(lines)}</transaction>{events}'
        + user("after")
        + user("cancelled")
        + user("failed"),
        "s > tx\ntx > after\nafter > e\nbc > cancelled\ncancelled > e\nbe > failed\nfailed > e",
        rest=REST,
    )


def test_a_transaction_that_is_not_cancelled_is_a_sub_process() -> None:
    case = Case(program(transaction()))
    for name in ("a", "b", "c"):
        case.do(name)
    assert case.open() == ["after"]
    assert list(case.shards) == [""]


def test_cancelling_stops_undoes_and_leaves_by_the_cancel_boundary_event() -> None:
    case = Case(program(transaction()))
    case.do("a", n=1)
    case.do("b", how="no")
    assert case.open() == ["undo_b"]
    assert case.cancelled == ["c"]
    case.do("undo_b")
    assert case.ex.open_tasks()[0].data["n"] == 1
    case.do("undo_a")
    assert case.open() == ["cancelled"]
    assert case.history[-5:] == ["g", "undo_b", "undo_a", "no", "bc"]
    assert case.cancelled == ["c", "tx"]
    assert list(case.shards) == [""]


def test_with_nothing_to_undo_it_leaves_at_once() -> None:
    lines = "s2 > c\nc > no"
    inside = '<startEvent id="s2"/>' + user("c") + f'<endEvent id="no">{CANCEL}</endEvent>'
    case = Case(program(transaction(inside, lines)))
    case.do("c")
    assert case.open() == ["cancelled"]


def test_an_error_passes_through_without_undoing() -> None:
    case = Case(program(transaction()))
    case.do("a")
    case.do("b", how="bad")
    assert case.open() == ["failed"]
    assert not {"undo_a", "undo_b"} & set(case.history)


def test_what_an_unfinished_sub_process_did_is_undone_too() -> None:
    inner = block("inner", '<startEvent id="s3"/>' + undoable("x") + user("y"), "s3 > x; x > y")
    inside = '<startEvent id="s2"/>' + inner + user("c") + f'<endEvent id="no">{CANCEL}</endEvent>'
    case = Case(program(transaction(inside, "s2 > inner\ns2 > c\nc > no\ninner > no")))
    case.do("x", n=1)
    case.do("c", n=2)
    assert case.open() == ["undo_x"]
    assert case.ex.open_tasks()[0].data == {"n": 1}
    case.do("undo_x")
    assert case.open() == ["cancelled"]
    assert list(case.shards) == [""]


def test_of_several_transactions_one_cancels_all() -> None:
    inside = SEVERAL + INSIDE
    case = Case(program(transaction(inside)), units=["x", "y"])
    case.do("a")
    case.do("b", how="no")
    case.do("undo_b")
    case.do("undo_a")
    assert case.open() == ["cancelled"]
    assert list(case.shards) == [""]


def test_a_completed_transaction_can_be_undone_like_a_sub_process() -> None:
    undo = throw("t", '<compensateEventDefinition activityRef="tx"/>')
    text = transaction().decode().replace('<userTask id="after"', undo + '<userTask id="after"')
    text = text.replace('sourceRef="after" targetRef="e"', 'sourceRef="after" targetRef="t"')
    text = text.replace("</process>", flows("t > e").replace("f0_", "x_") + "</process>")
    case = Case(program(text.encode()))
    for name in ("a", "b", "c", "after"):
        case.do(name)
    assert case.open() == ["undo_b"]


REFUSED = {
    "cancel outside": (f'<endEvent id="x">{CANCEL}</endEvent>', "只能直接画在事务子流程中"),
    "cancel in a plain sub-process": (
        block("x", f'<startEvent id="s2"/><endEvent id="no">{CANCEL}</endEvent>', "s2 > no"),
        "只能直接画在事务子流程中",
    ),
    "no way out": (
        f'<transaction id="x"><startEvent id="s2"/><endEvent id="no">{CANCEL}</endEvent>'
        + flows("s2 > no")
        + "</transaction>",
        "没有取消边界事件",
    ),
    "cancel boundary elsewhere": (
        block("x", '<startEvent id="s2"/>' + user("a"), "s2 > a") + boundary("b", "x", CANCEL),
        "取消边界事件只能附在事务子流程上",
    ),
    "a foreign protocol": (
        '<transaction id="x" method="##Image"><startEvent id="s2"/></transaction>',
        "外部的事务协议",
    ),
}


@pytest.mark.parametrize(("inside", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused(inside: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence):
        program(process(START + END + inside, "s > x" if 'endEvent id="x"' in inside else "s > x\nx > e"))
