"""One Word template, compiled: its parts, its Jinja sources, and what of it a drafter writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from jinja2 import Template
from lxml import etree
from markupsafe import Markup, escape

from supervision.document.word.environment import printable
from supervision.document.word.package import MAIN, write_parts
from supervision.document.word.page import page_of, styles_of, text_of

BODY = "body"
FORM = "the_form_itself"
"""Name of the template inside the one that puts a drafter's paragraphs into it."""
_CITED = re.compile(r"""clause\(\s*["']([^"']+)["']\s*[,)]""")
DRAFTED = "{% extends " + FORM + " %}{% block " + BODY + " %}{{ drafted }}{% endblock %}"


@dataclass(frozen=True)
class Filled:
    """A document that was filled in: the Word file, and its text as a page (HTML)."""

    file: bytes
    page: str


@dataclass(frozen=True)
class Form:
    """A .docx that compiles. Thread-safe once made."""

    digest: str
    """SHA-256 of the file as its owner saved it."""
    parts: Mapping[str, bytes]
    sources: Mapping[str, str]
    """Part name → Jinja source of a part that holds tags; the main part always."""
    compiled: Mapping[str, Template]
    drafted: Template

    @property
    def has_body(self) -> bool:
        """Whether it says where the drafter's text goes."""
        return BODY in self.compiled[MAIN].blocks

    @cached_property
    def cited(self) -> list[str]:
        """Codes of the clauses it quotes, in order, each once."""
        return list(dict.fromkeys(_CITED.findall(self.sources[MAIN])))

    @cached_property
    def styles(self) -> Mapping[str, str]:
        """Style id → class of the page."""
        return styles_of(self.parts)

    def body(self, variables: Mapping[str, Any]) -> str:
        """The text a drafter starts from, one paragraph a line. Raises TemplateError."""
        main = self.compiled[MAIN]
        block = "".join(main.blocks[BODY](main.new_context(dict(variables))))
        return text_of(etree.fromstring(f"{self._opening}<w:body>{block}</w:body></w:document>".encode()))

    def fill(self, variables: Mapping[str, Any], body: str | None) -> Filled:
        """With `body` in the place of the template's own paragraphs, unless it is None.

        Raises:
            TemplateError: it asks for what is not allowed.
            XMLSyntaxError: a tag begins in one paragraph and ends in another.
        """
        parts = {**self.parts, MAIN: self._main(variables, body)}
        for name, template in self.compiled.items():
            if name != MAIN:
                parts[name] = template.render(variables).encode()
        return Filled(write_parts(parts), page_of(parts[MAIN], self.styles))

    def page(self, variables: Mapping[str, Any], body: str | None) -> str:
        """As `fill`, but only what a person reads on the screen: a draft has no file."""
        return page_of(self._main(variables, body), self.styles)

    def _main(self, variables: Mapping[str, Any], body: str | None) -> bytes:
        if body is None:
            return self.compiled[MAIN].render(variables).encode()
        drafted = {**variables, "drafted": self._paragraphs(body), FORM: self.compiled[MAIN]}
        return self.drafted.render(drafted).encode()

    def _paragraphs(self, text: str) -> Markup:
        """Paragraphs of a plain text, formed like the first of the template's own."""
        lines = [line.strip() for line in printable(text).splitlines() if line.strip()]
        return Markup("").join(
            Markup('<w:p>{}<w:r>{}<w:t xml:space="preserve">{}</w:t></w:r></w:p>').format(*self._shape, line)
            for line in map(escape, lines)
        )

    @cached_property
    def _opening(self) -> str:
        found = re.search(r"<w:document\b[^>]*>", self.sources[MAIN])
        return found.group(0) if found else ""

    @cached_property
    def _shape(self) -> tuple[Markup, Markup]:
        """<w:pPr> and <w:rPr> of the first paragraph in the block; '' where it has none."""
        block = self.sources[MAIN].partition(f"block {BODY}")[2]
        paragraph = re.search(r"<w:p[ >].*?</w:p>", block, re.DOTALL)
        within = paragraph.group(0) if paragraph else ""
        properties = re.search(r"<w:pPr>.*?</w:pPr>", within, re.DOTALL)
        run = re.search(r"<w:r(?: [^>]*)?>\s*(<w:rPr>.*?</w:rPr>)", within, re.DOTALL)
        return Markup(properties.group(0) if properties else ""), Markup(run.group(1) if run else "")
