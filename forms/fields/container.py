"""What components that hold others share: handing each tree question to their children."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields

from forms.fields.base import FieldType, Posted, Shown
from forms.fields.registry import build
from forms.fields.sources import FieldContext


class Container(FieldType):
    """A component with `components`; its answers lie under `path`, or among those around it."""

    is_answer = False

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.key = component.get("path") or ""
        self.children = build(component.get("components") or [])

    def children_declare(self, context: FieldContext, shown: Shown) -> dict[str, fields.Field]:
        """The marshmallow fields of the visible children."""
        declared: dict[str, fields.Field] = {}
        for child in self.children:
            if shown(child):
                declared |= child.declares(context, shown)
        return declared

    def children_read(self, posted: Posted, prefix: str) -> dict[str, Any]:
        """The raw answers of the children."""
        return {key: value for child in self.children for key, value in child.reads(posted, prefix).items()}

    def children_names(self, posted: Posted, prefix: str) -> Iterator[str]:
        """The posted names that belong to the children."""
        for child in self.children:
            yield from child.names(posted, prefix)
