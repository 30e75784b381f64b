"""The rows of dynamic lists: the add and delete buttons, untouched rows, and what a row is called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from forms.fields.base import Posted
from forms.fields.dynamic_list import DynamicList
from forms.fields.item_grid import ItemGrid
from forms.schema import paths
from forms.schema.feel import evaluate

ADD, DELETE = "_add", "_del"

Lists = Mapping[str, tuple[tuple[str, ...], DynamicList]]


def pressed(posted: Posted) -> bool:
    """Whether a button for adding or deleting a row was pressed."""
    return ADD in posted or DELETE in posted


def press(lists: Lists, raw: dict[str, Any], posted: Posted) -> None:
    """Adds a row (``_add=evidence``) or deletes one (``_del=evidence-1``); other values do nothing."""
    if found := lists.get(posted.get(ADD, "")):
        path, component = found
        present = _rows(raw, path) or [{}]
        if len(present) < component.at_most:
            paths.put(raw, path, [*present, {}])
    name, _, index = posted.get(DELETE, "").rpartition("-")
    if (found := lists.get(name)) and re.fullmatch(r"\d{1,2}", index, re.ASCII):
        path, _ = found
        kept = [row for place, row in enumerate(_rows(raw, path)) if place != int(index)]
        paths.put(raw, path, kept)


def _rows(raw: Mapping[str, Any], path: Sequence[str]) -> list[Any]:
    value = paths.get(raw, path)
    return value if isinstance(value, list) else []


def row_of(answers: dict[str, Any], name: str) -> tuple[dict[str, Any], Sequence[str]] | None:
    """(the object that holds the answer, the path within it) of ``cv`` or ``self_rows-3.evidence``.

    None for a row that is not there.
    """
    head, _, rest = name.rpartition("-")
    index, _, inner = rest.partition(".")
    if not (head and inner and index.isascii() and index.isdigit()):
        return answers, name.split(".")
    present = _rows(answers, head.split("."))
    row = present[int(index)] if int(index) < len(present) else None
    return (row, inner.split(".")) if isinstance(row, dict) else None


def drop_blank(answers: dict[str, Any], path: Sequence[str]) -> None:
    """Takes out rows in which nothing was filled in."""
    present = paths.get(answers, path)
    if isinstance(present, list):
        paths.put(answers, path, [row for row in present if not _blank(row)])


def _blank(value: Any, depth: int = 0) -> bool:
    if isinstance(value, dict) and depth <= paths.DEEPEST:
        return all(_blank(inner, depth + 1) for inner in value.values())
    return value is None or value is False or value == "" or value == [] or value == {}


def given_rows(component: DynamicList, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a fixed list: those of the variable that its form file names."""
    value = paths.get(data, component.properties.get("default", "").split("."))
    return [dict(row) for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def laid_over(component: DynamicList, given: Sequence[Mapping[str, Any]], typed: Any) -> list[dict[str, Any]]:
    """The given rows with what was typed over them; read-only parts stay as they were given."""
    kept = {leaf.key for child in component.children for _, leaf in child.leaves() if leaf.readonly}
    rows = typed if isinstance(typed, list) else []
    return [
        {**row, **{key: value for key, value in _row(rows, place).items() if key not in kept}}
        for place, row in enumerate(given)
    ]


def typed_only(
    component: DynamicList, given: Sequence[Mapping[str, Any]], typed: Any
) -> list[dict[str, Any]]:
    """One row of answers for each given row: what was not typed is absent, what is read-only left out."""
    asked = {leaf.key for child in component.children for _, leaf in child.leaves() if not leaf.readonly}
    rows = typed if isinstance(typed, list) else []
    return [
        {key: value for key, value in _row(rows, place).items() if key in asked}
        for place in range(len(given))
    ]


def _row(rows: Sequence[Any], place: int) -> Mapping[str, Any]:
    row = rows[place] if place < len(rows) else None
    return row if isinstance(row, Mapping) else {}


def lacking(component: DynamicList, answers: Any) -> Iterator[tuple[int, str, str]]:
    """(row, key, sentence) for what a row's own answers make necessary and the row does not have."""
    parts = {leaf.key: leaf for child in component.children for _, leaf in child.leaves()}
    for place, row in enumerate(answers if isinstance(answers, list) else []):
        seen = {key: parts[key].in_condition(value) if key in parts else value for key, value in row.items()}
        for key, condition in component.needs:
            if evaluate(condition, seen) is True and _blank(row.get(key)):
                yield place, key, parts[key].missing


def label(component: DynamicList | ItemGrid, rest: str) -> str:
    """“证据材料”第 1 项“名称” for the name ``0.title`` within the list."""
    index, _, inner = rest.partition(".")
    row = (
        f"{component.label}第 {int(index) + 1} 项"
        if re.fullmatch(r"\d{1,2}", index, re.ASCII)
        else component.label
    )
    for child in component.children:
        for path, leaf in child.leaves():
            if paths.field_name(path) == inner:
                return f"{row}“{leaf.label}”"
    return row
