"""分组: fields that belong together, with a heading; with a `path` their answers form an object."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields

from forms.fields.answer import FormSchema, Part
from forms.fields.base import FieldType, Posted, Shown
from forms.fields.container import Container
from forms.fields.registry import register
from forms.fields.sources import FieldContext


@register("group")
class Group(Container):
    """Hidden with all it holds."""

    label_zh = "分组"
    template = "fields/group.html"

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        if (component.get("properties") or {}).get("sealed"):
            yield "分组不能整体封存。请把 sealed 逐个设在组内的字段上。"

    def inner(self, prefix: str) -> str:
        """The prefix of the children's names."""
        return f"{prefix}{self.key}." if self.key else prefix

    def declares(self, context: FieldContext, shown: Shown) -> dict[str, fields.Field]:
        declared = self.children_declare(context, shown)
        return {self.key: Part(FormSchema(declared))} if self.key else declared

    def reads(self, posted: Posted, prefix: str) -> dict[str, Any]:
        answers = self.children_read(posted, self.inner(prefix))
        return {self.key: answers} if self.key else answers

    def names(self, posted: Posted, prefix: str) -> Iterator[str]:
        yield from self.children_names(posted, self.inner(prefix))

    def leaves(self, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldType]]:
        for child in self.children:
            yield from child.leaves((*path, self.key) if self.key else path)
