"""What the plain library, SpiffWorkflow 3.2.0, does wrong with events, and what ours does.

Sections are those of BPMN 2.0.2. See `test_library_faults`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.errors import DiagramError, StepFailed
from tests.unit.bpmn.drawn import (
    END,
    NOW,
    START,
    Case,
    boundary,
    catch,
    handler,
    process,
    program,
    throw,
    user,
)
from tests.unit.bpmn.pair import Pair, gateways, inner, script
from tests.unit.bpmn.plain import Plain, library_time

MESSAGE = '<messageEventDefinition messageRef="m_more"/>'
SIGNAL = '<signalEventDefinition signalRef="sg"/>'
ESCALATION = '<escalationEventDefinition escalationRef="es"/>'
ERROR = '<errorEventDefinition errorRef="er"/>'
KNOWN = (
    '<signal id="sg" name="sg"/><escalation id="es" name="es" escalationCode="7"/>'
    '<error id="er" name="er" errorCode="7"/>'
)


@pytest.fixture(autouse=True)
def at_one_time() -> Iterator[None]:
    with library_time():
        yield


def timer(kind: str, text: str) -> str:
    """A timer whose text the library understands too."""
    return f"<timerEventDefinition><{kind}>'{text}'</{kind}></timerEventDefinition>"


# ---------------------------------------------------------------- event sub-processes


@pytest.mark.parametrize("kind", ["error", "escalation", "compensate"])
def test_an_event_sub_process_runs_though_nothing_happened(kind: str) -> None:
    """It begins when its event occurs (13.5.4); the library takes these for plain start events."""
    inside = user("u") + handler(f"<{kind}EventDefinition/>")
    pair = Pair(process(START + END + inner("inside", inside, "s2 > u; u > e2"), "s > inside; inside > e"))
    assert pair.open() == (["u"], ["h", "u"])
    assert pair.plain.history.count("handler_s") == 1
    assert "handler_s" not in pair.ours.history


def test_an_interrupting_event_sub_process_interrupts_nothing() -> None:
    """All else in its scope ends (13.5.4)."""
    pair = Pair(process(START + END + user("u") + handler(MESSAGE), "s > u; u > e"))
    pair.send("msg_more")
    assert pair.open() == (["h"], ["h", "u"])


def test_an_event_sub_process_in_a_sub_process_hears_nothing() -> None:
    """It is armed while the sub-process runs (13.5.4)."""
    inside = user("u") + handler(MESSAGE, interrupting=False)
    drawn = process(START + END + inner("inside", inside, "s2 > u; u > e2"), "s > inside; inside > e")
    pair = Pair(drawn)
    assert pair.plain.awaited() == []
    with pytest.raises(WorkflowException, match="not waiting"):
        pair.plain.send("msg_more")
    pair.ours.send("msg_more")
    assert pair.ours.open() == ["h", "u"]


def test_an_event_in_one_instance_changes_all_that_begin_later() -> None:
    """Instances have nothing in common (13.2); the library writes into the specification they share."""
    pair = Pair(process(START + END + user("u") + handler(MESSAGE, interrupting=False), "s > u; u > e"))
    shared = pair.plain.workflow.spec, pair.plain.workflow.subprocess_specs

    def over() -> bool:
        later = BpmnWorkflow(*shared)
        later.do_engine_steps()
        later.get_next_task(state=TaskState.READY, manual=True).run()
        later.do_engine_steps()
        return bool(later.completed)

    assert over()
    pair.send("msg_more")
    assert not over()
    later = Case(pair.ours.program)
    later.do("u")
    assert later.execution is not None
    assert later.execution.status == "completed"


# ---------------------------------------------------------------- boundary events


def test_a_non_interrupting_message_is_heard_once() -> None:
    """As often as it comes while the activity runs (13.5.3)."""
    pair = Pair(
        process(
            START + END + '<endEvent id="e3"/>' + user("u") + user("n")
            + boundary("w", "u", MESSAGE, interrupting=False),
            "s > u; u > e; w > n; n > e3",
        )
    )  # fmt: skip
    pair.send("msg_more")
    assert pair.open() == (["n", "u"], ["n", "u"])
    with pytest.raises(WorkflowException, match="not waiting"):
        pair.plain.send("msg_more")
    pair.ours.send("msg_more")
    assert pair.ours.open() == ["n", "n", "u"]


def test_a_non_interrupting_escalation_is_heard_once() -> None:
    """As often as it is thrown (13.5.3)."""
    inside = throw("t1", ESCALATION) + throw("t2", ESCALATION) + user("b")
    pair = Pair(
        process(
            START + END + '<endEvent id="e3"/>' + inner("inside", inside, "s2 > t1; t1 > t2; t2 > b; b > e2")
            + boundary("w", "inside", ESCALATION, interrupting=False) + user("n"),
            "s > inside; inside > e; w > n; n > e3",
            rest=KNOWN,
        )
    )  # fmt: skip
    assert pair.open() == (["b", "n", "n"], ["b", "n"])


@pytest.mark.parametrize("thrown", [SIGNAL, ESCALATION])
def test_what_follows_a_throw_still_runs_in_the_interrupted_activity(thrown: str) -> None:
    """The activity is interrupted by what it throws (10.5.6, 13.5.3): nothing in it goes on."""
    inside = throw("t", thrown) + script("x", "ran = 1")
    pair = Pair(
        process(
            START + END + inner("inside", inside, "s2 > t; t > x; x > e2") + boundary("w", "inside", thrown)
            + user("after"),
            "s > inside; inside > e; w > after; after > e",
            rest=KNOWN,
        )
    )  # fmt: skip
    assert pair.open() == (["after"], ["after"])
    assert pair.plain.history == ["s", "s2", "t", "x", "e2", "inside", "w"]
    assert pair.ours.history == ["s", "s2", "t", "w"]


def test_the_end_of_an_activity_takes_away_what_its_reminders_opened() -> None:
    """A non-interrupting event's tokens are independent of the activity (13.5.3)."""
    pair = Pair(
        process(
            START + END + '<endEvent id="e3"/>' + user("u") + user("v") + user("n")
            + boundary("w", "u", timer("timeCycle", "R3/PT1H"), interrupting=False),
            "s > u; u > v; v > e; w > n; n > e3",
        )
    )  # fmt: skip
    pair.wait(hours=1)
    assert pair.open() == (["n", "u"], ["n", "u"])
    pair.do("u")
    assert pair.open() == (["n", "v"], ["v"])


def test_several_instances_right_after_a_boundary_event_break_the_library() -> None:
    """Its flow leads to an activity like any other (13.5.3)."""
    several = (
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    )
    drawn = process(
        START + END + user("u") + boundary("w", "u", MESSAGE) + user("k", several),
        "s > u; u > e; w > k; k > e",
    )
    pair = Pair(drawn)
    with pytest.raises(WorkflowException, match="non-predicted child"):
        pair.plain.send("msg_more")
    pair.ours.send("msg_more")
    assert pair.ours.open() == ["k", "k"]


def test_a_condition_sees_only_its_own_branch() -> None:
    """It is about the data of the process (table 10.84), whoever writes it."""
    condition = "<conditionalEventDefinition><condition>go</condition></conditionalEventDefinition>"
    drawn = process(
        START + END + user("a") + user("c") + user("b") + boundary("w", "a", condition)
        + gateways("parallel", "f", "j") + gateways("exclusive", "m"),
        "s > f; f > a; f > c; a > m; w > b; b > m; m > j; c > j; j > e",
    )  # fmt: skip
    pair = Pair(drawn, go=False)
    pair.do("c", go=True)
    assert pair.open() == (["b"], ["a"])
    with pytest.raises(WorkflowException, match="go"):
        Plain([drawn])
    assert Case(program(drawn)).open() == ["a", "c"]


# ---------------------------------------------------------------- what is ignored


def test_a_signal_end_event_signals_nobody() -> None:
    """The signal is sent to all who catch it (13.5.6)."""
    pair = Pair(
        process(
            START + END + f'<endEvent id="e1">{SIGNAL}</endEvent>' + user("u") + catch("c", SIGNAL)
            + gateways("parallel", "f"),
            "s > f; f > u; f > c; u > e1; c > e",
            rest=KNOWN,
        )
    )  # fmt: skip
    pair.do("u")
    assert pair.status() == ("completed", "active")
    assert (pair.ours.thrown, pair.plain.thrown) == ([("sg", {})], [])


@pytest.mark.parametrize("definition", [MESSAGE, timer("timeDuration", "PT1H")])
def test_a_definition_by_reference_is_no_event(definition: str) -> None:
    """Events may share one (10.5.1, `eventDefinitionRef`); the library does not wait at all."""
    pair = Pair(
        process(
            START + END + catch("c", "<eventDefinitionRef>d</eventDefinitionRef>") + user("u"),
            "s > c; c > u; u > e",
            rest=definition.replace("Definition", 'Definition id="d"', 1),
        )
    )
    assert pair.open() == ([], ["u"])
    ours = pair.ours.ex
    assert len(ours.subscriptions() + ours.timers()) == 1


def test_a_link_leads_nowhere() -> None:
    """Going to the other link is what it is for (10.5.5)."""
    link = '<linkEventDefinition name="k"/>'
    pair = Pair(process(START + END + throw("t", link) + catch("c", link) + user("u"), "s > t; c > u; u > e"))
    assert pair.open() == (["u"], [])
    assert pair.status() == ("active", "active")


def test_an_error_nobody_catches_is_taken_for_success() -> None:
    """It ends what it is thrown in abnormally (10.5.3, 13.5.6); ours is an incident, and says where."""
    inside = user("b") + f'<endEvent id="e2">{ERROR}</endEvent>'
    drawn = process(
        START + END + inner("inside", inside, "s2 > b; b > e2"), "s > inside; inside > e", rest=KNOWN
    )
    pair = Pair(drawn)
    pair.plain.all_do("b", False, {})
    assert pair.plain.status == "completed"
    with pytest.raises(StepFailed, match="错误“7”没有被接住"):
        pair.ours.do("b")
    assert pair.ours.open() == ["b"]


# ---------------------------------------------------------------- messages, time


def test_a_process_hears_its_own_message() -> None:
    """A message flow leads to another participant (9.4)."""
    pair = Pair(
        process(
            START + END + user("go") + user("a") + throw("t", MESSAGE) + catch("c", MESSAGE)
            + gateways("parallel", "f", "j"),
            "s > f; f > go; go > t; t > j; f > c; c > a; a > j; j > e",
        )
    )  # fmt: skip
    pair.do("go")
    assert pair.open() == ([], ["a"])
    assert pair.ours.thrown == [("msg_more", {})]


def test_a_negative_duration_is_waited_for_as_if_it_were_positive() -> None:
    """ISO 8601 knows no such duration; ours refuses it when the diagram is published."""
    drawn = process(START + END + catch("c", timer("timeDuration", "-PT1H")), "s > c; c > e")
    plain = Plain([drawn])
    plain.wait_until(NOW + timedelta(minutes=59))
    assert plain.status == "active"
    plain.wait_until(NOW + timedelta(hours=1))
    assert plain.status == "completed"
    with pytest.raises(DiagramError, match="-PT1H"):
        program(drawn)
