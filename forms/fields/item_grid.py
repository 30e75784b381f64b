"""指标表: one row of the same fields for each 指标, none added, none deleted.

In the form file it is a dynamic list with `properties.grid`, so that the form editor can open it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import orjson
from marshmallow import ValidationError, fields

from forms.fields.answer import NOT_AN_OBJECT, UNKNOWN, Answer, FormSchema
from forms.fields.base import FieldType, Posted, Shown
from forms.fields.container import Container
from forms.fields.file_picker import FilePicker
from forms.fields.grid_rules import conditions_of, lint_grid, row_fault
from forms.fields.registry import GRID, register
from forms.fields.sources import FieldContext, FileRef, GridItem

MOST_ROWS = 90
ITEM = "item_id"
BLANK = "指标 {id} 还没有填写。"


@dataclass(frozen=True)
class GridRow:
    """A row as it is drawn: its place, its item, what is in it."""

    index: int
    item: GridItem
    values: Mapping[str, Any]
    before: str = "{}"
    """What its conditions see of earlier answers, as JSON."""


@register(GRID)
class ItemGrid(Container):
    """`grid` names the rows' source; see `grid_rules` for what a row must hold.

    The answer is a list of rows in the order of the items: ``{"item_id": "1-1", …}`` and what was filled in.
    A read-only field shows what the variable `beside` says of the item (under its own key, or `default`).
    """

    label_zh = "指标表"
    template = "fields/dynamiclist.grid.html"
    is_answer = True
    empty: Any = []  # noqa: RUF012 (copied where it is handed out, never changed)

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.required = True
        self.rules_of_rows = conditions_of(self.properties, self.children)
        self.row_name = re.compile(rf"{re.escape(self.key)}-(\d{{1,2}})\.", re.ASCII)

    # judged
    def loads(self, context: FieldContext) -> fields.Field:
        return Answer(
            lambda value: self.convert(value, context), empty=[], required=False, required_message=""
        )

    def convert(self, value: Any, context: FieldContext) -> list[dict[str, Any]]:
        """The clean rows. Raises ValidationError, by place of the row and field."""
        items = context.sources.grid(self.properties)
        given = _by_item(value, items)
        known = self._files(given.values(), context)
        wrong: dict[Any, Any] = {}
        clean = []
        schemas: dict[frozenset[str], FormSchema] = {}
        for index, item in enumerate(items):
            try:
                clean.append(
                    self._row(item, given.get(item.id, {}), replace(context, sources=known), schemas)
                )
            except ValidationError as error:
                wrong[index] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return clean

    def _row(
        self, item: GridItem, row: Mapping[str, Any], context: FieldContext,
        schemas: dict[frozenset[str], FormSchema],
    ) -> dict[str, Any]:  # fmt: skip
        typed = {key: row[key] for key in row if key != ITEM}
        if all(_nothing(value) for value in typed.values()) and self._asks():
            raise ValidationError({self._asks(): [BLANK.format(id=item.id)]})
        scope = self.scope(item, row)
        hidden = self._hidden(scope)
        if hidden not in schemas:
            shown = [child for child in self.children if child.key not in hidden]
            schemas[hidden] = FormSchema(
                {k: f for child in shown for k, f in child.declares(context, lambda _: True).items()}
            )
        loaded = schemas[hidden].load({key: value for key, value in typed.items() if key not in hidden})
        if faults := row_fault(self.rules_of_rows, item, loaded):
            raise ValidationError(faults)
        return {ITEM: item.id} | {key: value for key, value in loaded.items() if not _nothing(value)}

    def _hidden(self, scope: dict[str, Any]) -> frozenset[str]:
        """Keys of the fields that are hidden; what was sent for one of them hides nothing else."""
        found = set()
        for child in self.children:
            if self.rules_of_rows.hides(child, scope):
                found.add(child.key)
                scope[child.key] = None
        return frozenset(found)

    def _asks(self) -> str:
        """The key of the first field that can be filled in."""
        return next((child.key for child in self.children if not child.readonly), "")

    def _files(self, rows: Any, context: FieldContext) -> _Known:
        pickers = self.pickers()
        ids = [
            file_id
            for row in rows
            for child in pickers
            for file_id in (row.get(child.key) if isinstance(row.get(child.key), list) else ())
            if isinstance(file_id, str)
        ]
        refs = {ref.id: ref for ref in context.sources.files(ids)} if ids else {}
        return _Known(context.sources, refs)

    def scope(self, item: GridItem, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the conditions of a row see: the item's points, what was said before, what is typed."""
        seen: dict[str, Any] = {"points": item.points}
        for child in self.children:
            value = self._given(child, item) if child.readonly else row.get(child.key)
            seen[child.key] = child.in_condition(value)
        return seen

    def _given(self, child: FieldType, item: GridItem) -> Any:
        return item.given.get(child.properties.get("default") or child.key)

    def pickers(self) -> list[FilePicker]:
        """The file fields of a row that can be filled in."""
        return [c for c in self.children if isinstance(c, FilePicker) and not c.readonly]

    # read and drawn
    def row_prefix(self, prefix: str, index: int) -> str:
        """The prefix of the names in one row: ``self_rows-0.``."""
        return f"{prefix}{self.key}-{index}."

    def read(self, posted: Posted, name: str) -> list[dict[str, Any]]:
        prefix = name.removesuffix(self.key)
        rows = []
        for index in self._indices(posted, prefix):
            row = self.row_prefix(prefix, index)
            rows.append({ITEM: posted.get(row + ITEM, ""), **self.children_read(posted, row)})
        return rows

    def names(self, posted: Posted, prefix: str) -> Iterator[str]:
        for index in self._indices(posted, prefix):
            yield self.row_prefix(prefix, index) + ITEM
            yield from self.children_names(posted, self.row_prefix(prefix, index))

    def file_names(self, name: str) -> Iterator[tuple[str, FilePicker]]:
        """(name of an input, its picker) for every row there can be."""
        pickers = self.pickers()
        for index in range(MOST_ROWS) if pickers else ():
            for child in pickers:
                yield f"{name}-{index}.{child.key}", child

    def _indices(self, posted: Posted, prefix: str) -> list[int]:
        start = prefix + self.key
        found = (self.row_name.match(name, len(prefix)) for name in posted if name.startswith(start))
        return sorted({int(match[1]) for match in found if match})[:MOST_ROWS]

    def declares(self, context: FieldContext, shown: Shown) -> dict[str, fields.Field]:
        return {} if self.readonly else {self.key: self.loads(context)}

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        rows = (
            {row.get(ITEM): row for row in value if isinstance(row, dict)} if isinstance(value, list) else {}
        )
        drawn = [
            GridRow(index, item, self._drawn(item, rows.get(item.id, {})), self._before(item))
            for index, item in enumerate(context.sources.grid(self.properties))
        ]
        return {"groups": [(name, list(part)) for name, part in groupby(drawn, lambda row: row.item.group)]}

    def _drawn(self, item: GridItem, row: Mapping[str, Any]) -> dict[str, Any]:
        return {c.key: self._given(c, item) if c.readonly else row.get(c.key) for c in self.children}

    def _before(self, item: GridItem) -> str:
        given = {c.key: self._given(c, item) for c in self.children if c.readonly}
        return orjson.dumps(
            {k: v for k, v in given.items() if isinstance(v, bool | int | float | str)}
        ).decode()

    def shows(self, value: Any, context: FieldContext) -> str:
        rows = value if isinstance(value, list) else []
        return "\n".join(self._said(row, context) for row in rows if isinstance(row, dict))

    def _said(self, row: Mapping[str, Any], context: FieldContext) -> str:
        words = [
            (c.label, c.shows(row.get(c.key), context)) for c in self.children if row.get(c.key) is not None
        ]
        return f"{row.get(ITEM, '')} " + "，".join(f"{label}：{said}" for label, said in words if said)

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        yield from lint_grid(component)


class _Known:
    """The sources of a form, with the files of all rows looked up at once."""

    def __init__(self, sources: Any, refs: Mapping[str, FileRef]) -> None:
        self._sources, self._refs = sources, refs

    def options(self, source: str, properties: Mapping[str, str]) -> Any:
        return self._sources.options(source, properties)

    def files(self, ids: Sequence[str]) -> Sequence[FileRef]:
        return [self._refs[item] for item in ids if item in self._refs]

    def grid(self, properties: Mapping[str, str]) -> Sequence[GridItem]:
        return ()


def _nothing(value: Any) -> bool:
    """Whether nothing was filled in; 0 is an answer."""
    return value is None or value is False or value == "" or value == []


def _by_item(value: Any, items: Sequence[GridItem]) -> dict[str, Mapping[str, Any]]:
    """The rows by item. Raises ValidationError for what is no row of this grid."""
    rows = [] if value is None or value == "" else value
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise ValidationError(NOT_AN_OBJECT)
    found = {str(row.get(ITEM) or ""): row for row in rows}
    if len(found) != len(rows) or found.keys() - {item.id for item in items}:
        raise ValidationError(UNKNOWN)
    return found
