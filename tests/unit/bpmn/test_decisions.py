"""Decision tables: every kind of cell, every hit policy, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.compile import compile_bundle
from engine.bpmn.dmn.decide import decide
from engine.bpmn.dmn.model import Decision
from engine.bpmn.dmn.read import read_decisions
from engine.errors import DiagramError, ExpressionError, Problem, StepFailed
from tests.unit.bpmn.drawn import END, START, Case, process, user

DMN_13 = "https://www.omg.org/spec/DMN/20191111/MODEL/"
NAMESPACES = (
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/",
    DMN_13,
)


def table(
    rules: list[list[str]],
    *,
    policy: str = 'hitPolicy="FIRST"',
    inputs: tuple[str, ...] = ("kind", "days"),
    outputs: tuple[str, ...] = ("route",),
    values: str = "",
    types: str = "string",
    namespace: str = NAMESPACES[2].replace("https", "http"),
) -> bytes:
    columns = "".join(
        f'<input label="{name}"><inputExpression typeRef="{types}"><text>{name}</text></inputExpression>'
        f"</input>"
        for name in inputs
    )
    columns += "".join(f'<output name="{name}" label="{name}">{values}</output>' for name in outputs)
    rows = ""
    for rule in rules:
        cells = [
            f"<{'inputEntry' if n < len(inputs) else 'outputEntry'}><text><![CDATA[{cell}]]></text>"
            f"</{'inputEntry' if n < len(inputs) else 'outputEntry'}>"
            for n, cell in enumerate(rule)
        ]
        rows += f"<rule>{''.join(cells)}</rule>"
    return (
        f'<definitions xmlns="{namespace}" id="d"><decision id="triage" name="分流">'
        f"<decisionTable {policy}>{columns}{rows}</decisionTable></decision></definitions>"
    ).encode()


def read(content: bytes) -> Decision:
    problems: list[Problem] = []
    (decision,) = read_decisions("t.dmn", content, problems)
    assert problems == []
    return decision


RULES = [['"投诉"', "< 5", '"受理"'], ['"投诉"', "-", '"登记"'], ["-", "-", '"转送"']]


@pytest.mark.parametrize("namespace", ["http://www.omg.org/spec/DMN/20151101/dmn.xsd", NAMESPACES[1]])
def test_older_dmn_is_read(namespace: str) -> None:
    assert decide(read(table(RULES, namespace=namespace)), {"kind": "投诉", "days": 3}) == {"route": "受理"}


@pytest.mark.parametrize(
    ("data", "route"),
    [
        ({"kind": "投诉", "days": 3}, "受理"),
        ({"kind": "投诉", "days": 9}, "登记"),
        ({"kind": "咨询", "days": 1}, "转送"),
        ({}, "转送"),  # a variable without value is null
    ],
)
def test_first_takes_the_first_rule(data: dict[str, Any], route: str) -> None:
    assert decide(read(table(RULES)), data) == {"route": route}


def test_unique_refuses_two_and_no_rule() -> None:
    decision = read(table(RULES, policy='hitPolicy="UNIQUE"'))
    with pytest.raises(ExpressionError, match="第 1、2、3 条同时符合"):
        decide(decision, {"kind": "投诉", "days": 3})
    with pytest.raises(ExpressionError, match="兜底"):
        decide(read(table(RULES[:1], policy="")), {"kind": "咨询", "days": 1})


def test_any_wants_equal_answers() -> None:
    agree = [["-", "< 5", '"甲"'], ["-", "< 9", '"甲"'], ["-", "< 2", '"乙"']]
    decision = read(table(agree, policy='hitPolicy="ANY"'))
    assert decide(decision, {"days": 3}) == {"route": "甲"}
    with pytest.raises(ExpressionError, match="不同的结果"):
        decide(decision, {"days": 1})


def test_collect_and_rule_order_give_all_rules() -> None:
    for policy in ("COLLECT", "RULE ORDER"):
        decision = read(table(RULES, policy=f'hitPolicy="{policy}"'))
        assert decide(decision, {"kind": "投诉", "days": 3}) == [
            {"route": "受理"},
            {"route": "登记"},
            {"route": "转送"},
        ]
    assert decide(read(table(RULES[:1], policy='hitPolicy="COLLECT"')), {"kind": "x", "days": 1}) == []


def test_priority_and_output_order_follow_the_listed_values() -> None:
    values = '<outputValues><text>"转送","登记","受理"</text></outputValues>'
    data = {"kind": "投诉", "days": 3}
    assert decide(read(table(RULES, policy='hitPolicy="PRIORITY"', values=values)), data) == {"route": "转送"}
    ordered = decide(read(table(RULES, policy='hitPolicy="OUTPUT ORDER"', values=values)), data)
    assert [row["route"] for row in ordered] == ["转送", "登记", "受理"]


@pytest.mark.parametrize(
    ("aggregation", "answer", "none"), [("SUM", 6, None), ("MIN", 1, None), ("MAX", 3, None), ("COUNT", 3, 0)]
)
def test_collected_numbers_are_summed_up(aggregation: str, answer: int, none: int | None) -> None:
    rules = [["-", f"< {limit}", str(score)] for limit, score in ((5, 1), (6, 2), (7, 3))]
    decision = read(
        table(rules, policy=f'hitPolicy="COLLECT" aggregation="{aggregation}"', outputs=("score",))
    )
    assert decide(decision, {"days": 1}) == answer
    assert decide(decision, {"days": 9}) == none


def test_answers_may_be_computed_and_dates_are_dates() -> None:
    rules = [['>= date("2026-01-01")', "days + 1"], ["-", ""]]
    decision = read(table(rules, inputs=("on",), outputs=("limit",), types="date"))
    assert decide(decision, {"on": "2026-09-01", "days": 3}) == {"limit": 4}
    assert decide(decision, {"on": "2025-09-01T08:00", "days": 3}) == {"limit": None}
    with pytest.raises(ExpressionError, match="应为日期"):
        decide(decision, {"on": "昨天"})


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (table([['"投诉"', "1 2", '"受理"'], ["-", "for x", '"转送"']]), "第 2 条规则“days”"),
        (table([["投诉", "-", '"受理"']]), "第 1 条规则“kind”.*双引号"),
        (table([["-", "-", "受理"]]), "第 1 条规则“route”.*双引号"),
        (table([["-", '"受理"']]), "应有 2 个输入格"),
        (table(RULES, policy='hitPolicy="BEST"'), "命中策略“BEST”"),
        (table(RULES, policy='hitPolicy="PRIORITY"'), "outputValues"),
        (table(RULES, policy='hitPolicy="FIRST" aggregation="SUM"'), "COLLECT"),
        (table(RULES, outputs=("去向 一",)), "变量名"),
        (table(RULES, inputs=("a b", "days")), "输入列“a b”"),
        (table(RULES).replace(b"decisionTable", b"invocation"), "invocation"),
        (table(RULES).replace(b'id="triage"', b""), "没有 id"),
        (b"<definitions/>", "不是 DMN"),
    ],
)
def test_a_table_that_would_be_misread_is_refused_with_its_place(content: bytes, message: str) -> None:
    with pytest.raises(DiagramError, match=message) as caught:
        compile_bundle({"t.dmn": content})
    assert {problem.file for problem in caught.value.problems} == {"t.dmn"}


def decided(attributes: str, content: bytes, **data: Any) -> dict[str, Any]:
    task = f'<businessRuleTask id="brt" camunda:decisionRef="triage" {attributes}/>'
    bpmn = process(START + END + task + user("a"), "s > brt\nbrt > a\na > e")
    execution = Case(compile_bundle({"p.bpmn": bpmn, "t.dmn": content}), **data).execution
    assert execution is not None
    return {key: value for key, value in execution.data.items() if key not in data}


COLLECT = table(RULES, policy='hitPolicy="COLLECT"')


@pytest.mark.parametrize(
    ("attributes", "content", "found"),
    [
        ('camunda:mapDecisionResult="singleResult"', table(RULES), {"route": "受理"}),
        ("", table(RULES), {"route": "受理"}),
        (
            'camunda:resultVariable="r" camunda:mapDecisionResult="singleResult"',
            table(RULES),
            {"r": {"route": "受理"}},
        ),
        ('camunda:resultVariable="r" camunda:mapDecisionResult="singleEntry"', table(RULES), {"r": "受理"}),
        (
            'camunda:resultVariable="r" camunda:mapDecisionResult="collectEntries"',
            COLLECT,
            {"r": ["受理", "登记", "转送"]},
        ),
        (
            'camunda:resultVariable="r"',
            COLLECT,
            {"r": [{"route": "受理"}, {"route": "登记"}, {"route": "转送"}]},
        ),
    ],
)
def test_a_business_rule_task_puts_the_answer_where_it_says(
    attributes: str, content: bytes, found: dict[str, Any]
) -> None:
    assert decided(attributes, content, kind="投诉", days=3) == found


def test_a_table_without_an_answer_fails_at_its_task() -> None:
    with pytest.raises(StepFailed, match="没有一条规则符合") as caught:
        decided("", table(RULES[:1]), kind="咨询", days=3)
    assert caught.value.element_id == "brt"


@pytest.mark.parametrize(
    ("attributes", "content", "message"),
    [
        ("", COLLECT, "结果变量"),
        ('camunda:mapDecisionResult="singleEntry"', table(RULES), "结果变量"),
        ('camunda:mapDecisionResult="other"', table(RULES), "mapDecisionResult"),
        ("", table(RULES).replace(b"triage", b"other"), "不在流程包"),
    ],
)
def test_a_task_whose_answer_has_no_place_is_refused(attributes: str, content: bytes, message: str) -> None:
    with pytest.raises(DiagramError, match=message) as caught:
        decided(attributes, content)
    assert caught.value.problems[0].element_id == "brt"


def test_each_called_bundle_uses_its_own_tables() -> None:
    task = '<businessRuleTask id="brt" camunda:decisionRef="triage"/>'
    own = process(
        START + END + task + '<callActivity id="call" calledElement="q"/>' + user("a"),
        "s > brt\nbrt > call\ncall > a\na > e",
    )
    called = process(
        START + END + task + '<scriptTask id="x"><script>inner = route</script></scriptTask>',
        "s > brt\nbrt > x\nx > e",
        id="q",
    )
    program = compile_bundle(
        {"p.bpmn": own, "t.dmn": table([["-", "-", '"外"']])},
        [{"q.bpmn": called, "t.dmn": table([["-", "-", '"内"']])}],
    )
    execution = Case(program).execution
    assert execution is not None
    assert execution.data == {"route": "内", "inner": "内"}
