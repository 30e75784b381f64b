"""What the instances of a loop can read of it, and what it throws as they complete."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import DiagramError
from tests.unit.bpmn.drawn import END, START, Case, block, boundary, process, program, user

OVER_PEOPLE = 'camunda:collection="people" camunda:elementVariable="person"'
TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
ROOTS = (
    '<signal id="s1" name="表决一票"/><escalation id="e1" escalationCode="FIRST"/>'
    '<signalEventDefinition id="byvote" signalRef="s1"/>'
    '<escalationEventDefinition id="byfirst" escalationRef="e1"/>'
    '<messageEventDefinition id="bymessage" messageRef="m_more"/><errorEventDefinition id="byerror"/>'
)


def several(inside: str = "", attributes: str = OVER_PEOPLE) -> str:
    return f"<multiInstanceLoopCharacteristics {attributes}>{inside}</multiInstanceLoopCharacteristics>"


def case_of(element: str, lines: str = "s > x\nx > a\na > e", *, rest: str = "", **data: Any) -> Case:
    return Case(program(process(START + END + element + user("a"), lines, rest=rest)), **data)


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_an_instance_reads_the_counters_and_no_copy_takes_them_along(sequential: str) -> None:
    loop = several("", f'{OVER_PEOPLE} isSequential="{sequential}"')
    script = "<script>last = loopCounter == nrOfInstances - 1\nseen = numberOfCompletedInstances</script>"
    inside = loop + f'<scriptTask id="y">{script}</scriptTask>' + user("z")
    case = case_of(block("x", inside, "y > z"), people=["甲", "乙"])
    while case.open() != ["a"]:
        (task, *_) = case.ex.open_tasks()
        assert set(task.data) == {"people", "person", "loopCounter", "last", "seen"}
        assert task.data["last"] == (task.data["person"] == "乙")
        case.do("z")
    assert set(case.execution.data) == {"people", "last", "seen"}


@pytest.mark.parametrize(
    "condition",
    [
        "nrOfCompletedInstances == 2 and nrOfActiveInstances == 1 and nrOfInstances == 3",
        "numberOfCompletedInstances == 2 and numberOfActiveInstances == 1 and numberOfInstances == 3"
        " and numberOfTerminatedInstances == 0 and nrOfTerminatedInstances == 0",
        "${nrOfCompletedInstances / nrOfInstances gt 0.5}",
        "= loopCounter = 2 and person = null",
    ],
)
def test_a_completion_condition_counts_in_either_spelling(condition: str) -> None:
    loop = several(f"<completionCondition>{condition}</completionCondition>")
    case = case_of(user("x", loop), people=["甲", "乙", None])
    case.do("x")
    assert case.open() == ["x", "x"]
    execution = case.ex
    execution.complete(execution.open_tasks()[1].task_id, {})
    case.finish(execution)
    assert case.open() == ["a"]
    assert case.cancelled == ["x"]


def test_loops_in_loops_count_for_themselves() -> None:
    inner = user("y", several("<loopCardinality>2</loopCardinality>", ""))
    loop = several("<loopCardinality>3</loopCardinality>", 'isSequential="true"')
    before = '<scriptTask id="b"><script>outer = loopCounter * 10 + nrOfInstances</script></scriptTask>'
    case = case_of(block("x", loop + before + inner, "b > y"))
    for outer in (3, 13, 23):
        tasks = case.ex.open_tasks()
        assert [(task.data["outer"], task.data["loopCounter"]) for task in tasks] == [(outer, 0), (outer, 1)]
        case.do("y")
        case.do("y")
    assert case.open() == ["a"]


def test_a_standard_loop_counts_too() -> None:
    loop = '<standardLoopCharacteristics loopMaximum="3"/>'
    script = '<scriptTask id="y"><script>rounds = get("rounds", []) + [loopCounter]</script></scriptTask>'
    case = case_of(block("x", loop + script, ""))
    assert case.execution.data == {"rounds": [0, 1, 2]}


def test_a_called_process_does_not_know_the_caller_s_loop() -> None:
    called = process(
        START + END + '<scriptTask id="y"><script>known = get("nrOfInstances", "不知")</script></scriptTask>',
        "s > y\ny > e",
        id="q",
    )
    call = f'<callActivity id="x" calledElement="q">{several()}</callActivity>'
    bpmn = process(START + END + call + user("a"), "s > x\nx > a\na > e")
    case = Case(program(bpmn, called=(called,)), people=["甲", "乙"])
    assert case.execution.data == {"people": ["甲", "乙"], "known": "不知"}


def test_several_instances_may_come_right_after_a_boundary_event() -> None:
    vote = user("vote", several())
    case = case_of(
        user("x") + boundary("t", "x", TIMER) + vote,
        "s > x\nx > e\nt > vote\nvote > a\na > e",
        people=["甲", None],
    )
    case.wait(hours=1)
    assert [task.data["person"] for task in case.ex.open_tasks()] == ["甲", None]
    case.do("vote")
    case.do("vote")
    assert case.open() == ["a"]


def test_a_boundary_event_s_own_activity_may_be_several_sub_processes() -> None:
    inside = several() + START.replace('"s"', '"s2"') + user("y")
    case = case_of(
        block("x", inside, "s2 > y") + boundary("t", "x", TIMER),
        "s > x\nx > e\nt > a\na > e",
        people=[1, 2, 3],
    )
    case.do("y")
    case.wait(hours=1)
    assert case.open() == ["a"]
    assert list(case.shards) == [""]


def behaving(behavior: str, reference: str, event: str, *, interrupting: bool) -> Case:
    loop = several("", f'{OVER_PEOPLE} behavior="{behavior}" {reference}')
    caught = boundary("b", "x", event, interrupting=interrupting)
    return case_of(
        user("x", loop) + caught + user("note"),
        "s > x\nx > a\na > e\nb > note\nnote > e",
        rest=ROOTS,
        people=[1, 2, 3],
    )


def test_behaviour_none_throws_for_each_instance() -> None:
    event = '<signalEventDefinition signalRef="s1"/>'
    case = behaving("None", 'noneBehaviorEventRef="byvote"', event, interrupting=False)
    case.do("x")
    assert case.open() == ["note", "x", "x"]
    case.do("x")
    case.do("x")
    assert case.open() == ["a", "note", "note", "note"]
    assert [name for name, _ in case.thrown] == ["表决一票"] * 3
    counted = [
        (payload["numberOfCompletedInstances"], payload["nrOfActiveInstances"]) for _, payload in case.thrown
    ]
    assert counted == [(1, 2), (2, 1), (3, 0)]


def test_behaviour_one_throws_for_the_first_instance() -> None:
    event = '<escalationEventDefinition escalationRef="e1"/>'
    case = behaving("One", 'oneBehaviorEventRef="byfirst"', event, interrupting=False)
    case.do("x")
    case.do("x")
    case.do("x")
    assert case.open() == ["a", "note"]


@pytest.mark.parametrize(
    ("reference", "event"),
    [
        ("byfirst", '<escalationEventDefinition escalationRef="e1"/>'),
        ("byvote", '<signalEventDefinition signalRef="s1"/>'),
    ],
)
def test_what_catches_it_may_interrupt_the_others(reference: str, event: str) -> None:
    case = behaving("One", f'oneBehaviorEventRef="{reference}"', event, interrupting=True)
    case.do("x")
    assert case.open() == ["note"]
    assert case.cancelled == ["x", "x"]


def test_a_message_leaves_with_the_counters() -> None:
    case = behaving("One", 'oneBehaviorEventRef="bymessage"', TIMER, interrupting=True)
    case.do("x")
    assert [(name, payload["numberOfInstances"]) for name, payload in case.thrown] == [("msg_more", 3)]


@pytest.mark.parametrize(
    ("attributes", "sentence"),
    [
        ('behavior="One"', "应写明抛出的事件（oneBehaviorEventRef）"),
        ('behavior="None" oneBehaviorEventRef="byvote"', "应写明抛出的事件（noneBehaviorEventRef）"),
        ('behavior="One" oneBehaviorEventRef="nope"', "应写明抛出的事件"),
        ('behavior="One" oneBehaviorEventRef="byerror"', "应为信号、升级或消息"),
        ('behavior="Complex"', "复合方式不支持"),
    ],
)
def test_a_behaviour_that_cannot_run_is_refused(attributes: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence):
        case_of(user("x", several("", f"{OVER_PEOPLE} {attributes}")), rest=ROOTS, people=[1])
