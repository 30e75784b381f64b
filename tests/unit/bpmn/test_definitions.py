"""Event definitions: by reference, with qualified names, and what is refused about them."""

from __future__ import annotations

import pytest

from engine.errors import DiagramError
from tests.unit.bpmn.drawn import END, START, Case, boundary, catch, process, program, throw, user

SHARED = (
    '<signal id="sig" name="停办"/>'
    '<signalEventDefinition id="d_sig" signalRef="sig"/>'
    '<timerEventDefinition id="d_time"><timeDuration>P2D</timeDuration></timerEventDefinition>'
    '<messageEventDefinition id="d_msg" messageRef="tns:m_more"/>'
)


def refer(name: str) -> str:
    return f"<eventDefinitionRef>{name}</eventDefinitionRef>"


def test_definitions_of_the_file_are_shared_by_reference() -> None:
    bpmn = process(
        START
        + END
        + catch("c", refer("d_time"))
        + user("a")
        + boundary("b", "a", refer("tns:d_msg"), interrupting=False)
        + user("m")
        + throw("t", refer("d_sig")),
        "s > c\nc > a\na > t\nt > e\nb > m\nm > e",
        rest=SHARED,
    )
    case = Case(program(bpmn))
    assert case.wait(days=2, seconds=1) == ["c"]
    case.send("msg_more")
    assert case.open() == ["a", "m"]
    case.do("a")
    assert [(thrown.kind, thrown.message) for thrown in case.execution.thrown] == [("signal", "停办")]


REFUSED = {
    "unknown": (catch("x", refer("nope")), "引用的事件定义“nope”不在文件中"),
    "several": (catch("x", refer("d_time") + refer("d_msg")), "只能有一个事件定义"),
    "one's own and another": (
        catch("x", '<messageEventDefinition messageRef="m_more"/>' + refer("d_time")),
        "只能有一个事件定义",
    ),
    "not of this place": (throw("x", refer("d_time")), "但是定时事件"),
    "a name that is computed": (
        catch("x", '<messageEventDefinition messageRef="m_made"/>'),
        "消息的名称“x-\\${no}”不能是表达式",
    ),
}


@pytest.mark.parametrize(("inside", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused(inside: str, sentence: str) -> None:
    rest = SHARED + '<message id="m_made" name="x-${no}"/>'
    with pytest.raises(DiagramError, match=sentence) as caught:
        program(process(START + END + inside, "s > x\nx > e", rest=rest))
    assert caught.value.problems[0].element_id == "x"
