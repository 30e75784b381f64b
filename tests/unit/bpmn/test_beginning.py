"""How processes and sub-processes begin when no plain start event is drawn."""

from __future__ import annotations

import pytest

from engine.bpmn.execution import Execution, StepEnv
from engine.errors import DiagramError, NotFound
from tests.unit.bpmn.drawn import END, NOW, START, Case, block, catch, due_in_ten_days, process, program, user

MORE = '<messageEventDefinition messageRef="m_more"/>'
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
RECEIVE = '<receiveTask id="r" messageRef="m_more" instantiate="true"/>'
LOOP = '><standardLoopCharacteristics loopMaximum="2"/></receiveTask>'
GATEWAY = '<eventBasedGateway id="g" instantiate="true"/>'


def begun(bpmn: bytes, start_event: str | None = None) -> Execution:
    execution = Execution.start(program(bpmn), "p", {"n": 1}, StepEnv(NOW, due_in_ten_days), start_event)
    execution.run()
    return execution


def open_ids(execution: Execution) -> list[str]:
    return [task.element_id for task in execution.open_tasks()]


def test_a_process_without_start_event_begins_at_all_that_nothing_leads_to() -> None:
    timer = f'<boundaryEvent id="t" attachedToRef="a">{TIMER}</boundaryEvent>'
    bpmn = process(user("a") + user("b") + user("c") + user("d") + timer, "b > c\nt > d")
    case = Case(program(bpmn))
    assert case.open() == ["a", "b"]
    case.do("b")
    case.do("c")
    case.do("a")
    assert case.execution.status == "completed"
    assert case.history == ["b", "c", "a"]


def test_a_sub_process_without_start_event_does_too_and_so_does_a_called_process() -> None:
    called = process(user("y") + user("z"), "", id="q")
    inside = user("a") + '<task id="b"/>' + '<callActivity id="c" calledElement="q"/>'
    bpmn = process(START + END + block("x", inside, "b > c"), "s > x\nx > e")
    case = Case(program(bpmn, called=(called,)))
    assert case.open() == ["a", "y", "z"]
    for name in "yza":
        case.do(name)
    assert case.execution.status == "completed"


def test_what_nothing_leads_to_does_not_begin_beside_a_start_event() -> None:
    assert Case(program(process(START + user("a") + user("lost"), "s > a"))).open() == ["a"]


def test_a_receive_task_begins_a_process_when_its_message_comes() -> None:
    bpmn = process(RECEIVE + user("a"), "r > a")
    starts = program(bpmn).processes["p"].starts
    assert [(start.id, start.kind, start.message) for start in starts] == [("r", "message", "msg_more")]
    execution = begun(bpmn)
    assert open_ids(execution) == ["a"]
    assert [done.element_id for done in execution.completed] == ["r"]
    assert execution.subscriptions() == []
    assert execution.data == {"n": 1}


def test_an_event_gateway_begins_a_process_with_whichever_comes_first() -> None:
    bpmn = process(
        GATEWAY + catch("m", MORE) + '<receiveTask id="r" messageRef="m_stop"/>' + user("a") + user("b"),
        "g > m\ng > r\nm > a\nr > b",
    )
    starts = program(bpmn).processes["p"].starts
    assert [(start.id, start.message) for start in starts] == [("m", "msg_more"), ("r", "msg_stop")]
    assert open_ids(begun(bpmn, "m")) == ["a"]
    assert open_ids(begun(bpmn, "r")) == ["b"]
    with pytest.raises(NotFound):
        begun(bpmn)  # it does not say which


def test_a_plain_start_event_beside_is_the_default() -> None:
    bpmn = process(START + RECEIVE + user("a") + user("b"), "s > a\nr > b")
    assert open_ids(begun(bpmn)) == ["a"]
    assert open_ids(begun(bpmn, "r")) == ["b"]


@pytest.mark.parametrize(
    ("elements", "lines", "at", "sentence"),
    [
        (START + RECEIVE, "s > r", "r", "不能有入口"),
        (START + GATEWAY + catch("m", MORE), "s > g\ng > m", "g", "不能有入口"),
        (GATEWAY + catch("m", MORE) + user("a"), "g > m\nm > a\na > m", "m", "不能有入口"),
        (GATEWAY + catch("m", MORE) + catch("t", TIMER), "g > m\ng > t", "t", "只能是消息"),
        (RECEIVE.replace("/>", LOOP), "", "r", "不能循环"),
        (START + block("x", RECEIVE, ""), "s > x", "x", "没有触发器的开始事件"),
        ('<eventBasedGateway id="g" instantiate="true" eventGatewayType="Parallel"/>' + catch("m", MORE),
         "g > m", "g", "并行的事件网关"),
    ],
)  # fmt: skip
def test_a_beginning_that_cannot_be_is_refused(elements: str, lines: str, at: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence) as caught:
        program(process(elements, lines))
    assert at in {problem.element_id for problem in caught.value.problems}
