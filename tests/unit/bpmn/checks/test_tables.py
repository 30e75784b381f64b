"""Decision tables: cases without a rule, rules that overlap, rules that are never used."""

from __future__ import annotations

import time

import pytest

from engine.bpmn.checks.tables import MAX_RULES, tables
from tests.unit.bpmn.test_decisions import RULES, read, table

Told = list[tuple[str, str]]


def told(rules: list[list[str]], policy: str = "UNIQUE", **options: object) -> Told:
    """(severity, the sentence up to its cure)."""
    if "inputs" not in options:
        options["inputs"] = tuple(f"c{n}" for n in range(1, len(rules[0])))
    decision = read(table(rules, policy=f'hitPolicy="{policy}"', **options))  # type: ignore[arg-type]
    return [(problem.severity, problem.message.split("：")[0]) for problem in tables(decision)]


OPEN = "有的情形没有规则，例如"


@pytest.mark.parametrize(
    ("why", "types", "rules", "found"),
    [
        ("both truths", "boolean", [["true", "1"], ["false", "2"]], []),
        ("one truth only", "boolean", [["true", "1"]], [("error", OPEN + "“c1”为false")]),
        ("all numbers", "number", [["< 5", "1"], ["[5..9]", "2"], ["> 9", "3"]], []),
        ("a bound left out", "number", [["< 5", "1"], ["> 5", "2"]], [("error", OPEN + "“c1”为5")]),
        (
            "a hole between numbers",
            "number",
            [["< 5", "1"], ["> 9", "2"], ["5", "3"], ["9", "4"]],
            [("error", OPEN + "“c1”为5 与 9 之间")],
        ),
        (
            "between neighbours lies something only for fractions",
            "number",
            [["<= 5", "1"], [">= 6", "2"]],
            [("warning", OPEN + "“c1”为5 与 6 之间")],
        ),
        ("whole numbers", "integer", [["<= 5", "1"], [">= 6", "2"]], []),
        (
            "words nobody listed may never come",
            "string",
            [['"甲"', "1"], ['"乙"', "2"]],
            [("warning", OPEN + "“c1”为其他值")],
        ),
        ("all other words", "string", [['"甲"', "1"], ['not("甲")', "2"]], []),
        ("null counts where it is named", "string", [["null", "1"], ["not(null)", "2"]], []),
        (
            "and is missed where one rule names it",
            "string",
            [['not(null, "甲")', "1"], ['"甲"', "2"]],
            [("error", OPEN + "“c1”为空")],
        ),
        (
            "dates",
            "date",
            [['< date("2026-03-01")', "1"], ['> date("2026-03-01")', "2"]],
            [("error", OPEN + "“c1”为2026-03-01")],
        ),
        ("days follow one another", "date", [['<= @"2026-03-01"', "1"], ['>= @"2026-03-02"', "2"]], []),
        ("durations", "dayTimeDuration", [['< @"P1D"', "1"], ['>= @"P1D"', "2"]], []),
        ("times", "time", [['< @"12:00:00"', "1"], ['>= @"12:00:00"', "2"]], []),
        (
            "two columns together",
            "boolean",
            [["true", "-", "1"], ["false", "true", "2"]],
            [("error", OPEN + "“c1”为false、“c2”为false")],
        ),
        (
            "a cell that reads a variable proves nothing",
            "number",
            [["< limit", "1"], [">= 5", "2"]],
            [("warning", OPEN + "“c1”为小于 5")],
        ),
    ],
)
def test_a_case_without_a_rule_is_found_with_an_example(
    why: str, types: str, rules: list[list[str]], found: Told
) -> None:
    assert told(rules, types=types) == found, why


def test_the_listed_values_of_a_column_are_all_that_can_come() -> None:
    content = table([['"甲"', "1"], ['"乙"', "2"]], inputs=("x",), policy='hitPolicy="UNIQUE"')
    listed = b'</inputExpression><inputValues><text>"\xe7\x94\xb2","\xe4\xb9\x99"%s</text></inputValues>'
    assert list(tables(read(content.replace(b"</inputExpression>", listed % b"")))) == []
    (gap,) = tables(read(content.replace(b"</inputExpression>", listed % ',"丙"'.encode())))
    assert (gap.severity, "“x”为“丙”" in gap.message) == ("error", True)


@pytest.mark.parametrize("policy", ["FIRST", "PRIORITY"])
def test_a_table_read_in_order_wants_a_last_rule(policy: str) -> None:
    values = '<outputValues><text>"受理","登记","转送"</text></outputValues>'
    assert told(RULES, policy, values=values) == []
    assert told(RULES[:2], policy, values=values) == [("error", OPEN + "“c1”为其他值")]


def test_a_default_answer_and_a_list_of_answers_leave_nothing_open() -> None:
    default = '<defaultOutputEntry><text>"转送"</text></defaultOutputEntry>'
    assert told([['"甲"', "1"]], "FIRST", values=default) == []
    for policy in ("COLLECT", "RULE ORDER"):
        assert told([['"甲"', "1"]], policy) == []


@pytest.mark.parametrize(
    ("policy", "rules", "found"),
    [
        (
            "UNIQUE",
            [["<= 5", "1"], [">= 5", "2"]],
            [("error", "第 1、2 条规则会同时符合，而命中策略是 UNIQUE")],
        ),
        ("UNIQUE", [["< 5", "1"], [">= 5", "2"]], []),
        ("UNIQUE", [["< 5", "1"], [">= limit", "2"], [">= 5", "3"]], []),  # nobody can know
        ("ANY", [["<= 5", "1"], [">= 5", "1.0"]], []),
        (
            "ANY",
            [["<= 5", "1"], [">= 5", "2"]],
            [("error", "第 1、2 条规则会同时符合，但给出不同的结果，而命中策略是 ANY")],
        ),
        ("ANY", [["<= 5", "1"], [">= 5", "days"]], []),  # nobody can know
        ("COLLECT", [["<= 5", "1"], [">= 5", "2"]], []),
    ],
)
def test_rules_that_overlap_are_told_where_they_must_not(
    policy: str, rules: list[list[str]], found: Told
) -> None:
    assert told(rules, policy, types="number") == found


def test_overlap_needs_every_column() -> None:
    rules = [["true", "true", "1"], ["true", "false", "2"], ["false", "-", "3"]]
    assert told(rules, types="boolean") == []


def test_rules_after_one_that_always_matches_are_told_once() -> None:
    rules = [["-", "1"], ['"甲"', "2"], ['"乙"', "3"]]
    assert told(rules, "FIRST") == [("error", "第 1 条规则总是符合，它之后的规则永远不会用到")]


def test_a_rule_behind_a_wider_one_is_told() -> None:
    rules = [["< 9", "1"], ["[2..5]", "2"], ["-", "3"]]
    assert told(rules, "FIRST") == [("warning", "第 2 条规则永远不会用到")]
    assert told([rules[1], rules[0], rules[2]], "FIRST") == []


def test_a_rule_that_nothing_can_meet_is_told() -> None:
    assert told([["[5..1]", "1"], ["-", "2"]], "FIRST") == [("error", "第 1 条规则永远不会符合")]


def test_an_answer_that_is_not_listed_is_told() -> None:
    values = '<outputValues><text>"受理"</text></outputValues>'
    rules = [["-", '"受里"']]
    assert told(rules, "PRIORITY", values=values) == [("error", "第 1 条规则的“route”不在列出的值中")]
    assert told(rules, "UNIQUE", values=values) == [("warning", "第 1 条规则的“route”不在列出的值中")]
    assert told([["-", '"受理"']], "PRIORITY", values=values) == []


def test_a_table_of_many_columns_is_judged_without_trying_all() -> None:
    """3^16 combinations, and 2^16 sets of rules."""
    rules = [["-"] * n + ['"甲"'] + ["-"] * (15 - n) + [str(n)] for n in range(16)]
    rules += [["-"] * n + ['"乙"'] + ["-"] * (15 - n) + [str(n)] for n in range(16)]
    begun = time.perf_counter()
    found = told(rules, "FIRST")
    assert time.perf_counter() - begun < 2
    assert [severity for severity, _ in found] == ["error"]


def test_a_table_of_very_many_rules_is_not_judged_and_says_so() -> None:
    many = [[str(n), "1"] for n in range(MAX_RULES + 1)]
    assert told(many) == [("warning", "规则或列过多，没有查是否有遗漏和重叠")]
