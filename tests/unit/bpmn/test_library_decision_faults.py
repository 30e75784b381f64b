"""What the plain library, SpiffWorkflow 3.2.0, does wrong with decision tables, and what ours does.

Sections are those of DMN 1.3. See `test_library_faults`.
"""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.camunda.parser import CamundaParser
from SpiffWorkflow.exceptions import WorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.compile import compile_bundle
from engine.errors import StepFailed
from tests.unit.bpmn.drawn import END, START, Case, process
from tests.unit.bpmn.test_decisions import DMN_13, table

ASKS = process(
    START + END + '<businessRuleTask id="brt" name="分流" camunda:decisionRef="triage" ATTRIBUTES/>',
    "s > brt; brt > e",
)
TWO_HIT = [["> 1", '"甲"'], ["> 2", '"乙"']]
LISTED = '<outputValues><text>"乙","甲"</text></outputValues>'


def drawn(rules: list[list[str]], policy: str = "FIRST", values: str = "") -> bytes:
    """A table that asks for `n` and answers `route`."""
    policies = f'hitPolicy="{policy}"'.replace("SUM", 'COLLECT" aggregation="SUM')
    return table(rules, policy=policies, inputs=("n",), values=values, types="number", namespace=DMN_13)


def plain(decisions: bytes, **data: Any) -> dict[str, Any]:
    """What the library writes."""
    parser = CamundaParser()
    parser.add_bpmn_xml(etree.fromstring(ASKS.replace(b"ATTRIBUTES", b"")), filename="p.bpmn")
    tables = etree.fromstring(decisions)
    for number, element in enumerate(tables.iter()):  # the library does not go without
        element.set("id", element.get("id", f"d{number}"))
    parser.add_dmn_xml(tables, filename="t.dmn")
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    workflow.get_next_task(state=TaskState.READY).set_data(**data)
    workflow.do_engine_steps()
    assert workflow.completed
    return {key: value for key, value in workflow.data.items() if key not in ("data_objects", *data)}


def ours(decisions: bytes, kind: str = "singleEntry", **data: Any) -> Any:
    """What our task writes."""
    result = f'camunda:resultVariable="answer" camunda:mapDecisionResult="{kind}"'
    case = Case(
        compile_bundle({"p.bpmn": ASKS.replace(b"ATTRIBUTES", result.encode()), "t.dmn": decisions}), **data
    )
    assert case.execution is not None
    return case.execution.data["answer"]


def test_unique_and_any_take_the_first_of_rules_that_contradict_each_other() -> None:
    """Only one rule may match, or all with one answer (8.2.10)."""
    for policy, told in (("UNIQUE", "只应有一条规则符合"), ("ANY", "给出不同的结果")):
        assert plain(drawn(TWO_HIT, policy), n=5) == {"route": "甲"}
        with pytest.raises(StepFailed, match=told):
            ours(drawn(TWO_HIT, policy), n=5)


def test_priority_takes_the_first_rule() -> None:
    """The answer that is listed first (8.2.10)."""
    decisions = drawn(TWO_HIT, "PRIORITY", LISTED)
    assert plain(decisions, n=5) == {"route": "甲"}
    assert ours(decisions, n=5) == "乙"


@pytest.mark.parametrize(
    ("policy", "all_hits"), [("RULE ORDER", ["甲", "乙"]), ("OUTPUT ORDER", ["乙", "甲"])]
)
def test_policies_of_several_hits_give_one(policy: str, all_hits: list[str]) -> None:
    """All that match, in that order (8.2.10)."""
    decisions = drawn(TWO_HIT, policy, LISTED)
    assert plain(decisions, n=5) == {"route": "甲"}
    assert ours(decisions, "collectEntries", n=5) == all_hits


def test_what_is_collected_is_not_summed_up() -> None:
    """`aggregation` is part of the policy (8.2.10)."""
    decisions = drawn([["> 1", "1"], ["> 2", "2"]], "SUM")
    assert plain(decisions, n=5) == {"route": [1, 2]}
    assert ours(decisions, n=5) == 3


def test_no_match_gives_no_variable() -> None:
    """The standard says null; ours asks for a last rule or a default, and until then is an incident."""
    decisions = drawn([["> 9", "1"]], "UNIQUE")
    assert plain(decisions, n=5) == {}
    with pytest.raises(StepFailed, match="没有一条规则符合"):
        ours(decisions, n=5)


@pytest.mark.parametrize(("cell", "value"), [("1,3", 3), ("not(3)", 4)])
def test_cells_are_no_unary_tests(cell: str, value: int) -> None:
    """A list of tests, and their negation (FEEL's grammar, 10.3.1.2); to the library they are Python."""
    decisions = drawn([[cell, "1"], ["-", "2"]])
    assert plain(decisions, n=value) == {"route": 2}
    assert ours(decisions, n=value) == 1


def test_a_range_is_a_syntax_error_and_null_an_exception() -> None:
    """`[1..5]` is a range (10.3.1.2); a comparison with null is neither true nor false (table 50)."""
    decisions = drawn([["[1..5]", "1"], ["-", "2"]])
    with pytest.raises(WorkflowException, match="invalid syntax"):
        plain(decisions, n=3)
    assert ours(decisions, n=3) == 1
    decisions = drawn([["> 1", "1"], ["-", "2"]])
    with pytest.raises(WorkflowException, match="Error evaluating"):
        plain(decisions, n=None)
    assert ours(decisions, n=None) == 2
