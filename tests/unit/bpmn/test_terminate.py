"""Terminate end events: they end their own scope at once, whatever runs in it, and nothing around it."""

from __future__ import annotations

from tests.unit.bpmn.drawn import END, START, Case, block, handler, process, program, user

STOP = '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
SEVERAL = (
    "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
    "</multiInstanceLoopCharacteristics>"
)


def test_it_ends_a_called_process_and_the_caller_goes_on() -> None:
    called = process(START + STOP + user("x") + user("y"), "s > x\ns > y\nx > stop\ny > stop", id="q")
    caller = process(
        f'{START}{END}<callActivity id="call" calledElement="q"/>{user("after")}{user("beside")}',
        "s > call\ns > beside\ncall > after\nafter > e\nbeside > e",
    )
    case = Case(program(caller, called=(called,)))
    case.do("x", n=1)
    assert case.open() == ["after", "beside"]
    assert case.cancelled == ["y"]
    assert case.execution.data == {"n": 1}
    assert case.execution.status == "active"
    assert list(case.shards) == [""]


def test_of_several_instances_it_ends_its_own() -> None:
    inside = SEVERAL + '<startEvent id="s2"/>' + STOP + user("x") + user("y")
    bpmn = process(
        START + END + block("block", inside, "s2 > x; s2 > y; x > stop; y > stop") + user("after"),
        "s > block\nblock > after\nafter > e",
    )
    case = Case(program(bpmn))
    case.do("x")
    assert case.open() == ["x", "y"]
    case.do("y")
    assert case.open() == ["after"]
    assert case.cancelled == ["y", "x"]


def test_nested_scopes_go_with_it() -> None:
    deep = block("deep", '<startEvent id="s3"/>' + user("z"), "s3 > z")
    inside = '<startEvent id="s2"/>' + STOP + user("x") + deep
    bpmn = process(
        START + END + block("block", inside, "s2 > x; s2 > deep; x > stop"), "s > block\nblock > e"
    )
    case = Case(program(bpmn))
    case.do("x")
    assert case.execution.status == "completed"
    assert sorted(case.cancelled) == ["deep", "z"]
    assert list(case.shards) == [""]


def test_in_an_event_sub_process_it_ends_the_handler_only() -> None:
    message = '<messageEventDefinition messageRef="m_more"/>'
    ends = handler(message, interrupting=False).replace(
        '<endEvent id="handler_e"/>', '<endEvent id="handler_e"><terminateEventDefinition/></endEvent>'
    )
    case = Case(program(process(START + END + user("a") + ends, "s > a\na > e")))
    case.send("msg_more")
    case.do("h")
    assert case.open() == ["a"]
    assert case.execution.status == "active"
