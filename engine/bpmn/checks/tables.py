"""Decision tables that leave cases open, whose rules overlap, or whose rules are never used."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import combinations, islice

from engine.bpmn import expression
from engine.bpmn.checks.domain import Column, TooLarge, columns_of
from engine.bpmn.checks.gaps import TooMany, first_gap
from engine.bpmn.dmn.cells import MAKING
from engine.bpmn.dmn.model import Decision, Rule
from engine.bpmn.dmn.unary import same
from engine.errors import ExpressionError, Problem

MAX_RULES = 300
"""More are not compared with each other."""
MAX_TOLD = 20
"""Pairs of rules that overlap: the others are told when these are mended."""


def tables(decision: Decision) -> Iterator[Problem]:
    """Problems of one table. A table that was refused while it was read has cells missing: nothing more."""
    tell = partial(Problem, decision.id, file=decision.file)
    whole = all(len(rule.tests) == len(decision.inputs) for rule in decision.rules)
    if decision.literal is not None or not whole:
        return
    try:
        columns = columns_of(decision) if len(decision.rules) <= MAX_RULES else None
    except TooLarge:
        columns = None
    if columns is None:
        yield tell("规则或列过多，没有查是否有遗漏和重叠：请分成几张表", "warning")
        return
    yield from _never(decision, columns, tell)
    yield from _open_cases(decision, columns, tell)
    if decision.hit_policy in ("UNIQUE", "ANY"):
        yield from _overlaps(decision, columns, tell)
    if decision.hit_policy == "FIRST":
        yield from _hidden(decision, columns, tell)
    yield from _answers(decision, tell)


def _never(decision: Decision, columns: list[Column], tell: partial[Problem]) -> Iterator[Problem]:
    for rule in decision.rules:
        for column in columns:
            if column.masks[rule.number - 1] == 0:
                yield tell(
                    f"第 {rule.number} 条规则永远不会符合：“{column.label}”没有这样的值，请检查区间和允许的值"
                )


def _open_cases(decision: Decision, columns: list[Column], tell: partial[Problem]) -> Iterator[Problem]:
    if not decision.single or decision.has_default:
        return
    try:
        gap = first_gap(columns, len(decision.rules))
    except TooMany:
        yield tell("组合过多，没有查完是否每种情形都有规则：请在表末加一行全部为“-”的兜底规则", "warning")
        return
    if gap is None:
        return
    judged = all(mask is not None for column in columns for mask in column.masks)
    certain = (gap.stated and judged) or decision.hit_policy in ("FIRST", "PRIORITY")
    yield tell(
        f"有的情形没有规则，例如{gap.words}：到时流程会出错，请补上规则、"
        "加一行全部为“-”的兜底规则，或设默认输出",
        "error" if certain else "warning",
    )


def _overlaps(decision: Decision, columns: list[Column], tell: partial[Problem]) -> Iterator[Problem]:
    meeting = (pair for pair in combinations(decision.rules, 2) if _both(*pair, columns))
    for one, other in islice(meeting, MAX_TOLD):
        numbers = f"第 {one.number}、{other.number} 条规则"
        if decision.hit_policy == "UNIQUE":
            yield tell(f"{numbers}会同时符合，而命中策略是 UNIQUE：请改条件，或改用 FIRST")
        elif _differ(one, other):
            yield tell(f"{numbers}会同时符合，但给出不同的结果，而命中策略是 ANY：请改成相同，或改用 FIRST")


def _both(one: Rule, other: Rule, columns: list[Column]) -> bool:
    """Certainly: a cell that cannot be judged proves nothing."""
    return all(
        (column.masks[one.number - 1] or 0) & (column.masks[other.number - 1] or 0) for column in columns
    )


def _differ(one: Rule, other: Rule) -> bool:
    for left, right in zip(one.outputs, other.outputs, strict=True):
        if left != right and not (_constant(left) and _constant(right)):
            continue  # known only when the table runs
        if left != right and not _equal(left, right):
            return True
    return False


def _constant(source: str | None) -> bool:
    if source is None:
        return True
    prepared = expression.compiled(source)
    return not prepared.reads and not prepared.calls - MAKING


def _equal(left: str | None, right: str | None) -> bool:
    try:
        one, other = (None if source is None else expression.evaluate(source, {}) for source in (left, right))
        return same(one, other)
    except ExpressionError:  # a text and a date, or 1/0
        return False


def _hidden(decision: Decision, columns: list[Column], tell: partial[Problem]) -> Iterator[Problem]:
    for number, rule in enumerate(decision.rules):
        before = next((other for other in decision.rules[:number] if _within(rule, other, columns)), None)
        if before is None:
            continue
        if all(mask == (1 << len(c.parts)) - 1 for c in columns for mask in [c.masks[before.number - 1]]):
            yield tell(f"第 {before.number} 条规则总是符合，它之后的规则永远不会用到：请调整顺序")
            return
        yield tell(
            f"第 {rule.number} 条规则永远不会用到：第 {before.number} 条规则总在它之前符合，请调整顺序或删除",
            "warning",
        )


def _within(rule: Rule, other: Rule, columns: list[Column]) -> bool:
    """Whether `other` takes everything that `rule` takes."""
    masks = [(column.masks[rule.number - 1], column.masks[other.number - 1]) for column in columns]
    return all(wide is not None and mine is not None and mine & ~wide == 0 for mine, wide in masks)


def _answers(decision: Decision, tell: partial[Problem]) -> Iterator[Problem]:
    """Answers that are not among the values a column lists."""
    ranked = decision.hit_policy in ("PRIORITY", "OUTPUT ORDER")
    for number, column in enumerate(decision.outputs):
        if not column.values or not all(map(_constant, column.values)):
            continue
        for rule in decision.rules:
            source = rule.outputs[number] if number < len(rule.outputs) else None
            if source is None or not _constant(source):
                continue
            if not any(_equal(source, value) for value in column.values):
                yield tell(
                    f"第 {rule.number} 条规则的“{column.label}”不在列出的值中：请改正，或补进输出的值",
                    "error" if ranked else "warning",
                )
