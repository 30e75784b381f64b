"""The rows of dynamic lists: the add and delete buttons, untouched rows, and what a row is called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from forms.fields.base import Posted
from forms.fields.dynamic_list import DynamicList
from forms.fields.item_grid import ItemGrid
from forms.schema import paths

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
