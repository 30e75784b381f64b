"""Sequence flow: splits, choices, loops, links, and names that are nobody's."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.bpmn.execution import Execution, StepEnv
from engine.bpmn.size import MAX_ELEMENTS
from engine.errors import DiagramError, StepFailed
from tests.unit.bpmn.drawn import END, NOW, START, Case, diagram, due_in_ten_days, process, program, user


def test_an_abstract_task_runs_through_and_a_person_s_waits() -> None:
    case = Case(program(process(START + END + '<task id="t"/><manualTask id="m"/>', "s > t\nt > m\nm > e")))
    assert case.open() == ["m"]
    case.do("m")
    assert case.history == ["s", "t", "m", "e"]
    assert case.execution.status == "completed"
    assert case.execution.ended_at == ["e"]


def test_the_first_true_flow_in_document_order_is_taken_wherever_it_is_drawn() -> None:
    # the file draws the second branch above the first
    case = Case(diagram("drawn_upside_down"), n=5)
    assert case.open() == ["first"]


def test_the_default_flow_is_taken_when_no_condition_holds() -> None:
    bpmn = process(
        START + END + '<exclusiveGateway id="g" default="f2_g_b"/>' + user("a") + user("b"),
        "s > g\ng > a [n > 9]\ng > b\na > e\nb > e",
    )
    assert Case(program(bpmn), n=5).open() == ["b"]
    assert Case(program(bpmn), n=10).open() == ["a"]


def test_a_choice_without_an_answer_fails_at_the_gateway() -> None:
    bpmn = process(
        START + END + '<exclusiveGateway id="g"/>' + user("a") + user("b"),
        "s > g\ng > a [n > 9]\ng > b [n > 7]\na > e\nb > e",
    )
    with pytest.raises(StepFailed, match="没有一条出口") as caught:
        Case(program(bpmn), n=5)
    assert caught.value.element_id == "g"
    assert caught.value.data == {"n": 5}


def test_a_condition_over_an_unset_variable_fails_and_says_which() -> None:
    bpmn = process(
        START + END + '<exclusiveGateway id="g" default="f2_g_e"/>' + user("a"),
        "s > g\ng > a [route == '受理']\ng > e\na > e",
    )
    with pytest.raises(StepFailed, match=r"变量“route”没有值"):
        Case(program(bpmn))


def test_a_task_with_several_outgoing_flows_splits() -> None:
    bpmn = process(START + END + user("a") + user("b") + user("c"), "s > a\na > b\na > c\nb > e\nc > e")
    case = Case(program(bpmn))
    case.do("a")
    assert case.open() == ["b", "c"]


def test_conditional_flows_out_of_a_task_are_honoured() -> None:
    bpmn = process(
        START + END + user("a", attributes='default="f3_a_d"') + user("b") + user("c") + user("d"),
        "s > a\na > b [x]\na > c [y]\na > d\nb > e\nc > e\nd > e",
    )
    both, none = Case(program(bpmn)), Case(program(bpmn))
    both.do("a", x=True, y=True)
    none.do("a", x=False, y=False)
    assert both.open() == ["b", "c"]
    assert none.open() == ["d"]


def test_elements_may_be_called_like_the_library_s_own() -> None:
    case = Case(diagram("colliding_ids"), "Root")
    assert case.open() == ["End", "Start.BoundaryEventSplit"]
    case.do("End")
    case.do("Start.BoundaryEventSplit")
    assert case.history == [
        "Start",
        "Root",
        "End",
        "Root.EndJoin",
        "Start.BoundaryEventSplit",
        "Root.EndJoin",
    ]


def test_pools_annotations_data_and_groups_do_not_stop_an_executable_process() -> None:
    compiled = diagram("pools")
    assert list(compiled.processes) == ["p"]
    node = compiled.processes["p"].nodes["ut_triage"]
    assert node.lane == "经办人"  # the innermost lane
    assert node.documentation == "R7¶2 受理"
    assert Case(compiled).open() == ["ut_triage"]


def test_a_flow_without_an_id_is_a_flow() -> None:
    bpmn = process(
        START + END + user("a") + '<sequenceFlow sourceRef="s" targetRef="a"/>'
        '<sequenceFlow sourceRef="a" targetRef="e"/>',
        "",
    )
    case = Case(program(bpmn))
    case.do("a")
    assert case.history == ["s", "a", "e"]


def test_a_link_leads_from_throw_to_catch() -> None:
    link = '<linkEventDefinition name="续"/>'
    bpmn = process(
        f'{START}{END}<intermediateThrowEvent id="t">{link}</intermediateThrowEvent>'
        f'<intermediateCatchEvent id="c">{link}</intermediateCatchEvent>' + user("a"),
        "s > t\nc > a\na > e",
    )
    assert Case(program(bpmn)).history == ["s", "t", "c"]


def test_a_script_sets_variables_and_its_failure_names_it() -> None:
    bpmn = process(
        START + END + '<scriptTask id="x"><script>y = n + 1\nz = [y]</script></scriptTask>' + user("a"),
        "s > x\nx > a\na > e",
    )
    assert Case(program(bpmn), n=1).execution.data == {"n": 1, "y": 2, "z": [2]}
    with pytest.raises(StepFailed) as caught:
        Case(program(bpmn), n="文字")
    assert caught.value.element_id == "x"


def loop_of_scripts() -> bytes:
    return process(
        START + END + '<scriptTask id="x"><script>n = n + 1</script></scriptTask><exclusiveGateway id="g" '
        'default="f2_g_e"/>',
        "s > x\nx > g\ng > e\ng > x [n != last]",
    )


def test_a_thousand_automatic_rounds_run_in_one_step() -> None:
    case = Case(program(loop_of_scripts()), n=0, last=2000)
    assert case.execution.data["n"] == 2000
    assert len(case.history) == 4002


def test_an_endless_automatic_loop_is_stopped() -> None:
    with pytest.raises(StepFailed, match="死循环"):
        Case(program(loop_of_scripts()), n=0, last=-1)


def test_state_and_step_stay_the_same_size_over_a_thousand_rounds() -> None:
    bpmn = process(
        START + END + user("a") + user("b") + '<exclusiveGateway id="g" default="f3_g_e"/>',
        "s > a\na > b\nb > g\ng > e\ng > a [again]",
    )
    compiled = program(bpmn)
    case = Case(compiled)
    sizes = []
    for _ in range(1000):
        case.do("a")
        case.do("b", again=True)
        sizes.append(len(case.shards[""]))
    assert max(sizes[900:]) - max(sizes[:100]) <= 8  # the random token ids compress a little differently
    assert case.open() == ["a"]


def test_a_process_with_several_starts_begins_only_at_the_chosen_one() -> None:
    bpmn = process(
        '<startEvent id="web"/><startEvent id="msg"><messageEventDefinition messageRef="m_more"/>'
        "</startEvent>"
        '<startEvent id="weekly"><timerEventDefinition><timeCycle>R/P7D</timeCycle>'
        "</timerEventDefinition></startEvent>" + END + user("a") + user("b"),
        "web > a\nmsg > b\nweekly > b\na > e\nb > e",
    )
    compiled = program(bpmn)
    assert [(start.id, start.kind, start.message) for start in compiled.processes["p"].starts] == [
        ("web", "none", None),
        ("msg", "message", "msg_more"),
        ("weekly", "timer", None),
    ]
    env = StepEnv(NOW, due_in_ten_days)
    for start_event, opened in ((None, "a"), ("web", "a"), ("msg", "b"), ("weekly", "b")):
        execution = Execution.start(compiled, "p", {}, env, start_event)
        execution.run()
        assert [task.element_id for task in execution.open_tasks()] == [opened]
        assert execution.timers() == []
        assert execution.subscriptions() == []


def test_a_chain_of_elements_may_be_as_long_as_a_process_may_be() -> None:
    names = [f"t{n}" for n in range(MAX_ELEMENTS - 2)]
    chain = ["s", *names, "e"]
    bpmn = process(
        START + END + "".join(f'<task id="{name}"/>' for name in names),
        "\n".join(f"{a} > {b}" for a, b in pairwise(chain)),
    )
    assert len(Case(program(bpmn)).history) == MAX_ELEMENTS


def test_a_ring_of_gateways_is_read() -> None:
    bpmn = process(
        START
        + END
        + '<exclusiveGateway id="a" default="f1_a_b"/><exclusiveGateway id="b" default="f3_b_e"/>',
        "s > a\na > b\nb > a [x]\nb > e",
    )
    assert Case(program(bpmn), x=False).history == ["s", "a", "b", "e"]


def test_a_bundle_without_an_executable_process_is_refused() -> None:
    with pytest.raises(DiagramError, match="没有可执行的流程"):
        program(b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>')
