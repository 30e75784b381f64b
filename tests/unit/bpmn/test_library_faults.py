"""What the plain library, SpiffWorkflow 3.2.0, does wrong with flows, joins and data, and what ours does.

Those faults that the differential test keeps away from are all here; others stand in
`test_library_event_faults` and `test_library_decision_faults`. Sections are those of BPMN 2.0.2. A library
that mends one makes its test fail: then the restriction in `random_diagram` or `beside` may go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.exceptions import WorkflowException

from tests.unit.bpmn.drawn import END, START, Case, block, boundary, process, program, user
from tests.unit.bpmn.pair import Pair, gateways, inner, script
from tests.unit.bpmn.plain import Plain, library_time

MESSAGE = '<messageEventDefinition messageRef="m_more"/>'
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"


@pytest.fixture(autouse=True)
def at_one_time() -> Iterator[None]:
    with library_time():
        yield


# ---------------------------------------------------------------- joins


@pytest.mark.parametrize(("kind", "order"), [("parallel", "abb"), ("parallel", "baa"), ("inclusive", "aba")])
def test_a_join_in_a_loop_passes_early_from_the_second_round(kind: str, order: str) -> None:
    """Two reviewers, and rework: the library counts tokens of the round before (13.4.1, 13.4.3)."""
    always = "[True]" if kind == "inclusive" else ""
    pair = Pair(
        process(
            START + END + user("a") + user("b") + gateways("exclusive", "m", "x") + gateways(kind, "f", "j"),
            f"s > m; m > f; f > a {always}\nf > b {always}\na > j; b > j; j > x; x > m [again]\nx > e [True]",
        )
    )
    pair.do(*order, again=True)
    second = ({"a", "b"} - {order[-1]}).pop()
    assert pair.plain.history.count("j") == 2
    assert pair.plain.open() == sorted(["a", "b", second])
    assert pair.ours.history.count("j") == 1
    assert pair.ours.open() == [second]


def test_an_inclusive_join_passes_while_a_sub_process_before_a_choice_still_runs() -> None:
    """A token could still come (13.4.3); the library does not look at started activities."""
    pair = Pair(
        process(
            START + END + user("a") + user("c") + user("after") + inner("inside", user("b"), "s2 > b; b > e2")
            + gateways("exclusive", "x", "y") + gateways("inclusive", "f", "j"),
            "s > f; f > a [True]\nf > inside [True]\na > j; inside > x; x > c [way]\nx > y [True]\n"
            "c > y; y > j; j > after; after > e",
        ),
        way=True,
    )  # fmt: skip
    pair.do("a")
    assert pair.open() == (["b"], ["after", "b"])
    pair.do("b", "c")
    assert pair.ours.open() == ["after"]


def test_a_process_ends_while_a_token_waits_at_a_join() -> None:
    """A second token on one flow stays before the join, and what has a token is not over (13.4.1, 13.5.6)."""
    pair = Pair(
        process(
            START + END + user("a") + user("b") + user("c") + gateways("exclusive", "m")
            + gateways("parallel", "f", "j"),
            "s > f; f > a; f > b; f > c; a > m; b > m; m > j; c > j; j > e",
        )
    )  # fmt: skip
    pair.do("a", "b", "c")
    assert pair.status() == ("active", "completed")


# ---------------------------------------------------------------- flows


def test_the_layout_decides_which_true_flow_is_taken() -> None:
    """The conditions are asked in the order of the flows (13.4.2); the library goes from top to bottom."""
    shapes = "".join(
        f'<di:BPMNShape bpmnElement="{name}"><dc:Bounds x="0" y="{y}" width="9" height="9"/></di:BPMNShape>'
        for name, y in (("a", 200), ("b", 100))
    )
    drawn = process(
        START + END + user("a") + user("b") + gateways("exclusive", "x"),
        "s > x; x > a [n > 0]\nx > b [n > 1]\na > e; b > e",
    )
    layout = f'<di:BPMNDiagram xmlns:di="{DI}" xmlns:dc="{DC}">{shapes}</di:BPMNDiagram></definitions>'
    pair = Pair(drawn.replace(b"</definitions>", layout.encode()), n=5)
    assert pair.open() == (["a"], ["b"])


def test_flows_without_id_are_dropped() -> None:
    """An id is optional (8.3.1); a branch is gone without a word."""
    drawn = process(
        START + END + user("a") + user("b") + gateways("parallel", "f", "j"),
        "s > f; f > a; f > b; a > j; b > j; j > e",
    )
    pair = Pair(drawn.replace(b'id="f2_f_b" ', b""))
    assert pair.open() == (["a", "b"], ["a"])
    pair = Pair(re.sub(rb'id="f\d_\w+" ', b"", drawn))
    assert pair.open() == (["a", "b"], [])
    assert pair.plain.history == ["s"]


@pytest.mark.parametrize(
    "drawn",
    [
        process(START + END + user("u") + user("v"), "s > u; u > v [True]\nu > e"),
        process(START + END + block("b", '<startEvent id="s2"/>' + user("u"), "s2 > u"), "s > b; b > e"),
    ],
    ids=["several flows out of a task", "a sub-process without end event"],
)
def test_drawings_that_the_standard_allows_are_refused(drawn: bytes) -> None:
    """Uncontrolled flow (13.3.1), end events are optional (10.5.3)."""
    with pytest.raises(ValidationException):
        Plain([drawn])
    assert Case(program(drawn)).open() == ["u"]


def test_a_task_without_kind_waits_for_a_person() -> None:
    """An abstract task completes upon activation (13.3.3)."""
    pair = Pair(process(START + END + '<task id="t"/>', "s > t; t > e"))
    assert pair.open() == ([], ["t"])
    assert pair.status() == ("completed", "active")


# ---------------------------------------------------------------- several instances


def test_several_instances_have_no_counters() -> None:
    """The completion condition may ask for `numberOfCompletedInstances` (10.3.8)."""
    several = (
        "<multiInstanceLoopCharacteristics><loopCardinality>3</loopCardinality>"
        "<completionCondition>numberOfCompletedInstances == 2</completionCondition>"
        "</multiInstanceLoopCharacteristics>"
    )
    drawn = process(START + END + user("u", several), "s > u; u > e")
    ours, plain = Case(program(drawn)), Plain([drawn])
    with pytest.raises(WorkflowException, match="numberOfCompletedInstances"):
        plain.all_do("u", False, {})
    ours.do("u")
    assert ours.open() == ["u", "u"]
    ours.do("u")
    assert ours.open() == []


def test_a_null_among_the_elements_of_a_series_stops_it_for_ever() -> None:
    """One instance for each element (13.3.7)."""
    series = (
        '<multiInstanceLoopCharacteristics isSequential="true"><loopDataInputRef>list</loopDataInputRef>'
        '<inputDataItem id="item" name="item"/></multiInstanceLoopCharacteristics>'
    )
    pair = Pair(process(START + END + user("u", series), "s > u; u > e"), list=[1, None, 2])
    pair.do("u")
    assert pair.open() == (["u"], [])
    assert pair.plain.status == "active"
    pair.ours.do("u")
    pair.ours.do("u")
    assert pair.ours.history == ["s", "u", "u", "u", "e"]


# ---------------------------------------------------------------- data


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_a_join_writes_stale_variables_over_newer_ones(order: str) -> None:
    """Data belongs to the process, not to a token (10.4.1): with the library the branch that is last wins."""
    pair = Pair(
        process(
            START + END + script("x", "n = n + 1") + user("a") + user("b") + gateways("parallel", "f", "j"),
            "s > f; f > a; f > b; a > x; x > j; b > j; j > e",
        ),
        n=0,
    )
    pair.do(*order)
    assert pair.data() == ({"n": 1}, {"n": 0 if order == "ab" else 1})


def test_a_branch_beside_writes_stale_variables_over_newer_ones() -> None:
    """The same by a non-interrupting event (10.4.1)."""
    pair = Pair(
        process(
            START + END + '<endEvent id="e3"/>' + user("note")
            + boundary("w", "inside", MESSAGE, interrupting=False)
            + inner("inside", user("b") + script("x", "n = n + 1"), "s2 > b; b > x; x > e2"),
            "s > inside; inside > e; w > note; note > e3",
        ),
        n=0,
    )  # fmt: skip
    pair.send("msg_more")
    pair.do("b", "note")
    assert pair.data() == ({"n": 1}, {"n": 0})


def test_what_an_interrupted_activity_wrote_is_lost() -> None:
    """Its tokens go, the data of the process around it stays (10.4.1, 13.5.3)."""
    pair = Pair(
        process(
            START + END + user("after") + boundary("w", "inside", MESSAGE)
            + inner("inside", script("x", "kept = 1") + user("b"), "s2 > x; x > b; b > e2"),
            "s > inside; inside > e; w > after; after > e",
        )
    )  # fmt: skip
    pair.send("msg_more")
    pair.do("after")
    assert pair.data() == ({"kept": 1}, {})


def test_a_variable_called_typename_makes_the_state_unloadable() -> None:
    """A form may call its fields as it likes."""
    drawn = process(START + END + user("u"), "s > u; u > e")
    pair = Pair(drawn, typename="投诉")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())
    stored = serializer.serialize_json(pair.plain.workflow)
    with pytest.raises(TypeError):
        serializer.deserialize_json(stored)
    assert pair.ours.loaded().data == {"typename": "投诉"}


# ---------------------------------------------------------------- age


def test_a_loop_stops_without_a_word_at_a_thousand_levels() -> None:
    """Each round is a level of its tree: nothing is open, and nothing says so."""
    drawn = process(
        START + END + script("x", "n = n + 1") + gateways("exclusive", "m", "g"),
        "s > m; m > x; x > g; g > m [n < 400]\ng > e [True]",
    )
    pair = Pair(drawn, n=0)
    assert pair.status() == ("completed", "active")
    assert pair.plain.open() == []
    assert pair.plain.history.count("x") == 333
    assert pair.ours.history.count("x") == 400
