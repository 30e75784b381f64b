"""Event sub-processes that could not begin, or stand in the flow, are refused."""

from __future__ import annotations

import pytest

from engine.errors import DiagramError
from tests.unit.bpmn.drawn import END, START, block, boundary, handler, process, program, user

REST = '<error id="err" errorCode="E1"/>'
MESSAGE = '<messageEventDefinition messageRef="m_more"/>'
TIMER = "<timerEventDefinition><timeDuration>P3D</timeDuration></timerEventDefinition>"
CYCLE = "<timerEventDefinition><timeCycle>R3/P1D</timeCycle></timerEventDefinition>"
ERROR = '<errorEventDefinition errorRef="err"/>'


def guarded(inside: str) -> bytes:
    return process(START + END + user("a") + inside, "s > a\na > e", rest=REST)


REFUSED = {
    "no start": (block("x", user("y"), "", 'triggeredByEvent="true"'), "应有一个开始事件"),
    "a plain start": (
        block("x", '<startEvent id="s2"/>' + user("y"), "s2 > y", 'triggeredByEvent="true"'),
        "之一，但是空事件",
    ),
    "error beside the flow": (handler(ERROR, interrupting=False), "只能是中断的"),
    "an interrupting cycle": (handler(CYCLE), "循环定时"),
    "the same twice": (handler(ERROR) + handler(ERROR, id="other", task="o"), "同一个错误“E1”"),
}


@pytest.mark.parametrize(("inside", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused(inside: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence):
        program(guarded(inside))


def test_it_stands_outside_the_flow() -> None:
    bpmn = process(START + END + user("a") + handler(MESSAGE), "s > a\na > handler\nhandler > e", rest=REST)
    with pytest.raises(DiagramError, match="不能有顺序流"):
        program(bpmn)
    with pytest.raises(DiagramError, match="边界事件应附在"):
        program(guarded(handler(MESSAGE) + boundary("b", "handler", TIMER)))
