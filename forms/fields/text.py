"""说明文字: headings, paragraphs, lists and bold, in the little Markdown the form editor writes. No HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup, escape

from forms.fields.base import FieldType
from forms.fields.registry import register
from forms.fields.sources import FieldContext

_HEADING = re.compile(r"#{1,6}\s+(.+)")
_ITEM = re.compile(r"(?:[-*]|\d+[.)])\s+(.+)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_HTML = re.compile(r"</?[A-Za-z!]")


@register("text")
class Text(FieldType):
    """Takes no answer."""

    label_zh = "说明文字"
    template = "fields/text.html"
    is_answer = False

    def context(self, value: Any, context: FieldContext) -> Mapping[str, Any]:
        return {"blocks": list(blocks(self.component.get("text") or ""))}

    @classmethod
    def lint(cls, component: Mapping[str, Any]) -> Iterator[str]:
        text = component.get("text") or ""
        if not isinstance(text, str) or text.startswith("=") or "{{" in text:
            yield "说明文字不能含表达式或模板（{{ }}）。"
        elif _HTML.search(text) or "](" in text:
            yield "说明文字不能含网页代码或链接，只能用标题（#）、列表（-）和加粗（**）。"


def blocks(text: str) -> Iterator[tuple[str, list[Markup]]]:
    """(heading | list | paragraph, lines with bold marked up) in order. All else is escaped."""
    kind, lines = "", list[Markup]()
    for line in [*text.splitlines(), ""]:
        now, content = _line(line.strip())
        if lines and (now != kind or now == "heading"):
            yield kind, lines
            lines = []
        kind = now
        if content:
            lines.append(_inline(content))


def _line(line: str) -> tuple[str, str]:
    if found := _HEADING.fullmatch(line):
        return "heading", found[1]
    if found := _ITEM.fullmatch(line):
        return "list", found[1]
    return ("paragraph", line) if line else ("", "")


def _inline(text: str) -> Markup:
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text))))  # escaped before it is marked up
