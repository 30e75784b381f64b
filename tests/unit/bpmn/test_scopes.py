"""Sub-processes and called processes: variables, shards, errors, ends, and what is told about them."""

from __future__ import annotations

import pytest

from engine.bpmn.execution import Execution, StepEnv
from engine.errors import InvalidData, NotFound, StepFailed
from tests.unit.bpmn.drawn import (
    END,
    NOW,
    START,
    Case,
    due_in_ten_days,
    extensions,
    flows,
    process,
    program,
    user,
)  # fmt: skip


def block(inside: str, lines: str, id: str = "block", attributes: str = "") -> str:
    return f'<subProcess id="{id}" name="{id}" {attributes}>{inside}{flows(lines)}</subProcess>'


INNER = '<startEvent id="s2"/><endEvent id="e2"/>'


def nested() -> bytes:
    deepest = block(user("x") + '<startEvent id="s3"/><endEvent id="e3"/>', "s3 > x\nx > e3", "inner")
    return process(
        START + END + block(INNER + user("w") + deepest, "s2 > w\nw > inner\ninner > e2") + user("a"),
        "s > block\nblock > a\na > e",
    )


def test_a_sub_process_shares_the_variables_around_it() -> None:
    case = Case(program(nested()), n=1)
    case.do("w", m=2)
    assert case.execution.data == {"n": 1, "m": 2}
    assert case.ex.open_tasks()[0].data == {"n": 1, "m": 2}
    case.do("x", n=3)
    assert case.open() == ["a"]
    assert case.execution.data == {"n": 3, "m": 2}
    assert case.history == ["s", "s2", "w", "s3", "x", "e3", "inner", "e2", "block"]


def test_every_open_scope_is_a_shard_within_another() -> None:
    case = Case(program(nested()))
    case.do("w")
    parents = case.execution.parents
    assert len(case.shards) == 3
    (deepest,) = [shard for shard in parents if parents[shard] != ""]
    assert parents[parents[deepest]] == ""
    case.do("x")
    assert list(case.shards) == [""]


def test_entered_and_left_scopes_are_told_in_order() -> None:
    case = Case(program(nested()))
    assert [(scope.element_id, bool(scope.task_id)) for scope in case.execution.entered_scopes] == [
        ("p", False),
        ("block", True),
    ]
    case.do("w")
    entered = case.execution.entered_scopes[0]
    assert (entered.element_id, entered.process_id, entered.node.kind) == ("inner", "p", "subProcess")
    case.do("x")
    assert [scope.element_id for scope in case.execution.left_scopes] == ["inner", "block"]
    assert case.execution.left_scopes[0].task_id == entered.task_id
    case.do("a")
    assert [(scope.element_id, scope.cancelled) for scope in case.execution.left_scopes] == [("p", False)]


def test_shards_that_are_not_wanted_stay_closed_and_unchanged() -> None:
    caller = process(
        f'{START}{END}<callActivity id="call" calledElement="q"><multiInstanceLoopCharacteristics '
        'camunda:collection="units" camunda:elementVariable="unit"/></callActivity>',
        "s > call\ncall > e",
    )
    called = process(START + END + user("x") + user("y"), "s > x\nx > y\ny > e", id="q")
    case = Case(program(caller, called=(called,)), units=[f"U{n}" for n in range(40)])
    shard = sorted(key for key in case.shards if key)[7]
    execution = Execution.load(case.program, "p", case.shards, case.env, [shard])
    assert execution.loaded_shards == {"", shard}
    (task,) = execution.open_tasks()
    execution.complete(task.task_id, {"done": True})
    execution.run()
    changed, gone = execution.dump()
    assert (list(changed), gone) == ([shard], [])


def test_cancelling_reaches_into_shards_that_were_closed() -> None:
    caller = process(
        START
        + END
        + block(
            INNER + '<callActivity id="call" calledElement="q"><multiInstanceLoopCharacteristics '
            'camunda:collection="units" camunda:elementVariable="unit"/></callActivity>',
            "s2 > call\ncall > e2",
        )
        + '<boundaryEvent id="bm" attachedToRef="block"><messageEventDefinition messageRef="m_stop"/>'
        "</boundaryEvent>",
        "s > block\nblock > e\nbm > e",
    )
    called = process(START + END + block(INNER + user("x"), "s2 > x\nx > e2"), "s > block\nblock > e", id="q")
    case = Case(program(caller, called=(called,)), units=["甲", "乙"])
    assert len(case.shards) == 6
    execution = Execution.load(case.program, "p", case.shards, case.env)
    (waiting,) = execution.subscriptions()
    execution.deliver(waiting.task_id, "msg_stop", {})
    execution.run()
    changed, gone = execution.dump()
    assert list(changed) == [""]
    assert sorted(gone) == sorted(key for key in case.shards if key)
    assert execution.loaded_shards == {""}
    assert execution.status == "completed"


def test_an_error_reaches_the_nearest_boundary_event_that_catches_it() -> None:
    errors = '<error id="er1" errorCode="E1"/><error id="er2" errorCode="E2"/>'
    thrower = (
        '<startEvent id="s2"/><endEvent id="bad"><errorEventDefinition errorRef="er1"/></endEvent>'
        + user("x")
    )
    catcher = (
        '<boundaryEvent id="other" attachedToRef="block"><errorEventDefinition errorRef="er2"/>'
        "</boundaryEvent>"
        '<boundaryEvent id="caught" attachedToRef="block"><errorEventDefinition errorRef="er1"/>'
        "</boundaryEvent>"
    )
    lines = "s2 > bad\ns2 > x"
    caught = process(
        START + END + block(thrower, lines) + catcher + user("repair"),
        "s > block\nblock > e\nother > e\ncaught > repair\nrepair > e",
        rest=errors,
    )
    case = Case(program(caught))
    assert case.open() == ["repair"]
    assert case.history == ["s", "s2", "bad", "caught"]
    assert sorted(case.cancelled) == ["block", "x"]
    uncaught = process(START + END + block(thrower, lines), "s > block\nblock > e", rest=errors)
    with pytest.raises(StepFailed, match="E1") as failure:
        Case(program(uncaught))
    assert failure.value.element_id == "bad"


@pytest.mark.parametrize(("interrupting", "opened"), [("false", ["boss", "x"]), ("true", ["boss"])])
def test_an_escalation_is_caught_beside_or_instead(interrupting: str, opened: list[str]) -> None:
    escalate = '<escalationEventDefinition escalationRef="es"/>'
    bpmn = process(
        START
        + END
        + block(
            f'{INNER}<intermediateThrowEvent id="up">{escalate}</intermediateThrowEvent>' + user("x"),
            "s2 > up\nup > x\nx > e2",
        )
        + f'<boundaryEvent id="b" attachedToRef="block" '
        f'cancelActivity="{interrupting}">{escalate}</boundaryEvent>' + user("boss"),
        "s > block\nblock > e\nb > boss\nboss > e",
        rest='<escalation id="es" escalationCode="X1"/>',
    )
    assert Case(program(bpmn)).open() == opened


def test_a_terminate_end_stops_its_own_scope_only() -> None:
    stop = '<endEvent id="stop"><terminateEventDefinition/></endEvent>'
    inside = process(
        START
        + END
        + '<parallelGateway id="g"/>'
        + user("outside")
        + block(f'<startEvent id="s2"/>{stop}' + user("x") + user("y"), "s2 > x\ns2 > y\nx > stop\ny > stop"),
        "s > g\ng > outside\ng > block\noutside > e\nblock > e",
    )
    case = Case(program(inside))
    case.do("x")
    assert case.open() == ["outside"]
    assert case.cancelled == ["y"]
    assert case.history[-4:] == ["x", "stop", "block", "e"]
    top = process(START + stop + user("a") + user("b"), "s > a\ns > b\na > stop\nb > stop")
    ended = Case(program(top))
    ended.do("a")
    assert ended.execution.status == "terminated"
    assert ended.execution.ended_at == ["stop"]
    assert ended.cancelled == ["b"]
    assert ended.ex.status == "terminated"


def test_an_instance_ends_when_its_last_token_ends() -> None:
    bpmn = process(
        START + '<endEvent id="e1"/><endEvent id="e2"/>' + user("a") + user("b"),
        "s > a\ns > b\na > e1\nb > e2",
    )
    case = Case(program(bpmn))
    case.do("b")
    assert case.execution.status == "active"
    case.do("a")
    assert case.execution.status == "completed"
    assert case.execution.ended_at == ["e2", "e1"]


def test_a_sub_process_without_events_begins_where_nothing_leads_to() -> None:
    bpmn = process(START + END + block(user("x") + user("y"), "x > y"), "s > block\nblock > e")
    case = Case(program(bpmn))
    case.do("x")
    case.do("y")
    assert case.execution.status == "completed"


def test_deadline_properties_make_a_program_one_with_deadlines() -> None:
    plain = program(process(START + END, "s > e"))
    on_block = program(
        process(START + END + user("a", extensions(deadline="CP-HANDLE", clause="R8")), "s > a\na > e")
    )
    assert not plain.has_deadlines
    assert on_block.has_deadlines
    assert on_block.processes["p"].nodes["a"].properties == {"deadline": "CP-HANDLE", "clause": "R8"}


def test_the_door_says_what_it_expected() -> None:
    compiled = program(process(START + END + user("a"), "s > a\na > e"))
    env = StepEnv(NOW, due_in_ten_days)
    with pytest.raises(NotFound, match="process"):
        Execution.start(compiled, "nope", {}, env)
    with pytest.raises(NotFound, match="start event"):
        Execution.start(compiled, "p", {}, env, "nope")
    with pytest.raises(InvalidData):
        Execution.start(compiled, "p", {"x": object()}, env)
    case = Case(compiled)
    with pytest.raises(InvalidData):
        case.ex.complete(case.ex.open_tasks()[0].task_id, {"x": float("nan")})
    with pytest.raises(NotFound):
        case.ex.complete("gone", {})
