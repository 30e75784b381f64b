"""Fills a 指标表 from a scenario's short form: one row for most items, and those that differ.

    score_rows = { "*" = { score = "满分" }, "3-7" = { score = 1, comment = "没有上报备案。" } }

“满分” stands for the item's points, “*” for every item that has no row of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.fields import GridItem, Sources
from forms.fields.item_grid import ITEM, ItemGrid
from forms.schema import FormFile

FULL, REST = "满分", "*"


def fill_grids(form: FormFile, raw: dict[str, Any], sources: Sources) -> None:
    """Replaces the short form by rows, in place. Raises ValueError for an item that is not asked."""
    for path, leaf in form.leaves():
        short = raw.get(path[0])
        if isinstance(leaf, ItemGrid) and isinstance(short, Mapping):
            items = sources.grid(leaf.properties)
            if unknown := sorted(short.keys() - {item.id for item in items} - {REST}):
                raise ValueError(f"“{leaf.label}”里没有指标 {'、'.join(unknown)}")
            raw[path[0]] = [_row(item, short.get(item.id, short.get(REST, {}))) for item in items]


def _row(item: GridItem, given: Mapping[str, Any]) -> dict[str, Any]:
    return {ITEM: item.id} | {key: item.points if value == FULL else value for key, value in given.items()}
