"""DMN 1.1 to 1.3 as the standard means it: types, defaults, orders, requirements, and FEEL in cells."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from engine.bpmn.dmn.decide import decide
from engine.bpmn.dmn.model import Decision
from engine.bpmn.dmn.read import read_decisions
from engine.bpmn.dmn.unary import parse_test
from engine.bpmn.expression import evaluate
from engine.bpmn.functions import SHANGHAI
from engine.errors import ExpressionError, Problem
from tests.unit.bpmn.test_decisions import NAMESPACES, RULES, read, table


def holds(cell: str, value: Any, **data: Any) -> bool | None:
    return parse_test(cell).holds(value, lambda source, extra: evaluate(source, {**data, **extra}))


def decision_of(inside: str, problems: list[Problem] | None = None, root: str = "") -> list[Decision]:
    told: list[Problem] = [] if problems is None else problems
    content = f'<definitions xmlns="{NAMESPACES[2]}" id="d" {root}>{inside}</definitions>'
    found = read_decisions("t.dmn", content.encode(), told)
    if problems is None:
        assert told == []
    return found


def small(id: str, output: str, cell: str, *, needs: str = "", variable: str = "", text: str = "-") -> str:
    """A table with one rule."""
    requirement = "".join(
        f'<informationRequirement><requiredDecision href="#{name}"/></informationRequirement>'
        for name in needs.split()
    )
    named = f'<variable name="{variable}"/>' if variable else ""
    return (
        f'<decision id="{id}" name="{id}">{named}{requirement}'
        f"<decisionTable><input><inputExpression><text>x</text></inputExpression></input>"
        f'<output name="{output}"/><rule><inputEntry><text>{text}</text></inputEntry>'
        f"<outputEntry><text>{cell}</text></outputEntry></rule></decisionTable></decision>"
    )


# ---------------------------------------------------------------- unary tests


@pytest.mark.parametrize(
    ("cell", "value", "truth"),
    [
        ("< 5", None, None),
        ("not(< 5)", None, None),  # the negation of null is null: such a rule does not match
        ("[1..5]", None, None),
        ("not([1..5])", None, None),
        ('not("a")', None, True),  # equality with null is known
        ("null", None, True),
        ("not(null)", 5, True),
        ("null, > 5", None, True),
        ("list", "乙", True),  # a list stands for each of its elements
        ('["甲","乙"]', "乙", True),
        ('["甲","乙"]', "丙", False),
        ("list", ["甲", "乙"], True),
        ('["a".."c"]', "b", True),
        ('("a".."c")', "c", False),
        ('["a..b".."c"]', "b", True),
        ('< "b"', "a", True),
        ("? = 3 or ? = 5", 5, True),
        ("? = 3", 4, False),
        ("if ? > 3 then true else false", 4, True),
        ('@"2026-03-02"', date(2026, 3, 2), True),
        ('>= @"2026-03-02T08:00"', datetime(2026, 3, 2, 9, tzinfo=SHANGHAI), True),
        ("date(2026, 3, 2)", date(2026, 3, 2), True),
        ('[time("08:00:00")..time("17:00:00")]', time(12), True),
        ('> duration("P3D")', timedelta(days=4), True),
        ('< @"PT90M"', timedelta(hours=1), True),
        ('-duration("P1D")', timedelta(days=-1), True),
        ('"a\\"b"', 'a"b', True),
        ('"甲\\",乙"', '甲",乙', True),
        ("[1..5[", 5, False),
        ("-", None, True),
    ],
)
def test_a_cell_is_true_false_or_null(cell: str, value: Any, truth: bool | None) -> None:
    assert holds(cell, value, list=["甲", "乙"]) is truth


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("items[0]", "从 1 数起"),
        ("1 < ? < 5", "不能连写"),
        ('"a" * 3', "不能相乘"),
        ('not("a"), "b"', "单独成格"),
        ("days > 5", r"应有 \?"),
        ("a and b", r"应有 \?"),
        ('duration("P1Y")', "不含年、月"),
        ('date("2026-02-30")', "计算失败"),
        ('@"bald"', "日期、时间或时长"),
        ("some x in y satisfies x > 1", "写法有误"),
        ("x instance of number", "写法有误"),
    ],
)
def test_what_feel_would_take_otherwise_is_refused(cell: str, why: str) -> None:
    with pytest.raises(ExpressionError, match=why):
        parse_test(cell)


def test_a_text_is_not_silently_different_from_a_date() -> None:
    with pytest.raises(ExpressionError, match="typeRef"):
        holds('date("2026-03-02")', "2026-03-02")


@pytest.mark.parametrize(
    ("type_ref", "given", "cell"),
    [
        ("number", "5", "5"),
        ("integer", "5", "[5..5]"),
        ("feel:number", "0.50", "0.5"),
        ("boolean", "true", "true"),
        ("date", "2026-03-02T10:00", 'date("2026-03-02")'),
        ("date and time", "2026-03-02T10:00:00+08:00", '"x", date and time("2026-03-02T02:00:00+00:00")'),
        ("time", "08:30:00", '< time("09:00:00")'),
        ("days and time duration", "P2D", '> duration("P1D")'),
        ("string", "5", '"5"'),
        ("number", "", "null"),
        ("", "5", '"5"'),
    ],
)
def test_the_text_of_a_form_is_read_as_the_column_s_type(type_ref: str, given: str, cell: str) -> None:
    if cell.startswith('"x"'):
        cell = cell.removeprefix('"x", ')
    decision = read(table([[cell, "1"]], inputs=("x",), types=type_ref))
    assert decide(decision, {"x": given}) == {"route": 1}


@pytest.mark.parametrize(("type_ref", "given"), [("number", "五"), ("boolean", "ja"), ("time", "25:00")])
def test_a_text_that_spells_nothing_of_the_type_is_told(type_ref: str, given: str) -> None:
    with pytest.raises(ExpressionError, match=r"输入列“x”应为.*" + given):
        decide(read(table([["-", "1"]], inputs=("x",), types=type_ref)), {"x": given})


# ---------------------------------------------------------------- answers


DEFAULTS = '<defaultOutputEntry><text>"转送"</text></defaultOutputEntry>'


@pytest.mark.parametrize(
    ("policy", "answer"),
    [
        ('hitPolicy="UNIQUE"', {"route": "转送"}),
        ('hitPolicy="FIRST"', {"route": "转送"}),
        ('hitPolicy="ANY"', {"route": "转送"}),
        ('hitPolicy="RULE ORDER"', [{"route": "转送"}]),
        ('hitPolicy="COLLECT"', [{"route": "转送"}]),
    ],
)
def test_without_a_match_the_table_s_default_answers(policy: str, answer: Any) -> None:
    decision = read(table(RULES[:1], policy=policy, values=DEFAULTS))
    assert decide(decision, {"kind": "咨询", "days": 1}) == answer
    hit = decide(decision, {"kind": "投诉", "days": 1})
    assert hit in ({"route": "受理"}, [{"route": "受理"}])


def test_several_outputs_are_one_row_and_their_order_breaks_ties() -> None:
    values = '<outputValues><text>"甲,乙","丙"</text></outputValues>'
    rules = [["-", "-", '"丙"', '"丙"'], ["-", "-", '"甲,乙"', '"丙"'], ["-", "-", '"甲,乙"', '"甲,乙"']]
    decision = read(table(rules, policy='hitPolicy="PRIORITY"', outputs=("one", "two"), values=values))
    assert decide(decision, {"kind": "x", "days": 1}) == {"one": "甲,乙", "two": "甲,乙"}


def test_sums_are_decimal_and_only_of_numbers() -> None:
    policy = 'hitPolicy="COLLECT" aggregation="SUM"'
    assert decide(read(table([["-", "0.1"], ["-", "0.2"]], policy=policy, inputs=("x",))), {}) == 0.3
    with pytest.raises(ExpressionError, match="不能汇总"):
        decide(read(table([["-", "true"], ["-", "1"]], policy=policy, inputs=("x",))), {})


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY"])
def test_no_match_is_an_error_for_every_single_hit_policy(policy: str) -> None:
    values = '<outputValues><text>"受理"</text></outputValues>'
    decision = read(table(RULES[:1], policy=f'hitPolicy="{policy}"', values=values))
    with pytest.raises(ExpressionError, match="没有一条规则符合"):
        decide(decision, {"kind": "咨询", "days": 1})


# ---------------------------------------------------------------- requirements


def test_required_decisions_are_evaluated_first_in_whatever_order_they_stand() -> None:
    last, middle, first = decision_of(
        small("last", "out", "mid + 1", needs="middle")
        + small("middle", "mid", "base * 10", needs="first", variable="m")
        + small("first", "base", "x + 1")
    )
    assert decide(last, {"x": 1}) == {"out": 21}
    assert [d.id for d in (last, middle, first)] == ["last", "middle", "first"]


def test_a_required_answer_goes_by_the_variable_s_name() -> None:
    last, _ = decision_of(
        small("last", "out", "level", needs="first") + small("first", "v", "7", variable="level")
    )
    assert decide(last, {"x": 1}) == {"out": 7}


def test_a_decision_required_twice_is_evaluated_once() -> None:
    # given: 25 layers, each required twice by the next, which would be 2^25 evaluations
    inside = small("d0", "v0", "x")
    for n in range(1, 25):
        inside += small(f"d{n}", f"v{n}", f"v{n - 1} + 1", needs=f"d{n - 1} d{n - 1}")
    assert decide(decision_of(inside)[-1], {"x": 0}) == {"v24": 24}


def test_an_expression_may_be_a_decision() -> None:
    (decision,) = decision_of(
        '<decision id="fee"><variable name="fee"/><literalExpression>'
        "<text>if days > 3 then 10 * days else 0</text></literalExpression></decision>"
    )
    assert decide(decision, {"days": 4}) == {"fee": 40}


@pytest.mark.parametrize(
    ("inside", "root", "why"),
    [
        (small("a", "o", "1", needs="gone"), "", "依赖的决策“gone”"),
        (small("a", "o", "1", needs="a"), "", "成环"),
        (small("a", "o", "1", needs="b") + small("b", "p", "1", needs="a"), "", "成环"),
        ('<decision id="a"><context/></decision>', "", "context"),
        ('<decision id="a"><invocation/></decision>', "", "invocation"),
        (
            small("a", "o", "1").replace("<decisionTable>", "<knowledgeRequirement/><decisionTable>"),
            "",
            "知识",
        ),
        (
            small("a", "o", "1").replace("<outputEntry>", '<outputEntry expressionLanguage="javascript">'),
            "",
            "javascript",
        ),
        (
            '<decision id="a"><literalExpression expressionLanguage="groovy"><text>1</text>'
            "</literalExpression></decision>",
            "",
            "groovy",
        ),
        (small("a", "o", "1").replace('<output name="o"/>', '<output name="o"/>' * 2), "", "重复"),
    ],
)
def test_a_decision_that_cannot_be_evaluated_as_drawn_is_refused(inside: str, root: str, why: str) -> None:
    problems: list[Problem] = []
    decision_of(inside, problems, root)
    assert any(why in problem.message for problem in problems), problems


def test_elements_of_other_vendors_are_no_rules() -> None:
    inside = small("a", "o", "1").replace("<rule>", '<rule xmlns="http://vendor.example"/><rule>')
    (decision,) = decision_of(inside)
    assert len(decision.rules) == 1
