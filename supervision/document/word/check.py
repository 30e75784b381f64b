"""What is wrong with a Word template, named by its paragraph, in words for its process owner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set

from jinja2 import TemplateError, TemplateSyntaxError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from engine.errors import Problem
from supervision.document.word.compile import compile_form, source_of
from supervision.document.word.package import MAIN, read_parts
from supervision.document.word.page import W

GIVEN = {
    "clause",
    "due",
    "period",
    "unit",
    "title",
    "doc_no",
    "issued_on",
    "issuing_body",
    "letterhead",
    "today",
}
"""Functions and variables that every template may use."""
_TAG = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_OPENS = {"if": "endif", "for": "endfor", "block": "endblock"}
_INNER = {"elif": "{% if 1 %}", "else": "{% if 1 %}"}
_KNOWN = 30
"""Signs of a paragraph that are quoted, so that its owner finds it."""


def template_problems(
    name: str, content: bytes, environment: ImmutableSandboxedEnvironment, words: Set[str]
) -> list[Problem]:
    """Of the file `name`; `words` are the variables that have a Chinese name in documents.toml."""
    try:
        form = compile_form(content, environment)
    except TemplateSyntaxError as error:
        found = list(_wrong_tags(content, environment))
        return [Problem("", text, file=name) for text in found or [_unpaired(error)]]
    except (ValueError, TemplateError) as error:
        return [Problem("", f"{error}：请用 Word 另存为 .docx", file=name)]
    if not form.has_body:
        text = "没有正文段：请用 {%p block body %} 和 {%p endblock %} 标出拟稿人写的部分，各自成一段"
        return [Problem("", text, file=name)]
    return [
        Problem("", text, "warning", name)
        for text in _unknown(form.sources[MAIN], environment, content, words)
    ]


def _wrong_tags(content: bytes, environment: ImmutableSandboxedEnvironment) -> Iterator[str]:
    """Tags that are wrong by themselves, wherever they stand."""
    for place, text in _paragraphs(content):
        for tag in _TAG.findall(text):
            try:
                environment.parse(_alone(tag))
            except TemplateSyntaxError as error:
                yield f"第 {place} 段“{text[:_KNOWN]}”的标签 {tag} 写法有误：{error.message}"


def _alone(tag: str) -> str:
    """The tag with what it needs around it."""
    words = tag.strip("{}%").split()
    first = words[1] if words[:1] in (["p"], ["tr"], ["tc"], ["r"]) and len(words) > 1 else "".join(words[:1])
    plain = re.sub(r"^\{(%|\{)(?:p|tr|tc|r)\s", r"{\1 ", tag)
    if first.startswith("end"):
        return ""
    if first in _OPENS:
        return f"{plain}{{% {_OPENS[first]} %}}"
    return f"{_INNER[first]}{plain}{{% endif %}}" if first in _INNER else plain


def _unpaired(error: TemplateSyntaxError) -> str:
    return f"if、for、block 与 endif、endfor、endblock 不配对（{error.message}）：请逐段核对"


def _unknown(
    source: str, environment: ImmutableSandboxedEnvironment, content: bytes, words: Set[str]
) -> Iterator[str]:
    for name in sorted(meta.find_undeclared_variables(environment.parse(source)) - words - GIVEN):
        whole = re.compile(rf"\b{re.escape(name)}\b")
        place = next((number for number, text in _paragraphs(content) if whole.search(text)), 0)
        yield f"第 {place} 段用了变量 {name}，它没有中文名：请改正，或者写进 documents.toml 的 [words]"


def _paragraphs(content: bytes) -> Iterator[tuple[int, str]]:
    """Number, from 1, and text of each paragraph as it is seen in Word, with the tags mended."""
    root = etree.fromstring(read_parts(content)[MAIN])
    for number, paragraph in enumerate(root.iter(f"{W}p"), 1):
        text = "".join(node.text or "" for node in paragraph.iter(f"{W}t"))
        yield number, _TAG.sub(lambda found: source_of(found.group(0).encode()), text)
