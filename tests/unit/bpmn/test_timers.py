"""Timers: fixed when they are armed, fired by the caller's clock only, movable."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import DiagramError, NotFound, StepFailed
from tests.unit.bpmn.drawn import END, NOW, START, Case, catch, process, program, user


def timer(text: str, kind: str = "timeDuration") -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def boundary(host: str, definition: str, id: str = "t", *, interrupting: bool = True) -> str:
    return (
        f'<boundaryEvent id="{id}" attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}">'
        f"{definition}</boundaryEvent>"
    )


def waiting_for(text: str, kind: str = "timeDuration") -> bytes:
    return process(START + END + catch("t", timer(text, kind)), "s > t\nt > e")


@pytest.mark.parametrize(
    ("text", "kind", "after"),
    [
        ("PT1H", "timeDuration", timedelta(hours=1)),
        ("'PT1H'", "timeDuration", timedelta(hours=1)),
        ("PT0.5S", "timeDuration", timedelta(seconds=0.5)),
        ("${wait}", "timeDuration", timedelta(days=2)),
        ("days(n)", "timeDuration", timedelta(days=3)),
        ("2026-09-01T11:00", "timeDate", timedelta(hours=1)),  # Shanghai; now is 10:00 there
        ("${on}", "timeDate", timedelta(hours=14)),  # the first moment of 2 September in Shanghai
        ("due('CP-SUPP')", "timeDate", timedelta(days=10)),
        ("now() + hours(5)", "timeDate", timedelta(hours=5)),
        ("today() + days(1)", "timeDate", timedelta(hours=14)),
    ],
)
def test_a_timer_s_text_means_an_instant(text: str, kind: str, after: timedelta) -> None:
    case = Case(program(waiting_for(text, kind)), wait="P2D", n=3, on="2026-09-02")
    (waiting,) = case.ex.timers()
    assert waiting.due_at == NOW + after
    assert waiting.due_at.utcoffset() == timedelta(0)
    assert waiting.element_id == "t"


def test_a_timer_fires_when_its_instant_has_come_and_not_before() -> None:
    case = Case(program(waiting_for("PT1H")))
    (waiting,) = case.ex.timers()
    case.now += timedelta(minutes=59, seconds=59)
    assert case.ex.fire_timer(waiting.task_id) is False
    assert case.wait(seconds=1) == ["t"]
    assert case.execution.status == "completed"
    assert case.execution.fire_timer(waiting.task_id) is False


def test_a_timer_s_instant_does_not_move_when_variables_change() -> None:
    bpmn = process(
        START + END + user("a") + boundary("a", timer("${wait}")) + user("b"), "s > a\na > e\nt > b\nb > e"
    )
    case = Case(program(bpmn), wait="PT1H")
    execution = case.ex
    execution.set_variables("", {"wait": "PT9H"})
    case.finish(execution)
    assert case.ex.timers()[0].due_at == NOW + timedelta(hours=1)


def test_a_timer_can_be_rearmed() -> None:
    case = Case(program(waiting_for("PT1H")))
    execution = case.ex
    execution.rearm(execution.timers()[0].task_id, NOW + timedelta(hours=9))
    case.finish(execution)
    assert case.wait(hours=8) == []
    assert case.wait(hours=1) == ["t"]
    with pytest.raises(NotFound):
        case.execution.rearm("gone", NOW)


def test_an_interrupting_timer_cancels_its_task() -> None:
    bpmn = process(
        START + END + user("a") + boundary("a", timer("PT1H")) + user("late"),
        "s > a\na > e\nt > late\nlate > e",
    )
    case = Case(program(bpmn))
    task_id = case.ex.open_tasks()[0].task_id
    case.wait(hours=1)
    assert case.open() == ["late"]
    assert case.cancelled == ["a"]
    assert case.history == ["s", "t"]
    with pytest.raises(NotFound):
        case.ex.complete(task_id, {})


def test_a_finished_task_s_timers_are_gone() -> None:
    bpmn = process(
        START
        + END
        + user("a")
        + user("b")
        + user("late")
        + boundary("a", timer("PT1H"))
        + boundary("a", timer("PT2H"), "t2", interrupting=False),
        "s > a\na > b\nb > e\nt > late\nt2 > late\nlate > e",
    )
    case = Case(program(bpmn))
    assert [waiting.element_id for waiting in case.ex.timers()] == ["t", "t2"]
    case.do("a")
    assert case.ex.timers() == []
    assert case.cancelled == []


def test_a_reminder_fires_beside_its_task_and_in_rounds_that_do_not_drift() -> None:
    bpmn = process(
        START
        + END
        + user("a")
        + '<task id="remind"/><endEvent id="reminded"/>'
        + boundary("a", timer("R3/PT24H", "timeCycle"), interrupting=False),
        "s > a\na > e\nt > remind\nremind > reminded",
    )
    case = Case(program(bpmn))
    case.wait(hours=30)  # six hours late
    assert case.ex.timers()[0].due_at == NOW + timedelta(hours=48)
    assert case.wait(days=30) == ["t", "t"]
    assert case.ex.timers() == []
    assert case.open() == ["a"]
    assert case.history.count("remind") == 3


def test_the_host_s_end_leaves_what_a_reminder_opened() -> None:
    bpmn = process(
        START + END + user("a") + user("note") + boundary("a", timer("PT1H"), interrupting=False),
        "s > a\na > e\nt > note\nnote > e",
    )
    case = Case(program(bpmn))
    case.wait(hours=1)
    case.do("a")
    assert case.open() == ["note"]
    assert case.execution.status == "active"
    case.do("note")
    assert case.execution.status == "completed"


@pytest.mark.parametrize("value", [5, "soon", None, "-PT1H"])
def test_a_value_that_is_no_time_fails_at_its_event(value: object) -> None:
    with pytest.raises(StepFailed) as caught:
        Case(program(waiting_for("${wait}")), wait=value)
    assert caught.value.element_id == "t"


@pytest.mark.parametrize(
    ("text", "kind", "sentence"),
    [
        ("PT1H", "timeDate", "日期应写成"),
        ("-PT1H", "timeDuration", "时长应写成"),
        ("P1X", "timeDuration", "时长应写成"),
        ("2026-09-30", "timeDuration", "时长应写成"),
        ("R2/2026-09-30T18:00/PT1H", "timeCycle", "循环应写成"),
    ],
)
def test_a_time_of_another_kind_is_refused(text: str, kind: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence):
        program(waiting_for(text, kind))


def test_two_times_of_one_event_are_refused() -> None:
    both = "<timeDate>2026-09-30</timeDate><timeDuration>PT1H</timeDuration>"
    timer = f"<timerEventDefinition>{both}</timerEventDefinition>"
    with pytest.raises(DiagramError, match="之一：请删去其余的"):
        program(process(START + END + catch("t", timer), "s > t\nt > e"))
