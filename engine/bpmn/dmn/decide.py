"""Evaluates a decision table, and puts its answer where a business rule task wants it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from engine.bpmn import expression
from engine.bpmn.dmn.model import Decision, Input, Rule
from engine.bpmn.dmn.unary import Evaluate, same
from engine.bpmn.drawing import Result
from engine.bpmn.expression import Functions
from engine.errors import ExpressionError

Row = dict[str, Any]
_AGGREGATE: dict[str, Callable[[list[Any]], Any]] = {"SUM": sum, "MIN": min, "MAX": max, "COUNT": len}


def decide(
    decision: Decision, data: Mapping[str, Any], functions: Functions | None = None
) -> Row | list[Row] | Any:
    """One row for single-hit tables, a list of rows for the others, a number for an aggregated one.

    Raises:
        ExpressionError: no rule matches a single-hit table, several match a UNIQUE one, or a cell failed.
    """

    def evaluate(source: str, extra: Mapping[str, Any]) -> Any:
        return expression.evaluate(source, ChainMap(dict(extra), data) if extra else data, functions)  # type: ignore[arg-type]

    values = [_value(column, data, evaluate) for column in decision.inputs]
    hits = [rule for rule in decision.rules if _matches(rule, values, evaluate)]
    if decision.single:
        return _single(decision, hits, evaluate)
    rows = [_row(decision, rule, evaluate) for rule in hits]
    if decision.hit_policy == "OUTPUT ORDER":
        return sorted(rows, key=lambda row: _rank(decision, row, evaluate))
    if decision.aggregation:
        return _aggregated(decision, rows)
    return rows


def mapped(decision: Decision, answer: Any, result: Result) -> dict[str, Any]:
    """The variables that a task with `result` sets.

    Raises:
        ExpressionError: the mapping wants one row, but there are several.
    """
    mapping = result.mapping or ("singleResult" if decision.single else "resultList")
    rows = answer if isinstance(answer, list) else [answer]
    if decision.aggregation:
        return {result.variable or decision.outputs[0].name: answer}
    if mapping in ("singleResult", "singleEntry"):
        if len(rows) > 1:
            raise ExpressionError(f"只应有一条结果，但是有 {len(rows)} 条规则符合")
        row = rows[0] if rows else {}
        value = next(iter(row.values()), None) if mapping == "singleEntry" else row
        return {result.variable: value} if result.variable else dict(row)
    first = decision.outputs[0].name
    values = [row[first] for row in rows] if mapping == "collectEntries" else rows
    return {result.variable or first: values}


def _value(column: Input, data: Mapping[str, Any], evaluate: Evaluate) -> Any:
    """A plain variable that has no value is null, as an empty form field is."""
    value = (
        data.get(column.expression) if column.expression.isidentifier() else evaluate(column.expression, {})
    )
    if isinstance(value, str) and value and column.type in ("date", "dateTime"):
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise ExpressionError(f"输入列“{column.label}”应为日期，但是“{value}”") from error
        return moment if column.type == "dateTime" else date.fromisoformat(value[:10])
    return value


def _matches(rule: Rule, values: list[Any], evaluate: Evaluate) -> bool:
    try:
        return all(test.holds(value, evaluate) for test, value in zip(rule.tests, values, strict=True))
    except ExpressionError as error:
        raise ExpressionError(f"第 {rule.number} 条规则：{error}") from error


def _row(decision: Decision, rule: Rule, evaluate: Evaluate) -> Row:
    return {
        column.name: evaluate(source, {}) if source is not None else None
        for column, source in zip(decision.outputs, rule.outputs, strict=True)
    }


def _single(decision: Decision, hits: list[Rule], evaluate: Evaluate) -> Row:
    if not hits:
        raise ExpressionError("没有一条规则符合：请在表末加一条兜底规则")
    numbers = "、".join(str(rule.number) for rule in hits)
    if decision.hit_policy == "UNIQUE" and len(hits) > 1:
        raise ExpressionError(f"只应有一条规则符合，但是第 {numbers} 条同时符合")
    first = _row(decision, hits[0], evaluate)
    if decision.hit_policy in ("UNIQUE", "FIRST"):
        return first
    rows = [first, *(_row(decision, rule, evaluate) for rule in hits[1:])]
    if decision.hit_policy == "ANY":
        if any(not same(row[key], first[key]) for row in rows for key in first):
            raise ExpressionError(f"同时符合的第 {numbers} 条规则给出不同的结果")
        return first
    return min(rows, key=lambda row: _rank(decision, row, evaluate))


def _rank(decision: Decision, row: Row, evaluate: Evaluate) -> list[int]:
    """Position of each output in its column's list of values; later columns break ties."""
    ranks = []
    for column in decision.outputs:
        order = [evaluate(value, {}) for value in column.values]
        ranks.append(order.index(row[column.name]) if row[column.name] in order else len(order))
    return ranks


def _aggregated(decision: Decision, rows: list[Row]) -> Any:
    values = [row[decision.outputs[0].name] for row in rows]
    if not values:
        return 0 if decision.aggregation in ("SUM", "COUNT") else None
    try:
        return _AGGREGATE[decision.aggregation](values)
    except TypeError as error:
        raise ExpressionError(f"不能汇总“{values}”") from error
