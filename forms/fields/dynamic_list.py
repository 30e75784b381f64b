"""可增减的列表: rows of the same fields, added and deleted by buttons that work without JavaScript.

A fixed list has the rows of a case variable: people fill in what stands beside each, and add none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from marshmallow import fields

from forms.fields.answer import FormSchema, Part, Rows
from forms.fields.base import Posted, Shown
from forms.fields.container import Container
from forms.fields.limits import lint_order, lint_whole, whole
from forms.fields.registry import register
from forms.fields.sources import FieldContext

MOST_ROWS = 50


@register("dynamiclist")
class DynamicList(Container):
    """`path` names the list; `properties.minItems`, `maxItems` (20) limit it. Blank rows are no answers.

    `properties.fixed=true`: the rows are those of the variable that `properties.default` names; only in such
    a list may fields be read-only. `properties.requireIf`, ``field: condition; …``: an answer of a row that
    has to be given where the FEEL condition holds in that row.
    """

    label_zh = "可增减的列表"
    template = "fields/dynamiclist.html"
    given_template = "fields/given_rows.html"
    is_answer = True
    empty: Any = []  # noqa: RUF012 (copied where it is handed out, never changed)

    def __init__(self, component: Mapping[str, Any]) -> None:
        super().__init__(component)
        self.at_least = whole(self.properties, "minItems") or 0
        self.fixed = self.properties.get("fixed") == "true"
        self.at_most = MOST_ROWS if self.fixed else min(whole(self.properties, "maxItems") or 20, MOST_ROWS)
        self.required = self.at_least > 0
        self.needs = tuple(needs(self.properties.get("requireIf", "")))
        """(key within a row, FEEL condition under which it has to be filled in)."""
        self.row_name = re.compile(rf"{re.escape(self.key)}-(\d{{1,2}})\.", re.ASCII)

    def loads(self, context: FieldContext) -> fields.Field:
        part = Part(FormSchema(self.children_declare(context, lambda _: True)))
        return Rows(part, least=self.at_least, most=self.at_most)

    def row_prefix(self, prefix: str, index: int) -> str:
        """The prefix of the names in one row: ``evidence-0.``."""
        return f"{prefix}{self.key}-{index}."

    def indices(self, posted: Posted, prefix: str) -> list[int]:
        """The row numbers that occur among the posted names, ascending."""
        found = (
            self.row_name.match(name, len(prefix)) for name in posted if name.startswith(prefix + self.key)
        )
        return sorted({int(match[1]) for match in found if match})[: MOST_ROWS + 1]

    def read(self, posted: Posted, name: str) -> list[dict[str, Any]]:
        prefix = name.removesuffix(self.key)
        return [
            self.children_read(posted, self.row_prefix(prefix, index))
            for index in self.indices(posted, prefix)
        ]

    def names(self, posted: Posted, prefix: str) -> Iterator[str]:
        for index in self.indices(posted, prefix):
            yield from self.children_names(posted, self.row_prefix(prefix, index))

    def declares(self, context: FieldContext, shown: Shown) -> dict[str, fields.Field]:
        return {} if self.readonly else {self.key: self.loads(context)}

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
        drawn = rows if self.fixed or self.readonly else rows or [{}]
        return {
            "rows": drawn,
            "may_add": len(rows) < self.at_most and not self.fixed,
            "read": [list(self.in_words(row, context)) for row in drawn] if self.readonly else [],
        }

    def shows(self, value: Any, context: FieldContext) -> str:
        rows = value if isinstance(value, list) else []
        said = [self.in_words(row, context) for row in rows if isinstance(row, dict)]
        return "；".join(
            filter(None, ("，".join(f"{label}：{words}" for label, words in row) for row in said))
        )

    def in_words(self, row: Mapping[str, Any], context: FieldContext) -> Iterator[tuple[str, str]]:
        """(label, words) of what is filled in in a row."""
        for child in self.children:
            for _, item in child.leaves():
                if words := item.shows(row.get(item.key), context):
                    yield item.label, words

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        properties = component.get("properties") or {}
        wrong = list(lint_whole(properties, "minItems", "maxItems"))
        yield from wrong
        if not wrong:
            most = whole(properties, "maxItems")
            yield from lint_order(whole(properties, "minItems"), most, "项数")
            if max(whole(properties, "minItems") or 0, most or 0) > MOST_ROWS:
                yield f"列表最多 {MOST_ROWS} 项。请把项数限制改到这以内。"
        yield from _lint_fixed(properties)
        own = {child.get("key") for child in component.get("components") or [] if isinstance(child, dict)}
        for key, condition in needs(properties.get("requireIf") or ""):
            if key not in own or not condition:
                yield f'“requireIf”应写成 字段: 条件，例如 grounds: result = "严重问题"，现在是“{key}”。'


def _lint_fixed(properties: Mapping[str, str]) -> Iterator[str]:
    fixed = properties.get("fixed")
    if fixed not in (None, "true"):
        yield f"“fixed”只能写 true，现在是“{fixed}”。"
    elif fixed and not properties.get("default"):
        yield "固定的列表要用属性 default 写明各行来自哪个变量。"


def needs(text: str) -> Iterator[tuple[str, str]]:
    """(field, condition) of ``grounds: result = "严重"; fix_due: done = "未落实"``."""
    for part in filter(str.strip, text.split(";")):
        key, _, condition = part.partition(":")
        yield key.strip(), condition.strip()
