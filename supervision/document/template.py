"""Templates of documents (processes/documents/*.html): Jinja in a sandbox, written by process owners.

A template may extend a frame and should have a block `body`: what a person drafts. A value that is missing
prints as a blank to fill in, which nobody can issue.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, Template, TemplateError, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from engine.errors import InvalidData
from supervision.document.register import Entry, read_register, read_words
from supervision.document.words import cn_date, paragraphs, text_of

BLANK = "【待填："
BODY = "body"
_CITED = re.compile(r"""clause\(\s*["']([^"']+)["']\s*[,)]""")
_WIDE = str.maketrans(",;:", "，；：")
"""The clauses stand in the file as the district published them; documents print full-width punctuation."""


class Blank(Undefined):
    """Prints ``【待填：name】``, in the words of 公文目录; counts as empty in conditions and loops."""

    words: Mapping[str, str] = {}

    def __str__(self) -> str:
        name = str(self._undefined_name)
        return f"{BLANK}{self.words.get(name, name)}】"

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(self)(name=f"{self._undefined_name}.{name}")


@dataclass(frozen=True)
class Templates:
    """The documents of a folder, e.g. ``D10.html`` or ``D10-受理告知书.html``."""

    folder: Path
    _cache: dict[str, Template] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def _environment(self) -> ImmutableSandboxedEnvironment:
        named = type("Named", (Blank,), {"words": read_words(self.folder)})
        environment = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(self.folder / "documents"), autoescape=True, undefined=named
        )
        environment.filters |= {"cn_date": cn_date, "paragraphs": paragraphs}
        return environment

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
        found = [path for path in found if path.suffix == ".html"]
        if not found:
            raise InvalidData({"template_code": [f"没有公文模板“{code}”：请流程所有者在 documents 中添加。"]})
        return found[0]

    def digest(self, code: str) -> str:
        """SHA-256 of the template's file."""
        return hashlib.sha256(self.path(code).read_bytes()).hexdigest()

    def cited(self, code: str) -> list[str]:
        """Codes of the clauses the template quotes, in order, each once."""
        return list(dict.fromkeys(_CITED.findall(self.path(code).read_text())))

    def body(self, code: str, variables: Mapping[str, Any]) -> str:
        """The text a drafter starts from."""
        template = self._template(code)
        if BODY in template.blocks:
            context = template.new_context({**variables, "clause": self._clause_text})
            return text_of("".join(template.blocks[BODY](context)))
        return text_of(self._render(code, template, variables))

    def page(self, code: str, variables: Mapping[str, Any], body: str) -> str:
        """The page with `body` in place; the template's own paragraphs stay where nobody changed them."""
        template = self._template(code)
        if BODY not in template.blocks:
            return str(paragraphs(body))
        if body.strip() != self.body(code, variables).strip():
            name = self.path(code).name
            source = f"{{% extends '{name}' %}}{{% block {BODY} %}}{{{{ drafted }}}}{{% endblock %}}"
            template = self._environment.from_string(source)
        return self._render(code, template, {**variables, "drafted": paragraphs(body)})

    def _template(self, code: str) -> Template:
        try:
            return self._environment.get_template(self.path(code).name)
        except TemplateError as error:
            raise InvalidData({"template_code": [f"公文模板“{code}”写法有误：{error}"]}) from error

    def _render(self, code: str, template: Template, variables: Mapping[str, Any]) -> str:
        try:
            return template.render({**variables, "clause": self._clause_text})
        except TemplateError as error:
            raise InvalidData({"template_code": [f"公文模板“{code}”无法生成：{error}"]}) from error

    def _clause_text(self, code: str, part: str = "") -> str:
        """The clause as documents print it, or the `part` of it that is meant: word for word, or a blank."""
        text = self.clauses.get(code, "").translate(_WIDE).rstrip("。；")
        found = part if part and part in text else "" if part else text
        return found or f"{BLANK}{code}】"


def blanks(text: str) -> list[str]:
    """Names of what is still to be filled in."""
    return [part.split("】")[0] for part in text.split(BLANK)[1:]]


def _clause(value: Any) -> str:
    return str(value.get("text", "")) if isinstance(value, Mapping) else str(value)
