"""Moving a token by hand: within the same branches of the same splits, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from engine.errors import InvalidData, NotFound

from .drawn import END, START, Case, block, boundary, catch, process, program, user

NOTE = '<messageEventDefinition messageRef="m_more"/>'
STOP = '<messageEventDefinition messageRef="m_stop"/>'
LOOP = "multiInstanceLoopCharacteristics"
SEVERAL = f"<{LOOP}><loopCardinality>3</loopCardinality></{LOOP}>"
SPLIT = (
    START + END + user("before") + '<parallelGateway id="g"/>' + user("left") + user("left2") + user("right")
    + '<parallelGateway id="j"/>' + user("after")
)  # fmt: skip
SPLIT_LINES = (
    "s > before; before > g; g > left; left > left2; left2 > j; g > right; right > j; j > after; after > e"
)


def case_of(elements: str, lines: str, **data: Any) -> Case:
    return Case(program(process(elements, lines)), **data)


def move(case: Case, element_id: str, target: str) -> None:
    execution = case.ex
    here = next(each for each in execution.possible_moves() if each.element_id == element_id)
    execution.move(here.task_id, target)
    case.finish(execution)


def targets(case: Case, element_id: str) -> set[str]:
    here = next(each for each in case.ex.possible_moves() if each.element_id == element_id)
    return {target for target, _ in here.targets}


def test_a_token_goes_forward_and_back_and_its_task_is_cancelled() -> None:
    case = case_of(START + END + user("a") + user("b") + user("c"), "s > a; a > b; b > c; c > e")
    move(case, "a", "c")
    assert (case.open(), case.cancelled) == (["c"], ["a"])
    move(case, "c", "a")
    case.do("a")
    assert case.open() == ["b"]


def test_moving_to_the_end_ends_the_process() -> None:
    case = case_of(START + END + user("a"), "s > a; a > e")
    move(case, "a", "e")
    assert case.ex.status == "completed"


def test_moving_to_where_it_stands_begins_it_again() -> None:
    case = case_of(START + END + user("a") + boundary("b", "a", NOTE), "s > a; a > e; b > e")
    first = case.ex.open_tasks()[0].task_id
    move(case, "a", "a")
    assert case.open() == ["a"]
    assert case.ex.open_tasks()[0].task_id != first
    assert len(case.ex.subscriptions()) == 1


def test_nobody_moves_into_a_parallel_branch_or_out_of_one() -> None:
    case = case_of(SPLIT, SPLIT_LINES)
    assert targets(case, "before") == {"before", "g", "after", "e"}
    with pytest.raises(InvalidData, match="并行分支里面"):
        move(case, "before", "left")
    case.do("before")
    with pytest.raises(InvalidData, match="目标在外面"):
        move(case, "left", "after")
    with pytest.raises(InvalidData):
        move(case, "left", "right")
    with pytest.raises(InvalidData, match="汇合网关"):
        move(case, "left", "j")


def test_within_its_branch_a_token_may_move_and_the_join_still_counts() -> None:
    case = case_of(SPLIT, SPLIT_LINES)
    case.do("before")
    move(case, "left", "left2")
    case.do("left2")
    assert case.open() == ["right"]
    case.do("right")
    assert case.open() == ["after"]


def test_what_waits_at_a_join_stays_there() -> None:
    case = case_of(SPLIT, SPLIT_LINES)
    case.do("before")
    case.do("right")
    assert [each.element_id for each in case.ex.possible_moves()] == ["left"]


def test_moving_before_the_split_begins_all_branches_anew() -> None:
    case = case_of(SPLIT, SPLIT_LINES)
    move(case, "before", "g")
    assert case.open() == ["left", "right"]


def test_a_loop_around_the_split_changes_nothing() -> None:
    lines = SPLIT_LINES.replace("after > e", "after > x; x > before [again]; x > e [not again]")
    case = case_of(SPLIT + '<exclusiveGateway id="x"/>', lines, again=True)
    assert targets(case, "before") == {"before", "g", "after", "x", "e"}
    case.do("before")
    assert targets(case, "left") == {"left", "left2"}


def test_exclusive_ways_may_be_changed() -> None:
    elements = START + END + '<exclusiveGateway id="x"/>' + user("a") + user("b")
    case = case_of(elements, "s > x; x > a [way == 1]; x > b [way == 2]; a > e; b > e", way=1)
    move(case, "a", "b")
    assert case.open() == ["b"]


@pytest.mark.parametrize("gateway", ["inclusiveGateway", "task"])
def test_inclusive_gateways_and_flows_out_of_a_task_split_too(gateway: str) -> None:
    elements = START + END + user("before") + f'<{gateway} id="g"/>' + user("a") + user("b")
    lines = "s > before; before > g; g > a [n > 1]; g > b [n > 2]; a > e; b > e"
    case = case_of(elements, lines, n=3)
    assert targets(case, "before") == {"before", "g", "e"}


def test_what_runs_beside_a_task_is_a_branch_of_its_own() -> None:
    elements = START + END + user("a") + boundary("n", "a", NOTE, interrupting=False) + user("aside")
    case = case_of(elements + user("b"), "s > a; a > b; b > e; n > aside; aside > e")
    case.send("msg_more")
    assert targets(case, "a") == {"a", "b", "e"}
    assert targets(case, "aside") == {"aside", "e"}
    move(case, "a", "b")
    assert case.open() == ["aside", "b"]


def test_what_interrupts_a_task_takes_its_place() -> None:
    elements = START + END + user("a") + boundary("n", "a", NOTE) + user("instead") + user("b")
    case = case_of(elements, "s > a; a > b; b > e; n > instead; instead > e")
    case.send("msg_more")
    move(case, "instead", "b")
    assert case.open() == ["b"]


def test_several_instances_move_together_or_not_at_all() -> None:
    elements = START + END + f'<userTask id="m">{SEVERAL}</userTask>' + user("b")
    case = case_of(elements, "s > m; m > b; b > e")
    execution = case.ex
    with pytest.raises(InvalidData, match="多实例"):
        execution.move(execution.open_tasks()[0].task_id, "b")
    move(case, "m", "b")
    assert (case.open(), case.cancelled) == (["b"], ["m", "m", "m"])


def test_a_sub_process_moves_with_all_inside_and_inside_it_on_its_own() -> None:
    inside = block("sub", '<startEvent id="s2"/>' + user("i") + user("k"), "s2 > i; i > k")
    case = case_of(START + END + inside + user("b"), "s > sub; sub > b; b > e")
    move(case, "i", "k")
    assert case.open() == ["k"]
    with pytest.raises(InvalidData, match="应为令牌所在"):
        move(case, "k", "b")
    move(case, "sub", "b")
    assert case.open() == ["b"]
    assert list(case.shards) == [""]


def test_a_race_is_left_by_all_who_run_it() -> None:
    elements = START + END + '<eventBasedGateway id="g"/>' + catch("c", NOTE) + catch("d", STOP) + user("b")
    case = case_of(elements, "s > g; g > c; g > d; c > e; d > e; e > b".replace("; e > b", "") + "; b > e")
    move(case, "c", "b")
    assert (case.open(), case.ex.subscriptions()) == (["b"], [])


def test_ways_in_boundary_events_and_handlers_are_no_targets() -> None:
    handler = block(
        "h", f'<startEvent id="hs" isInterrupting="false">{STOP}</startEvent>' + user("u"), "hs > u",
        'triggeredByEvent="true"',
    )  # fmt: skip
    case = case_of(START + END + user("a") + boundary("n", "a", NOTE) + handler, "s > a; a > e; n > e")
    assert targets(case, "a") == {"a", "e"}
    for target in ("s", "n", "h", "hs", "u", "nowhere"):
        with pytest.raises(InvalidData):
            move(case, "a", target)


def test_a_token_that_is_gone_is_not_found() -> None:
    case = case_of(START + END + user("a"), "s > a; a > e")
    with pytest.raises(NotFound):
        case.ex.move("0" * 32, "e")


def test_a_cancelled_instance_ends_with_all_inside_and_keeps_its_data() -> None:
    inside = block("sub", '<startEvent id="s2"/>' + user("i"), "s2 > i")
    case = case_of(START + END + inside, "s > sub; sub > e", kept=1)
    execution = case.ex
    execution.cancel()
    case.finish(execution)
    assert (execution.status, execution.data, case.open()) == ("terminated", {"kept": 1}, [])
    assert case.cancelled == ["i", "sub"]
    assert [scope.cancelled for scope in execution.left_scopes] == [True, True]
