"""Evaluates a decision, and puts its answer where a business rule task wants it."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engine.bpmn import expression
from engine.bpmn.dmn.model import Decision, Input, Rule
from engine.bpmn.dmn.typed import typed
from engine.bpmn.dmn.unary import Evaluate, same
from engine.bpmn.drawing import Result
from engine.bpmn.expression import Functions
from engine.errors import ExpressionError

Row = dict[str, Any]


def decide(
    decision: Decision, data: Mapping[str, Any], functions: Functions | None = None
) -> Row | list[Row] | Any:
    """One row for single-hit tables, a list of rows for the others, a number for an aggregated one.

    Raises:
        ExpressionError: no rule matches a single-hit table without default answers, several match a UNIQUE
            one, or a cell failed.
    """
    return _Evaluation(data, functions).answer(decision)


class _Evaluation:
    """One evaluation of a decision and of all it requires, each once."""

    def __init__(self, data: Mapping[str, Any], functions: Functions | None) -> None:
        self._data, self._functions = data, functions
        self._answers: dict[str, Any] = {}

    def answer(self, decision: Decision) -> Any:
        if decision.id not in self._answers:
            self._answers[decision.id] = self._decided(decision)
        return self._answers[decision.id]

    def _decided(self, decision: Decision) -> Any:
        found: Row = {}
        for needed in decision.required:
            found.update(_named(needed, self.answer(needed)))
        data: Mapping[str, Any] = ChainMap(found, self._data) if found else self._data  # type: ignore[arg-type]

        def evaluate(source: str, extra: Mapping[str, Any]) -> Any:
            scope = ChainMap(dict(extra), data) if extra else data  # type: ignore[arg-type]
            return expression.evaluate(source, scope, self._functions)

        if decision.literal is not None:
            return {decision.variable: evaluate(decision.literal, {})}
        return _table(decision, data, evaluate)


def _named(decision: Decision, answer: Any) -> Row:
    """The answer under the decision's own name; one row's entries under theirs as well."""
    value = answer
    if isinstance(answer, dict):
        value = next(iter(answer.values())) if len(decision.outputs) == 1 else answer
    elif isinstance(answer, list) and len(decision.outputs) == 1:
        value = [row[decision.outputs[0].name] for row in answer]
    entries = answer if isinstance(answer, dict) else {}
    return {**entries, decision.variable: value}


def _table(decision: Decision, data: Mapping[str, Any], evaluate: Evaluate) -> Any:
    values = [_value(column, data, evaluate) for column in decision.inputs]
    hits = [rule for rule in decision.rules if _matches(rule, values, evaluate)]
    if not hits and decision.has_default:
        return _default(decision, evaluate)
    if decision.single:
        return _single(decision, hits, evaluate)
    rows = [_row(decision, rule, evaluate) for rule in hits]
    if decision.hit_policy == "OUTPUT ORDER":
        return sorted(rows, key=lambda row: _rank(decision, row, evaluate))
    return _aggregated(decision, rows) if decision.aggregation else rows


def _default(decision: Decision, evaluate: Evaluate) -> Any:
    row = {
        column.name: evaluate(column.default, {}) if column.default is not None else None
        for column in decision.outputs
    }
    if decision.aggregation:
        return next(iter(row.values()))
    return row if decision.single else [row]


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
    plain = column.expression.isidentifier()
    value = data.get(column.expression) if plain else evaluate(column.expression, {})
    return typed(value, column.type, column.label)


def _matches(rule: Rule, values: list[Any], evaluate: Evaluate) -> bool:
    try:
        return all(
            test.holds(value, evaluate) is True for test, value in zip(rule.tests, values, strict=True)
        )
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
    """Position of each output in its column's list of values; later columns break ties.

    Columns that list no values play no part. Source: DMN 1.3 section 8.2.10.
    """
    ranks = []
    for column in decision.outputs:
        order = [evaluate(value, {}) for value in column.values]
        ranks.append(next((n for n, value in enumerate(order) if same(value, row[column.name])), len(order)))
    return ranks


def _aggregated(decision: Decision, rows: list[Row]) -> Any:
    """Of no rows null, and a count of 0. Source: DMN 1.3 section 10.3.4.4 (list functions)."""
    values = [row[decision.outputs[0].name] for row in rows]
    if decision.aggregation == "COUNT":
        return len(values)
    if not values:
        return None
    try:
        return _AGGREGATE[decision.aggregation](values)
    except TypeError as error:
        raise ExpressionError(f"不能汇总“{values}”") from error


def _total(values: list[Any]) -> int | float:
    """Added as decimals, as FEEL does: 0.1 and 0.2 make 0.3."""
    if any(isinstance(value, bool) or not isinstance(value, (int, float)) for value in values):
        raise TypeError
    if all(isinstance(value, int) for value in values):
        return sum(values)
    return float(sum(Decimal(repr(value)) for value in values))


_AGGREGATE: dict[str, Callable[[list[Any]], Any]] = {"SUM": _total, "MIN": min, "MAX": max}
