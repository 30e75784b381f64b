"""A trial's run: which process and start event, what a deadline rule means, who gets mail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from command.say import Refused
from command.trial.answers import answers_of
from command.trial.files import choose_process
from command.trial.outcome import Outcome
from command.trial.run import run
from command.trial.world import World
from engine.bpmn.compile import compile_bundle
from engine.deadline.shanghai import SHANGHAI
from tests.unit.bpmn.drawn import END, START, catch, handler, process, program, throw, user

NOW = datetime(2026, 3, 2, 9, tzinfo=SHANGHAI)


def tried(content: bytes, answers: dict[str, Any] | None = None, **data: Any) -> Outcome:
    world = World(program(content), answers_of(answers or {}), NOW, 200)
    return run(world, "p", data)


def timer(id: str, when: str) -> str:
    return catch(id, f"<timerEventDefinition><timeDate>{when}</timeDate></timerEventDefinition>")


def message(id: str, attributes: str = "") -> str:
    return f'<startEvent id="{id}" {attributes}><messageEventDefinition messageRef="m_more"/></startEvent>'


STARTS = process(message("asked") + START + END, "asked > e; s > e")


@pytest.mark.parametrize(
    ("content", "answers", "begun", "data"),
    [
        (STARTS, {}, "s", {}),
        (STARTS, {"start": {"event": "asked", "data": {"a": 1}}}, "asked", {"a": 1}),
        (process(message("asked") + END, "asked > e"), {}, "asked", {}),
        (
            process(message("asked") + END, "asked > e"),
            {"messages": [{"name": "msg_more", "payload": {"n": 2}}]},
            "asked",
            {"n": 2},
        ),
    ],
)
def test_it_begins_where_the_answers_say_or_the_diagram_means(
    content: bytes, answers: dict[str, Any], begun: str, data: dict[str, Any]
) -> None:
    went = tried(content, answers)
    assert (went.completed, went.data, went.notes) == ([begun, "e"], data, [])


def test_a_start_event_that_is_not_there_is_named() -> None:
    with pytest.raises(Refused, match=r"没有开始事件“x”：它的开始事件有 asked、s"):
        tried(STARTS, {"start": {"event": "x"}})


def test_of_several_plain_start_events_the_first_is_taken_and_the_choice_is_told() -> None:
    drawn = process(START + END + '<startEvent id="s2"/>' + user("u"), "s > e; s2 > u; u > e")
    went = tried(drawn)
    assert (went.completed, len(went.notes)) == (["s", "e"], 1)
    assert "s、s2；试走从“s”开始" in went.notes[0]
    chosen = tried(drawn, {"start": {"event": "s2"}})
    assert (chosen.completed, chosen.notes) == (["s2", "u", "e"], [])


@pytest.mark.parametrize(("rules", "day"), [({}, "2026-03-12"), ({"CP": "P1M"}, "2026-04-02")])
def test_a_deadline_rule_counts_as_the_answers_say(rules: dict[str, str], day: str) -> None:
    went = tried(process(START + END + timer("t", "due('CP')"), "s > t; t > e"), {"rules": rules})
    assert went.stopped_at is not None
    assert went.stopped_at.astimezone(SHANGHAI).date().isoformat() == day
    assert bool(went.notes) == (not rules)


def test_answers_to_what_is_not_drawn_are_told() -> None:
    went = tried(
        process(START + END + user("u"), "s > u; u > e"),
        {"answers": {"v": {}}, "topics": {"t": {}}, "messages": [{"name": "x", "after": "v"}, "y"]},
    )
    assert went.status == "completed"
    assert went.notes == [
        "答案中的元素“v”不在流程图中",
        "答案中的服务主题“t”不在流程图中",
        "“y”没有人等待，没有送出",
        "“x”没有发出",
    ]


def test_mail_with_another_correlation_is_for_somebody_else() -> None:
    waits = (
        '<receiveTask id="r" messageRef="m_more"><extensionElements><camunda:properties>'
        '<camunda:property name="correlation" value="key"/></camunda:properties>'
        "</extensionElements></receiveTask>"
    )
    drawn = process(START + END + waits, "s > r; r > e")
    for correlation, status in (("K1", "completed"), ("K2", "waiting")):
        went = tried(drawn, {"messages": [{"name": "msg_more", "correlation": correlation}]}, key="K1")
        assert went.status == status


def test_a_signal_reaches_its_own_instance_at_once_and_never_again() -> None:
    signal = '<signalEventDefinition signalRef="sg"/>'
    late = process(
        START + END + throw("t", signal) + catch("c", signal), "s > t; t > c; c > e",
        rest='<signal id="sg" name="signal"/>',
    )  # fmt: skip
    went = tried(late)
    assert (went.completed, went.status, went.thrown[0]["to"]) == (["s", "t"], "waiting", [])
    heard = process(
        START + END + throw("t", signal) + user("u") + handler(signal, interrupting=False, task="h"),
        "s > t; t > u; u > e", rest='<signal id="sg" name="signal"/>',
    )  # fmt: skip
    assert tried(heard).completed.count("h") == 1


def test_what_does_not_begin_keeps_the_data_it_was_given() -> None:
    script = '<scriptTask id="x"><script>y = z</script></scriptTask>'
    went = tried(process(START + END + script, "s > x; x > e"), n=1)
    assert (went.status, went.data, went.completed) == ("incident", {"n": 1}, [])
    assert went.incidents[0]["rolled_back"] == ["s"]


def test_the_process_nobody_calls_is_tried_and_the_choice_is_told() -> None:
    files = {
        "b.bpmn": process('<startEvent id="s2"/>', "", id="q"),
        "a.bpmn": process(START + '<callActivity id="c" calledElement="q"/>', "s > c"),
    }
    chosen, note = choose_process(compile_bundle(files), files, None)
    assert chosen == "p"
    assert "q、p" in note
    assert choose_process(compile_bundle(files), files, "q") == ("q", "")
