"""Between the plain text a person edits and the paragraphs of a page; dates as documents print them."""

from __future__ import annotations

import re
from datetime import date, datetime

from lxml import html
from markupsafe import Markup, escape

from engine.deadline.shanghai import date_of

_BLOCKS = {
    "p",
    "div",
    "li",
    "tr",
    "br",
    "h1",
    "h2",
    "h3",
    "h4",
    "table",
    "ol",
    "ul",
    "dl",
    "dt",
    "dd",
    "section",
}


def text_of(page: str) -> str:
    """The words of an HTML fragment, one paragraph a line."""
    if not page.strip():
        return ""
    parts: list[str] = []
    _collect(html.fragment_fromstring(page, create_parent="div"), parts)
    lines = (re.sub(r"[ \t\r\f\v]+", " ", line).strip() for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _collect(element: html.HtmlElement, parts: list[str]) -> None:
    """Line breaks of the source are spaces; those of blocks are lines."""
    if not isinstance(element.tag, str):
        return
    if element.tag in _BLOCKS:
        parts.append("\n")
    parts.append(re.sub(r"\s*\n\s*", "", element.text or ""))
    for child in element:
        _collect(child, parts)
        parts.append(re.sub(r"\s*\n\s*", "", child.tail or ""))
    if element.tag in _BLOCKS:
        parts.append("\n")


def paragraphs(text: str) -> Markup:
    """Escaped paragraphs of a plain text, one a line."""
    return Markup("\n").join(
        Markup("<p>{}</p>").format(escape(line.strip())) for line in text.splitlines() if line.strip()
    )


def cn_date(value: object) -> str:
    """``2026年3月2日`` of a date, an instant or their ISO text; '' of nothing."""
    if not value:
        return ""
    try:
        day = value if isinstance(value, date) else _parse(str(value))
    except ValueError:
        return str(value)
    day = date_of(day)
    return f"{day.year}年{day.month}月{day.day}日"


def _parse(text: str) -> date:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
