"""Ad-hoc sub-processes: what may be chosen, how often, and when they are over."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import DiagramError, StepFailed
from tests.unit.bpmn.drawn import END, START, Case, block, boundary, flows, process, program, user

TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
DECIDED = "<completionCondition>${decided}</completionCondition>"


def free(inside: str, lines: str = "", attributes: str = "", id: str = "x") -> str:
    return f'<adHocSubProcess id="{id}" name="核查" {attributes}>{inside}{flows(lines)}</adHocSubProcess>'


def case_of(element: str, lines: str = "s > x\nx > after\nafter > e", **data: Any) -> Case:
    return Case(program(process(START + END + element + user("after"), lines)), **data)


def test_everything_that_nothing_leads_to_may_be_done_in_any_order() -> None:
    case = case_of(free(user("a") + user("b") + user("c"), "b > c"))
    assert case.open() == ["a", "b"]
    case.do("b")
    assert case.open() == ["a", "c"]
    case.do("c")
    case.do("a")
    assert case.open() == ["after"]
    assert case.history == ["s", "b", "c", "a", "x"]
    assert list(case.shards) == [""]


def test_with_a_condition_each_may_be_done_again_until_it_holds() -> None:
    case = case_of(free(user("a") + user("b"), "", "").replace("</adHoc", DECIDED + "</adHoc"))
    case.do("a")
    assert case.open() == ["a", "b"]  # a condition over what nobody set does not hold
    case.do("a", decided=False)
    case.do("b", decided=True)
    assert case.open() == ["after"]
    assert case.cancelled == ["a"]


def test_what_still_runs_may_be_awaited() -> None:
    element = free(DECIDED + user("a") + user("b") + user("c"), "b > c", 'cancelRemainingInstances="false"')
    case = case_of(element)
    case.do("a", decided=True)
    assert case.open() == ["b"]
    case.do("b", decided=False)  # it has held: nothing more begins, not even c
    assert case.open() == ["after"]
    assert case.cancelled == []


def test_what_runs_by_itself_runs_once() -> None:
    script = '<scriptTask id="c"><script>rounds = get("rounds", 0) + 1</script></scriptTask>'
    call = process(START + END + user("y"), "s > y\ny > e", id="q")
    inside = (
        DECIDED + script + user("a") + '<callActivity id="d" calledElement="q"/>' + block("f", user("z"), "")
    )
    bpmn = process(START + END + free(inside) + user("after"), "s > x\nx > after\nafter > e")
    case = Case(program(bpmn, called=(call,)))
    assert case.open() == ["a", "y", "z"]
    case.do("y")
    case.do("a", decided=False)
    case.do("z", decided=True)
    assert case.open() == ["after"]
    assert case.execution.data == {"rounds": 1, "decided": True}


def test_when_nothing_is_left_to_do_and_the_condition_does_not_hold_it_fails() -> None:
    script = '<scriptTask id="c"><script>rounds = 1</script></scriptTask>'
    with pytest.raises(StepFailed, match="完成条件“decided”仍不成立") as caught:
        case_of(free(DECIDED + script), decided=False)
    assert caught.value.element_id == "x"


def test_one_after_the_other_is_how_people_s_tasks_are_done_anyway() -> None:
    case = case_of(free(user("a") + user("b") + DECIDED, "", 'ordering="Sequential"'))
    case.do("b", decided=False)
    case.do("a", decided=True)
    assert case.open() == ["after"]


def test_several_instances_inside_are_one_activity() -> None:
    twice = "<loopCardinality>2</loopCardinality>"
    loop = f"<multiInstanceLoopCharacteristics>{twice}</multiInstanceLoopCharacteristics>"
    case = case_of(free(DECIDED + user("a", loop)))
    case.do("a", decided=True)
    assert case.open() == ["a"]
    case.do("a", decided=False)
    assert case.open() == ["a", "a"]
    case.do("a", decided=True)
    case.do("a")
    assert case.open() == ["after"]


def test_it_may_itself_be_one_of_several() -> None:
    loop = '<multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="person">'
    loop += (
        '<loopDataOutputRef>all</loopDataOutputRef><outputDataItem id="o" name="decided"/>'
        "</multiInstanceLoopCharacteristics>"
    )
    case = case_of(free(loop + DECIDED + user("a")), people=["甲", "乙"])
    assert [task.data["person"] for task in case.ex.open_tasks()] == ["甲", "乙"]
    case.do("a", decided=True)
    (task,) = case.ex.open_tasks()
    assert (task.element_id, task.data["person"], "decided" in task.data) == ("a", "乙", False)
    case.do("a", decided=True)
    assert case.open() == ["after"]


def test_a_boundary_event_ends_it() -> None:
    case = case_of(
        free(DECIDED + user("a") + user("b")) + boundary("t", "x", TIMER),
        "s > x\nx > e\nt > after\nafter > e",
    )
    case.do("a")
    case.wait(hours=1)
    assert case.open() == ["after"]
    assert sorted(case.cancelled) == ["a", "b", "x"]


def test_gateways_and_events_inside_lead_on() -> None:
    inside = (
        user("a") + '<exclusiveGateway id="g" default="f2_g_c"/>' + user("b") + user("c")
        + f'<intermediateCatchEvent id="w">{TIMER}</intermediateCatchEvent>'
    )  # fmt: skip
    case = case_of(free(inside, "a > g\ng > b [big]\ng > c\nb > w"))
    case.do("a", big=True)
    case.do("b")
    assert case.open() == []
    case.wait(hours=1)
    assert case.open() == ["after"]


@pytest.mark.parametrize(
    ("element", "at", "sentence"),
    [
        (free(START.replace('"s"', '"s2"') + user("a"), "s2 > a"), "s2", "不能有开始事件"),
        (free(user("a") + END.replace('"e"', '"e2"'), "a > e2"), "e2", "结束事件"),
        (free(""), "x", "没有活动"),
        (free(user("a") + user("b"), "a > b\nb > a"), "x", "都有入口"),
        (free(user("a"), "", 'triggeredByEvent="true"'), "x", "不能由事件触发"),
        (free(block("a", user("b"), ""), "", 'ordering="Sequential"'), "a", "依次进行"),
        (free(user("a") + "<completionCondition>open('x')</completionCondition>"), "x", "完成条件：没有名为"),
    ],
)
def test_one_that_cannot_be_done_as_drawn_is_refused(element: str, at: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence) as caught:
        case_of(element)
    assert at in {problem.element_id for problem in caught.value.problems}
