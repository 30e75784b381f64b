"""Parallel and inclusive gateways: what they wait for, also in the second round of a loop."""

from __future__ import annotations

import pytest

from engine.errors import DiagramError
from tests.unit.bpmn.drawn import END, START, Case, block, process, program, user

AND, OR = "parallelGateway", "inclusiveGateway"


def test_a_parallel_join_waits_for_every_branch() -> None:
    bpmn = process(
        f'{START}{END}<{AND} id="split"/><{AND} id="join"/>' + user("a") + user("b") + user("c"),
        "s > split\nsplit > a\nsplit > b\na > join\nb > join\njoin > c\nc > e",
    )
    case = Case(program(bpmn))
    case.do("b", y=1)
    assert case.open() == ["a"]
    case.do("a", x=1)
    assert case.open() == ["c"]
    assert case.execution.data == {"x": 1, "y": 1}
    assert case.history == ["s", "split", "b", "a", "join"]


def test_two_reviewers_are_awaited_in_every_round() -> None:
    bpmn = process(
        f'{START}{END}<exclusiveGateway id="merge"/><{AND} id="split"/><{AND} id="join"/>'
        '<exclusiveGateway id="again" default="f7_again_e"/>' + user("a") + user("b"),
        "s > merge\nmerge > split\nsplit > a\nsplit > b\na > join\nb > join\njoin > again\nagain > e\n"
        "again > merge [redo]",
    )
    case = Case(program(bpmn), redo=True)
    for _ in range(5):
        assert case.open() == ["a", "b"]
        case.do("a")
        assert case.open() == ["b"]
        case.do("b")
    case.do("a")
    case.do("b", redo=False)
    assert case.execution.status == "completed"


def test_a_parallel_gateway_that_would_wait_for_itself_is_refused() -> None:
    bpmn = process(
        f'{START}{END}<{AND} id="split"/><exclusiveGateway id="again" default="f3_again_e"/>' + user("a"),
        "s > split\nsplit > a\na > again\nagain > e\nagain > split [redo]",
    )
    with pytest.raises(DiagramError, match="永远等待"):
        program(bpmn)


def test_a_second_token_on_one_flow_is_kept_for_the_next_firing() -> None:
    # two tokens reach the join over the flow of `a` before one comes over that of `b`
    bpmn = process(
        f'{START}{END}<{AND} id="split"/><exclusiveGateway id="m"/><{AND} id="join"/>'
        + user("a")
        + user("a2")
        + user("b")
        + user("c"),
        "s > split\nsplit > a\nsplit > a2\nsplit > b\na > m\na2 > m\nm > join\nb > join\njoin > c\nc > e",
    )
    case = Case(program(bpmn))
    case.do("a")
    case.do("a2")
    case.do("b")
    assert case.open() == ["c"]
    assert case.history.count("join") == 1


def test_what_one_branch_wrote_is_not_undone_by_the_other() -> None:
    bpmn = process(
        f'{START}{END}<{AND} id="split"/><{AND} id="join"/>' + user("a") + user("b"),
        "s > split\nsplit > a\nsplit > b\na > join\nb > join\njoin > e",
    )
    case = Case(program(bpmn), accepted=False)
    case.do("a", accepted=True)
    case.do("b", note="迟到的分支")
    assert case.execution.data == {"accepted": True, "note": "迟到的分支"}


def inclusive() -> bytes:
    return process(
        f'{START}{END}<{OR} id="split" default="f3_split_c"/><{OR} id="join"/>'
        + "".join(user(name) for name in "abcd"),
        "s > split\nsplit > a [x]\nsplit > b [y]\nsplit > c\na > join\nb > join\nc > join\njoin > d\nd > e",
    )


def test_an_inclusive_join_waits_for_what_was_begun_and_no_more() -> None:
    both = Case(program(inclusive()), x=True, y=True)
    assert both.open() == ["a", "b"]
    both.do("a")
    assert both.open() == ["b"]
    both.do("b")
    assert both.open() == ["d"]
    one = Case(program(inclusive()), x=True, y=False)
    one.do("a")
    assert one.open() == ["d"]
    neither = Case(program(inclusive()), x=False, y=False)
    assert neither.open() == ["c"]


def test_an_inclusive_join_waits_in_every_round() -> None:
    bpmn = process(
        f'{START}{END}<{OR} id="split"/><{OR} id="join"/><exclusiveGateway id="again" default="f6_again_e"/>'
        + user("a")
        + user("b"),
        "s > split\nsplit > a [x]\nsplit > b [y]\na > join\nb > join\njoin > again\nagain > e\n"
        "again > split [redo]",
    )
    case = Case(program(bpmn), redo=True, x=True, y=True)
    for _ in range(3):
        case.do("b")
        assert case.open() == ["a"]
        case.do("a")
        assert case.open() == ["a", "b"]


def test_an_inclusive_join_does_not_wait_for_a_branch_that_went_elsewhere() -> None:
    bpmn = process(
        f'{START}{END}<{AND} id="split"/><exclusiveGateway id="g" default="f5_g_e2"/><{OR} id="join"/>'
        '<endEvent id="e2"/>' + user("a") + user("b") + user("c"),
        "s > split\nsplit > a\nsplit > b\na > join\nb > g\ng > e2\ng > join [back]\njoin > c\nc > e",
    )
    case = Case(program(bpmn))
    case.do("a")
    assert case.open() == ["b"]
    case.do("b", back=False)
    assert case.open() == ["c"]
    other = Case(program(bpmn))
    other.do("a")
    other.do("b", back=True)
    assert other.open() == ["c"]
    assert other.history.count("join") == 1


def test_an_inclusive_join_waits_for_a_boundary_event_s_path() -> None:
    bpmn = process(
        f'{START}{END}<{AND} id="split"/><{OR} id="join"/>'
        + user("a")
        + user("b")
        + user("late")
        + user("c")
        + '<boundaryEvent id="t" attachedToRef="b" cancelActivity="true"><timerEventDefinition>'
        "<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>",
        "s > split\nsplit > a\nsplit > b\na > join\nb > e\nt > late\nlate > join\njoin > c\nc > e",
    )
    case = Case(program(bpmn))
    case.do("a")
    assert case.open() == ["b"]
    case.wait(hours=1)
    assert case.open() == ["late"]
    case.do("late")
    assert case.open() == ["c"]
    assert case.history.count("join") == 1


def test_a_gateway_may_join_and_split_at_once() -> None:
    bpmn = process(
        f'{START}{END}<{AND} id="split"/><{AND} id="both"/>' + "".join(user(name) for name in "abcd"),
        "s > split\nsplit > a\nsplit > b\na > both\nb > both\nboth > c\nboth > d\nc > e\nd > e",
    )
    case = Case(program(bpmn))
    case.do("a")
    case.do("b")
    assert case.open() == ["c", "d"]


def test_an_event_gateway_in_a_loop_races_anew_in_every_round() -> None:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    bpmn = process(
        f'{START}{END}<exclusiveGateway id="m"/><eventBasedGateway id="g"/>'
        '<receiveTask id="w" messageRef="m_more"/>'
        f'<intermediateCatchEvent id="t">{timer}</intermediateCatchEvent>',
        "s > m\nm > g\ng > w\ng > t\nw > m\nt > e",
    )
    case = Case(program(bpmn))
    for _ in range(3):
        case.send("msg_more")
        assert (len(case.ex.timers()), len(case.ex.subscriptions())) == (1, 1)
    case.wait(hours=1)
    assert case.execution.status == "completed"
    assert case.history == ["s", "m", "g", "w", "m", "g", "w", "m", "g", "w", "m", "g", "t", "e"]


def test_gateways_inside_a_looped_sub_process_begin_anew_each_time() -> None:
    loop = '<standardLoopCharacteristics loopMaximum="3"/>'
    inside = f'{loop}<{AND} id="split"/><{OR} id="join"/>' + user("a") + user("b") + user("c")
    lines = "split > a\nsplit > b\na > join\nb > join\njoin > c"
    case = Case(program(process(START + END + block("x", inside, lines), "s > x\nx > e")))
    for _ in range(3):
        case.do("b")
        assert case.open() == ["a"]
        case.do("a")
        case.do("c")
    assert case.execution.status == "completed"
    assert case.history.count("join") == 3
