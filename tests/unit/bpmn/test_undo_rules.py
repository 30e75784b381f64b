"""Compensation that would undo nothing, or not what is drawn, is refused."""

from __future__ import annotations

import pytest

from engine.errors import DiagramError
from tests.unit.bpmn.drawn import (
    END,
    START,
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
SEVERAL = '<multiInstanceLoopCharacteristics camunda:collection="units"/>'


def undo(activity: str) -> str:
    return f'<compensateEventDefinition activityRef="{activity}"/>'


REFUSED = {
    "nothing to undo": (throw("x", UNDO), "没有可以补偿的活动"),
    "an activity elsewhere": (throw("x", undo("nope")), "“nope”不在同一层"),
    "an activity without handler": (undoable("a") + user("b") + throw("x", undo("b")), "“b”没有补偿处理"),
    "a boundary event without handler": (user("x") + boundary("b", "x", UNDO), "没有与同一层的补偿活动相连"),
    "a handler without event": (
        user("x") + user("h", attributes='isForCompensation="true"'),
        "没有与补偿边界",
    ),
    "a handler in a loop": (
        undoable("x").replace('"true"></userTask>', f'"true">{SEVERAL}</userTask>'),
        "补偿活动不能循环",
    ),
    "not waiting": (
        undoable("a") + throw("x", '<compensateEventDefinition waitForCompletion="false"/>'),
        "waitForCompletion",
    ),
    "of the process": (user("x") + own_undoing(user("u"), "us > u; u > ue"), "流程一级的补偿事件子流程"),
    "both ways": (
        block("x", '<startEvent id="s2"/>' + user("a") + own_undoing(user("u"), "us > u; u > ue"), "s2 > a")
        + boundary("b", "x", UNDO)
        + user("h", attributes='isForCompensation="true"')
        + '<association id="as" sourceRef="b" targetRef="h"/>',
        "两种补偿只能取一种",
    ),
}


@pytest.mark.parametrize(("inside", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused(inside: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence):
        program(process(START + END + inside, "s > x\nx > e"))


def test_handlers_stand_outside_the_flow() -> None:
    with pytest.raises(DiagramError, match="补偿活动不能有顺序流"):
        program(process(START + END + undoable("a"), "s > a\na > e\nundo_a > e"))
    with pytest.raises(DiagramError, match="补偿边界事件不能有顺序流"):
        program(process(START + END + undoable("a"), "s > a\na > e\na_b > e"))
