"""`ducha try`: a diagram runs in memory on a jumping clock, with answers from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.command.conftest import Ducha
from tests.acceptance.command.tried import ENDS, LATE, RACE, Trial, drawn, flows


@pytest.fixture
def trial(ducha: Ducha, tmp_path: Path) -> Trial:
    return Trial(ducha, tmp_path)


def test_people_answer_in_turn_and_the_last_answer_repeats(trial: Trial) -> None:
    loop = drawn(
        ENDS + '<userTask id="u"/><exclusiveGateway id="g"/><exclusiveGateway id="h" default="d"/>'
        '<sequenceFlow id="d" sourceRef="h" targetRef="e"/>',
        "s>g g>u u>h h>g[again]",
    )
    went = trial(loop, answers={"answers": {"u": [{"again": True}, {"again": True}, {"again": False}]}})
    assert (trial.code, went["status"], went["open"]) == (0, "completed", [])
    assert went["completed"] == ["s", "g", "u", "h", "g", "u", "h", "g", "u", "h", "e"]
    assert went["data"] == {"again": False}
    assert went["ended"] == ["e"]


def test_the_clock_jumps_to_the_next_timer(trial: Trial) -> None:
    went = trial(
        drawn(ENDS + f'<intermediateCatchEvent id="t">{LATE}</intermediateCatchEvent>', "s>t t>e"),
        answers={"start": {"at": "2026-03-02T09:00"}},
    )
    assert went["completed"] == ["s", "t", "e"]
    assert went["started_at"] == "2026-03-02T09:00:00+08:00"
    assert went["stopped_at"] == "2026-03-05T09:00:00+08:00"


OVERDUE = drawn(
    ENDS + f'<endEvent id="late"/><userTask id="u"/><boundaryEvent id="b" attachedToRef="u">{LATE}'
    "</boundaryEvent>",
    "s>u u>e b>late",
)


@pytest.mark.parametrize(
    ("answer", "completed"),
    [
        ({}, ["s", "u", "e"]),
        (None, ["s", "b", "late"]),
        ({"$after": "P1D"}, ["s", "u", "e"]),
        ({"$after": "P4D"}, ["s", "b", "late"]),
    ],
)
def test_people_may_take_their_time_or_never_answer(trial: Trial, answer: Any, completed: list[str]) -> None:
    went = trial(OVERDUE, answers={"answers": {"u": answer}})
    assert went["completed"] == completed
    assert went["cancelled"] == (["u"] if "b" in completed else [])


def test_what_nobody_brings_is_waited_for(trial: Trial) -> None:
    waits = ENDS + '<userTask id="u"/><receiveTask id="r" messageRef="m1"/><parallelGateway id="g"/>'
    went = trial(drawn(waits, "s>g g>u g>r r>e u>e"), answers={"answers": {"u": False}})
    assert (trial.code, went["status"]) == (0, "waiting")
    assert sorted(went["open"]) == ["r", "u"]
    assert {"element": "r", "kind": "message", "name": "更多材料", "correlation": None} in went["waiting"]


def test_a_join_that_waits_for_ever_is_open_and_said_beforehand(trial: Trial) -> None:
    went = trial(
        drawn(
            ENDS + '<exclusiveGateway id="x"/><task id="a"/><task id="b"/><parallelGateway id="j"/>',
            "s>x x>a[True] x>b[False] a>j b>j j>e",
        )
    )
    assert (went["status"], went["open"]) == ("waiting", ["j"])
    assert "j" in [problem["element_id"] for problem in went["problems"]]


@pytest.mark.parametrize(
    ("message", "end"),
    [
        ({}, "e"),
        ({"after": "u"}, "e"),
        ({"after": "t"}, "late"),
        ({"at": "P1D"}, "e"),
        ({"at": "2026-03-03"}, "e"),
        ({"at": "P9D"}, "late"),
    ],
)
def test_messages_come_when_awaited_or_after_an_element_or_at_an_instant(
    trial: Trial, message: dict[str, str], end: str
) -> None:
    sent = {"name": "更多材料", "payload": {"n": 1}, **message}
    went = trial(RACE, answers={"start": {"at": "2026-03-02T09:00"}, "messages": [sent]})
    assert went["ended"] == [end]
    assert went["data"] == ({"n": 1} if end == "e" else {})
    assert bool(went["notes"]) == (end == "late")


def test_a_message_thrown_inside_reaches_who_waits_for_it(trial: Trial) -> None:
    elements = ENDS + (
        '<parallelGateway id="g"/><receiveTask id="r" messageRef="m1"/>'
        '<sendTask id="t" messageRef="m1"/><endEvent id="f"/>'
    )
    went = trial(drawn(elements, "s>g g>t g>r t>f r>e"))
    assert went["status"] == "completed"
    assert went["thrown"] == [
        {"element": "t", "kind": "message", "name": "更多材料", "payload": {}, "to": ["r"]}
    ]


def test_pools_in_one_file_talk_to_each_other(trial: Trial) -> None:
    asks = drawn(
        ENDS + '<sendTask id="ask" messageRef="m1"/><receiveTask id="hear" messageRef="m2"/>',
        "s>ask ask>hear hear>e",
        id="asks",
    )
    replies = drawn(
        '<startEvent id="asked"><messageEventDefinition messageRef="m1"/></startEvent>'
        '<endEvent id="reply"><messageEventDefinition messageRef="m2"/></endEvent>',
        "asked>reply",
        id="replies",
    )
    pools = (
        '<collaboration><participant processRef="asks"/><participant processRef="replies"/></collaboration>'
    )
    went = trial(pools, replies, asks)
    assert (went["process"], went["status"]) == ("asks", "completed")
    assert went["completed"] == ["s", "ask", "asked", "reply", "hear", "e"]
    assert [instance["process"] for instance in went["instances"]] == ["asks", "replies"]
    assert "试走“asks”" in went["notes"][0]


def test_a_signal_reaches_all_who_wait(trial: Trial) -> None:
    def caught(id: str) -> str:
        event = '<signalEventDefinition signalRef="g1"/>'
        return f'<intermediateCatchEvent id="{id}">{event}</intermediateCatchEvent>'

    went = trial(
        drawn(ENDS + '<parallelGateway id="g"/>' + caught("a") + caught("b"), "s>g g>a g>b a>e b>e"),
        answers={"signals": ["停办"]},
    )
    assert (went["status"], went["completed"]) == ("completed", ["s", "g", "a", "e", "b", "e"])


SERVED = drawn(
    ENDS + '<subProcess id="b"><startEvent id="s1"/><serviceTask id="v" camunda:topic="mail.send"/>'
    f'<endEvent id="e2"/>{flows("s1>v v>e2")}</subProcess><endEvent id="no"/>'
    '<boundaryEvent id="x" attachedToRef="b"><errorEventDefinition errorRef="e1"/></boundaryEvent>',
    "s>b b>e x>no",
)


@pytest.mark.parametrize(
    ("answers", "completed", "data"),
    [
        ({}, ["s", "s1", "v", "e2", "b", "e"], {}),
        ({"topics": {"mail.send": {"sent": 2}}}, ["s", "s1", "v", "e2", "b", "e"], {"sent": 2}),
        ({"answers": {"v": {"$error": "NO", "$message": "没有地址"}}}, ["s", "s1", "x", "no"], {}),
    ],
)
def test_service_tasks_get_what_their_topic_answers(
    trial: Trial, answers: dict[str, Any], completed: list[str], data: dict[str, Any]
) -> None:
    went = trial(SERVED, answers=answers)
    assert (went["completed"], went["data"]) == (completed, data)


def test_a_failing_service_or_script_is_an_incident(trial: Trial) -> None:
    went = trial(SERVED, answers={"answers": {"v": {"$fail": "网络不通"}}})
    assert (trial.code, went["status"], went["open"]) == (1, "incident", ["v"])
    assert [(one["element"], one["message"]) for one in went["incidents"]] == [("v", "网络不通")]

    script = '<userTask id="u"/><task id="a"/><scriptTask id="x"><script>y = 1 / n</script></scriptTask>'
    went = trial(drawn(ENDS + script, "s>u u>a a>x x>e"), answers={"answers": {"u": {"n": 0}}})
    assert (trial.code, went["completed"], went["open"]) == (1, ["s"], ["u"])
    (incident,) = went["incidents"]
    assert (incident["element"], incident["data"]) == ("x", {"n": 0})
    assert incident["rolled_back"] == ["u", "a"]


def test_an_endless_diagram_stops_at_the_limit(trial: Trial) -> None:
    endless = drawn(ENDS + '<exclusiveGateway id="g"/><userTask id="u"/>', "s>g g>u u>g")
    went = trial(endless, steps="50")
    assert (trial.code, went["status"]) == (1, "incident")
    assert "50 步" in went["incidents"][0]["message"]
    assert len(went["completed"]) < 50


def test_a_refused_diagram_lists_all_problems(trial: Trial) -> None:
    went = trial(drawn(ENDS + '<userTask id="u"/><task id="u"/>', "s>u u>nowhere"))
    assert (trial.code, went["status"]) == (1, "refused")
    assert len(went["problems"]) >= 2
    assert {problem["file"] for problem in went["problems"]} == {"try.bpmn"}
