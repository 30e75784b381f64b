"""Which components of a form are hidden with the answers given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from forms.fields import FieldType
from forms.fields.dynamic_list import DynamicList
from forms.fields.item_grid import ItemGrid
from forms.schema import paths
from forms.schema.feel import evaluate


def hidden_among(components: Sequence[FieldType], scope: Mapping[str, Any]) -> set[int]:
    """The ids (as of `id()`) of the components whose condition hides them, with all they hold.

    Conditions read the answers in `scope` as the browser has them (`FieldType.in_condition`).
    """
    as_seen = paths.copied(scope)
    for component in components:
        for path, leaf in component.leaves():
            if (value := paths.get(as_seen, path)) is not paths.ABSENT:
                paths.put(as_seen, path, leaf.in_condition(value))
    found: set[int] = set()
    for component in components:
        _hide(component, as_seen, found)
    return found


def _hide(component: FieldType, scope: Mapping[str, Any], found: set[int], inherited: bool = False) -> None:
    hide = component.hide
    gone = (
        inherited or hide is True or (isinstance(hide, str) and bool(hide) and evaluate(hide, scope) is True)
    )
    if gone:
        found.add(id(component))
    if not isinstance(component, DynamicList | ItemGrid):  # its rows have no conditions of their own
        for child in component.children:
            _hide(child, scope, found, gone)
