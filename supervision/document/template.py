"""Templates of documents (processes/documents/D*.docx): Word files with Jinja tags, of process owners.

A template has a block `body`: what a person drafts. A value that is missing prints as a blank to fill in,
which nobody can issue.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml.etree import XMLSyntaxError

from engine.errors import InvalidData
from supervision.document.register import Entry, read_register, read_words
from supervision.document.word.compile import compile_form
from supervision.document.word.environment import BLANK, environment
from supervision.document.word.form import Filled, Form

T = TypeVar("T")
MARKED = "请用 {%p block body %} 和 {%p endblock %} 标出拟稿人写的部分，各自成一段。"
ACROSS = "一段里开始的 if、for 应在同一段里结束；要管几段的，自成一段，写成 {%p if … %} 和 {%p endif %}。"
_WIDE = str.maketrans(",;:", "，；：")
"""The clauses stand in the file as the district published them; documents print full-width punctuation."""


@dataclass(frozen=True)
class Templates:
    """The documents of a folder, e.g. ``D10.docx`` or ``D10-受理告知书.docx``."""

    folder: Path
    _forms: dict[str, tuple[int, Form]] = field(default_factory=dict, repr=False, compare=False)
    """Code → when its file was saved (ns), and what was compiled of it."""

    @cached_property
    def _environment(self) -> ImmutableSandboxedEnvironment:
        return environment(read_words(self.folder))

    @cached_property
    def register(self) -> Mapping[str, Entry]:
        """公文目录. Raises InvalidData when it is broken."""
        return read_register(self.folder)

    @cached_property
    def clauses(self) -> Mapping[str, str]:
        """Clause code → exact text, from regulation/clauses.toml."""
        path = self.folder / "regulation" / "clauses.toml"
        if not path.is_file():
            return {}
        read = tomllib.loads(path.read_text())
        return {code: _clause(value) for code, value in read.get("clauses", read).items()}

    def path(self, code: str) -> Path:
        """Raises InvalidData when there is no such template."""
        found = sorted((self.folder / "documents").glob(f"{code}[-._]*")) if code.isalnum() else []
        found = [path for path in found if path.suffix == ".docx"]
        if not found:
            raise InvalidData({"template_code": [f"没有公文模板“{code}”：请流程所有者在 documents 中添加。"]})
        return found[0]

    def digest(self, code: str) -> str:
        """SHA-256 of the template's file."""
        return self.form(code).digest

    def cited(self, code: str) -> list[str]:
        """Codes of the clauses the template quotes, in order, each once."""
        return self.form(code).cited

    def body(self, code: str, variables: Mapping[str, Any]) -> str:
        """The text a drafter starts from."""
        form = self.form(code)
        return self._filled(code, lambda: form.body(self._given(variables)))

    def page(self, code: str, variables: Mapping[str, Any], body: str) -> str:
        """The page with `body` in place; the template's own paragraphs stay where nobody changed them."""
        form, given = self.form(code), self._given(variables)
        return self._filled(code, lambda: form.page(given, _changed(form, given, body)))

    def fill(self, code: str, variables: Mapping[str, Any], body: str) -> Filled:
        """As `page`, with the Word file."""
        form, given = self.form(code), self._given(variables)
        return self._filled(code, lambda: form.fill(given, _changed(form, given, body)))

    def form(self, code: str) -> Form:
        """The template, compiled again when its file was saved since.

        Raises:
            InvalidData: there is none, it is broken, or it does not say where the drafter's text goes.
        """
        path = self.path(code)
        saved = path.stat().st_mtime_ns
        if (known := self._forms.get(code)) and known[0] == saved:
            return known[1]
        try:
            form = compile_form(path.read_bytes(), self._environment)
        except (TemplateError, ValueError) as error:
            raise InvalidData({"template_code": [f"公文模板“{path.name}”写法有误：{error}"]}) from error
        if not form.has_body:
            raise InvalidData({"template_code": [f"公文模板“{path.name}”没有正文段：{MARKED}"]})
        self._forms[code] = (saved, form)
        return form

    def _given(self, variables: Mapping[str, Any]) -> Mapping[str, Any]:
        return {**variables, "clause": self._clause_text}

    def _filled(self, code: str, fill: Callable[[], T]) -> T:
        try:
            return fill()
        except TemplateError as error:
            raise InvalidData({"template_code": [f"公文模板“{code}”无法生成：{error}"]}) from error
        except XMLSyntaxError as error:
            raise InvalidData({"template_code": [f"公文模板“{code}”的标签跨段：{ACROSS}"]}) from error

    def _clause_text(self, code: str, part: str = "") -> str:
        """The clause as documents print it, or the `part` of it that is meant: word for word, or a blank."""
        text = self.clauses.get(code, "").translate(_WIDE).rstrip("。；")
        found = part if part and part in text else "" if part else text
        return found or f"{BLANK}{code}】"


def blanks(text: str) -> list[str]:
    """Names of what is still to be filled in."""
    return [part.split("】")[0] for part in text.split(BLANK)[1:]]


def _changed(form: Form, given: Mapping[str, Any], body: str) -> str | None:
    """`body`, or None where it is what the template says anyway."""
    return None if body.strip() == form.body(given).strip() else body


def _clause(value: Any) -> str:
    return str(value.get("text", "")) if isinstance(value, Mapping) else str(value)
