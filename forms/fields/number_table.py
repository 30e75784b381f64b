"""数字表: fixed rows and columns of numbers, with totals the program adds up and sums that have to agree.

The component is a form-js table with a key and rows: ``{"type": "table", "key": …, "columns": [{"key",
"label", "group"?, "sum"?}], "rows": [the same], "checks": ["a + b = c + d"]}``. `sum` lists the keys that are
added up; `checks` name rows and hold in every column. An answer is ``{row: {column: number}}``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from marshmallow import ValidationError

from forms.fields.base import FieldType, Posted
from forms.fields.limits import whole
from forms.fields.number import LARGEST, decimal_of, plain
from forms.fields.registry import register
from forms.fields.sources import FieldContext
from forms.fields.table_shape import Line, Shape, lint_table, read_shape

Cells = dict[str, dict[str, int | float]]


@register("table")
class NumberTable(FieldType):
    """A cell left empty counts 0; a table in which nothing at all was filled in is no answer."""

    label_zh = "数字表"
    template = "fields/table.html"
    given_template = "fields/given_table.html"
    required_message = "此表必填：没有的填 0。"

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.shape: Shape = read_shape(component)
        self.digits = whole(component, "decimalDigits") or 0
        self.rule_zh = "空格按 0 计，总计自动加出。" + "".join(
            f"每列须：{self._rule(left)} = {self._rule(right)}。" for left, right in self.shape.checks
        )

    def convert(self, value: Any, context: FieldContext) -> Cells | None:
        """Every cell, totals added up. Raises ValidationError by row and column."""
        if value is None or value == "":
            return None
        if not isinstance(value, Mapping):
            raise ValidationError("表格的内容不对。请刷新页面后重新填写。")
        cells: Cells = {}
        wrong: dict[str, dict[str, list[str]]] = {}
        touched = False
        for row in self.shape.typed_rows:
            given = value.get(row.key)
            for column in self.shape.typed_columns:
                typed = given.get(column.key) if isinstance(given, Mapping) else None
                try:
                    number = self.cell(typed)
                except ValidationError as error:
                    wrong.setdefault(row.key, {})[column.key] = [f"{error.messages[0]}"]
                    continue
                touched = touched or number is not None
                cells.setdefault(row.key, {})[column.key] = number or 0
        if wrong:
            raise ValidationError(wrong)
        if not touched:
            return None
        self.add_up(cells)
        self.check(cells)
        return cells

    def _rule(self, rows: Sequence[str]) -> str:
        return " + ".join(self.shape.row_label(row) for row in rows)

    def cell(self, value: Any) -> int | float | None:
        """One number; None where nothing was typed. Raises ValidationError."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        number = decimal_of(value)
        if number is None:
            raise ValidationError("请填写数字，例如 12。")
        if number < 0:
            raise ValidationError("不得小于 0。")
        if number > LARGEST:
            raise ValidationError("数字过大，请核对后重新填写。")
        if number != round(number, self.digits):
            raise ValidationError(f"最多保留 {self.digits} 位小数。" if self.digits else "应为整数。")
        return plain(number)

    def add_up(self, cells: Cells) -> None:
        """Writes the totals, columns first, so that a total of totals is right."""
        for row in self.shape.rows:
            if row.sum:
                cells[row.key] = {
                    column.key: _total(cells.get(part, {}).get(column.key, 0) for part in row.sum)
                    for column in self.shape.typed_columns
                }
            for column in self.shape.columns:
                if column.sum:
                    line = cells.setdefault(row.key, {})
                    line[column.key] = _total(line.get(part, 0) for part in column.sum)

    def check(self, cells: Cells) -> None:
        """Raises ValidationError on the last row of the first check that fails, for each typed column."""
        wrong: dict[str, dict[str, list[str]]] = {}
        for left, right in self.shape.checks:
            for column in self.shape.typed_columns:
                value = partial(self._value, cells, column)
                if _total(map(value, left)) != _total(map(value, right)):
                    said = f"“{column.label}”一列：{self._side(cells, column, left)}，"
                    said += f"{self._side(cells, column, right)}，两者应当相等。请核对。"
                    wrong.setdefault(right[-1], {}).setdefault(column.key, [said])
        if wrong:
            raise ValidationError(wrong)

    def _value(self, cells: Cells, column: Line, row: str) -> int | float:
        return cells.get(row, {}).get(column.key, 0)

    def _side(self, cells: Cells, column: Line, rows: Sequence[str]) -> str:
        """“本年新收”3 + “上年结转”1 = 4."""
        values = [self._value(cells, column, row) for row in rows]
        parts = [f"“{self.shape.row_label(row)}”{value}" for row, value in zip(rows, values, strict=True)]
        return " + ".join(parts) + (f" = {_total(values)}" if len(parts) > 1 else "")

    def read(self, posted: Posted, name: str) -> Any:
        cells: dict[str, dict[str, Any]] = {}
        for row in self.shape.typed_rows:
            for column in self.shape.typed_columns:
                typed = posted.get(f"{name}.{row.key}.{column.key}", "").strip()
                if typed:
                    number = decimal_of(typed)
                    cells.setdefault(row.key, {})[column.key] = typed if number is None else plain(number)
        return cells or None

    def names(self, posted: Posted, prefix: str) -> Iterator[str]:
        for row in self.shape.typed_rows:
            for column in self.shape.typed_columns:
                yield f"{prefix}{self.key}.{row.key}.{column.key}"

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        return {"shape": self.shape, "cells": self.drawn(value)}

    def drawn(self, value: Any) -> dict[str, dict[str, str]]:
        """Every cell as text, totals of what can be added up."""
        given = value if isinstance(value, Mapping) else {}
        rows = {row.key: line for row in self.shape.rows if isinstance(line := given.get(row.key), Mapping)}
        numbers: Cells = {
            key: {k: plain(number) for k, v in line.items() if (number := decimal_of(v)) is not None}
            for key, line in rows.items()
        }
        if numbers:
            self.add_up(numbers)
        shown = {key: {k: str(v) for k, v in line.items()} for key, line in numbers.items()}
        for row in self.shape.typed_rows:
            for column in self.shape.typed_columns:
                typed = rows.get(row.key, {}).get(column.key)
                if typed is not None:
                    shown.setdefault(row.key, {})[column.key] = str(typed)
        return shown

    def shows(self, value: Any, context: FieldContext) -> str:
        """What is not nought, row by row."""
        cells = self.drawn(value)
        rows = (self._row_in_words(row, cells.get(row.key, {})) for row in self.shape.rows)
        return "；".join(filter(None, rows)) or ("全部为 0" if value else "")

    def _row_in_words(self, row: Line, cells: Mapping[str, str]) -> str:
        parts = [f"{c.label} {cells[c.key]}" for c in self.shape.columns if cells.get(c.key, "0") != "0"]
        return f"{row.label}：{'，'.join(parts)}" if parts else ""

    def cell_label(self, rest: str) -> str:
        """“（一）予以公开”的“自然人” for ``granted.person``."""
        row, _, column = rest.partition(".")
        return f"{self.label}“{self.shape.row_label(row)}”的“{self.shape.column_label(column)}”"

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        yield from lint_table(component)


def _total(numbers: Any) -> int | float:
    return plain(sum((Decimal(str(number)) for number in numbers), Decimal(0)))
