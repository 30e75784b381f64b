"""The error summary of a form: which field, what it is called, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from forms.fields import FieldType
from forms.fields.dynamic_list import DynamicList
from forms.fields.item_grid import ItemGrid
from forms.fields.number_table import NumberTable
from forms.schema import paths, rows

Leaves = Sequence[tuple[tuple[str, ...], FieldType]]

PAGE_ID = "main"
"""Where a line leads that belongs to no field."""


class SummaryLine(NamedTuple):
    """One line of the error summary, linked to its field."""

    field_id: str
    label: str
    message: str


def summary_of(leaves: Leaves, errors: Mapping[str, str], prefix: str) -> list[SummaryLine]:
    """A line for each error, in the order of the form; what belongs to no field comes first."""
    order = {path[0]: place for place, (path, _) in enumerate(leaves)}
    names = sorted(errors, key=lambda name: order.get(paths.head(name), -1))
    return [
        SummaryLine(paths.field_id(name, prefix) if name else PAGE_ID, label_of(leaves, name), errors[name])
        for name in names
    ]


def label_of(leaves: Leaves, name: str) -> str:
    """The label of a field by its name."""
    for path, leaf in leaves:
        own = paths.field_name(path)
        if name == own:
            return leaf.label
        if isinstance(leaf, DynamicList | ItemGrid) and name.startswith(f"{own}-"):
            return rows.label(leaf, name.removeprefix(f"{own}-"))
        if isinstance(leaf, NumberTable) and name.startswith(f"{own}."):
            return leaf.cell_label(name.removeprefix(f"{own}."))
    return "表单"
