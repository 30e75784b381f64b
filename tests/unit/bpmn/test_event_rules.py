"""Event sub-processes that could not begin, or stand in the flow, are refused."""

from __future__ import annotations

import pytest

from engine.errors import DiagramError
from tests.unit.bpmn.drawn import END, START, block, boundary, catch, handler, process, program, user

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
    "the same message twice": (
        handler(MESSAGE) + handler(MESSAGE, id="other", task="o"),
        "同一个消息“msg_more”",
    ),
    "the same message at one activity": (
        boundary("b1", "a", MESSAGE) + boundary("b2", "a", MESSAGE, interrupting=False),
        "同一个消息“msg_more”",
    ),
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


def race(*events: str) -> bytes:
    """An event gateway before r and c."""
    gateway = '<eventBasedGateway id="g"/><receiveTask id="r" messageRef="m_more"/>'
    return process(START + END + gateway + "".join(events), "s > g; g > r; g > c; r > e; c > e")


def test_two_events_behind_a_gateway_do_not_await_the_same() -> None:
    with pytest.raises(DiagramError, match="同一个消息“msg_more”"):
        program(race(catch("c", MESSAGE)))
    assert program(race(catch("c", MESSAGE.replace("m_more", "m_stop"))))


def test_what_stands_behind_a_gateway_has_no_boundary_events() -> None:
    with pytest.raises(DiagramError, match="不能附有边界事件"):
        program(race(catch("c", TIMER), boundary("b", "r", TIMER)))
    assert program(race(catch("c", TIMER)))


def test_the_same_message_for_different_matters_is_two_messages() -> None:
    def about(id: str, key: str) -> str:
        property = f'<camunda:property name="correlation" value="{key}"/>'
        inside = f"<extensionElements><camunda:properties>{property}</camunda:properties></extensionElements>"
        return boundary(id, "a", inside + MESSAGE)

    assert program(guarded(about("b1", "one") + about("b2", "other")))
