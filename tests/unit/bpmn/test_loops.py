"""Several instances of one activity, and the standard loop."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.execution import Execution
from engine.errors import DiagramError, StepFailed
from tests.unit.bpmn.drawn import END, START, Case, flows, process, program, user


def several(inside: str = "", attributes: str = "", task: str = "", outer: str = "") -> bytes:
    loop = f"<multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>"
    activity = task.format(loop=loop) if task else user("vote", loop)
    return process(START + END + activity + outer + user("a"), "s > vote\nvote > a\na > e")


OVER_PEOPLE = 'camunda:collection="${people}" camunda:elementVariable="person"'
OUTPUT = '<loopDataOutputRef>votes</loopDataOutputRef><outputDataItem id="vote" name="opinion"/>'


def test_each_instance_has_its_own_element_and_answer() -> None:
    case = Case(program(several(OUTPUT, OVER_PEOPLE)), people=["甲", "乙", "丙"])
    tasks = case.ex.open_tasks()
    assert [(task.element_id, task.data["person"], task.data["loopCounter"]) for task in tasks] == [
        ("vote", "甲", 0),
        ("vote", "乙", 1),
        ("vote", "丙", 2),
    ]
    for index in (2, 0, 0):
        execution = case.ex
        task = execution.open_tasks()[index]
        execution.complete(task.task_id, {"opinion": task.data["person"] + "同意"})
        case.finish(execution)
    assert case.open() == ["a"]
    assert case.execution.data == {"people": ["甲", "乙", "丙"], "votes": ["甲同意", "乙同意", "丙同意"]}
    assert case.history == ["s", "vote", "vote", "vote"]


def test_without_an_output_the_answers_become_variables() -> None:
    case = Case(program(several("<loopCardinality>2</loopCardinality>")))
    case.do("vote", first=1)
    assert case.open() == ["vote"]
    case.do("vote", second=2)
    assert case.execution.data == {"first": 1, "second": 2}


def test_sequential_instances_come_one_after_the_other() -> None:
    case = Case(program(several(OUTPUT, OVER_PEOPLE + ' isSequential="true"')), people=["甲", None, "丙"])
    seen = []
    while case.open() == ["vote"]:
        (task,) = case.ex.open_tasks()
        seen.append(task.data["person"])
        case.do("vote", opinion=len(seen))
    assert seen == ["甲", None, "丙"]
    assert case.execution.data["votes"] == [1, 2, 3]


def test_enough_answers_end_it_and_cancel_the_rest() -> None:
    condition = (
        "<completionCondition>${nrOfCompletedInstances / nrOfInstances >= 0.5 and "
        "opinion}</completionCondition>"
    )
    case = Case(program(several(condition + OUTPUT, OVER_PEOPLE)), people=["甲", "乙", "丙", "丁"])
    case.do("vote", opinion=True)
    assert len(case.open()) == 3
    case.do("vote", opinion=True)
    assert case.open() == ["a"]
    assert case.cancelled == ["vote", "vote"]
    assert case.execution.data["votes"] == [True, True]


@pytest.mark.parametrize("people", [[], {}])
def test_nobody_to_ask_is_no_wait(people: Any) -> None:
    assert Case(program(several(OUTPUT, OVER_PEOPLE)), people=people).open() == ["a"]


@pytest.mark.parametrize("people", [None, 5, "文字", list(range(1001))])
def test_a_collection_that_is_none_fails_at_the_activity(people: Any) -> None:
    with pytest.raises(StepFailed) as caught:
        Case(program(several(OUTPUT, OVER_PEOPLE)), people=people)
    assert caught.value.element_id == "vote"


@pytest.mark.parametrize("count", [-1, "2", True, 1001])
def test_a_cardinality_that_is_no_number_fails(count: Any) -> None:
    with pytest.raises(StepFailed):
        Case(program(several("<loopCardinality>${count}</loopCardinality>")), count=count)


def test_a_boundary_event_interrupts_all_instances() -> None:
    outer = (
        '<boundaryEvent id="t" attachedToRef="vote"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        '</timerEventDefinition></boundaryEvent><sequenceFlow id="ft" sourceRef="t" targetRef="a"/>'
    )
    case = Case(program(several(OUTPUT, OVER_PEOPLE, outer=outer)), people=["甲", "乙", "丙"])
    case.do("vote", opinion=1)
    assert len(case.ex.timers()) == 1
    case.wait(hours=1)
    assert case.open() == ["a"]
    assert case.cancelled == ["vote", "vote"]


def test_a_sub_process_in_several_instances_keeps_them_apart() -> None:
    block = (
        '<subProcess id="vote">{loop}<startEvent id="s2"/><endEvent id="e2"/>'
        + user("x")
        + user("y")
        + flows("s2 > x\nx > y\ny > e2")
        + "</subProcess>"
    )
    case = Case(program(several(OUTPUT, OVER_PEOPLE, task=block)), people=["甲", "乙"])
    case.do("x", opinion="甲一")
    assert case.open() == ["x", "y"]
    assert "opinion" not in case.execution.data
    (y,) = [task for task in case.ex.open_tasks() if task.element_id == "y"]
    assert (y.data["person"], y.data["opinion"]) == ("甲", "甲一")
    case.do("x", opinion="乙一")
    case.do("y")
    case.do("y", opinion="乙二")
    assert case.execution.data["votes"] == ["甲一", "乙二"]
    assert case.open() == ["a"]


def test_bpmn_s_own_spelling_of_a_collection_is_understood() -> None:
    inside = '<loopDataInputRef>people</loopDataInputRef><inputDataItem id="i" name="person"/>'
    case = Case(program(several(inside)), people=["甲"])
    assert case.ex.open_tasks()[0].data["person"] == "甲"


def test_a_standard_loop_goes_on_while_its_condition_holds() -> None:
    loop = (
        "<standardLoopCharacteristics {}><loopCondition>n != 3</loopCondition></standardLoopCharacteristics>"
    )
    script = '<scriptTask id="x">{}<script>n = n + 1</script></scriptTask>'
    after = process(START + END + script.format(loop.format("")), "s > x\nx > e")
    before = process(START + END + script.format(loop.format('testBefore="true"')), "s > x\nx > e")
    capped = process(START + END + script.format(loop.format('loopMaximum="2"')), "s > x\nx > e")
    assert Case(program(after), n=0).history.count("x") == 3
    assert Case(program(before), n=3).history.count("x") == 0
    assert Case(program(capped), n=0).execution.data["n"] == 2


def test_a_loop_that_does_not_say_how_often_is_refused() -> None:
    with pytest.raises(DiagramError, match="集合或次数"):
        program(several())
    with pytest.raises(DiagramError, match="条件或最多次数"):
        program(process(START + END + user("a", "<standardLoopCharacteristics/>"), "s > a\na > e"))
    with pytest.raises(DiagramError, match="非负整数"):
        program(
            process(
                START + END + user("a", '<standardLoopCharacteristics loopMaximum="-1"/>'), "s > a\na > e"
            )
        )


def test_a_hundred_called_processes_run_side_by_side() -> None:
    called = process(START + END + user("x"), "s > x\nx > e", id="q")
    call = '<callActivity id="vote" calledElement="q">{loop}</callActivity>'
    case = Case(program(several(OUTPUT, OVER_PEOPLE, task=call), called=(called,)), people=list(range(100)))
    assert len(case.shards) == 101
    case.do("x", opinion="好")
    assert len(case.shards) == 100
    assert len(case.open()) == 99


def test_a_step_of_one_among_hundreds_touches_no_other() -> None:
    # given
    called = process(START + END + user("x") + user("y"), "s > x\nx > y\ny > e", id="q")
    call = '<callActivity id="vote" calledElement="q">{loop}</callActivity>'
    compiled = program(several(OUTPUT, OVER_PEOPLE, task=call), called=(called,))
    case = Case(compiled, people=list(range(300)))
    assert not case.execution.whole  # too many to be kept between steps
    shard = next(key for key in case.shards if key)
    # when
    execution = Execution.load(compiled, "p", case.shards, case.env, [shard])
    (task,) = execution.open_tasks()
    execution.complete(task.task_id, {"opinion": "好"})
    execution.run()
    # then
    assert (list(execution.dump()[0]), execution.dump()[1]) == ([shard], [])
    assert len(execution._running.scopes) == 2


def test_what_a_task_shows_is_what_its_expressions_see() -> None:
    mapping = (
        '<extensionElements><camunda:inputOutput><camunda:inputParameter name="title">致${{person}}'
        "</camunda:inputParameter></camunda:inputOutput></extensionElements>"
    )
    case = Case(program(several(OUTPUT, OVER_PEOPLE, task=user("vote", mapping + "{loop}"))), people=["甲"])
    execution = case.ex
    (task,) = execution.open_tasks()
    assert task.data == dict(execution._token(task.task_id).data)
