"""Which bases and clauses a citation names: ``R8(3)；S:XF art.23`` names R, its clause R8(3), and XF."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from supervision.basis.basis import REGULATION

_SOURCE = re.compile(r"\bS:([A-Z0-9]+(?:-[A-Z0-9]+)*)")
_BARE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_CLAUSE = re.compile(r"\bR(\d+)((?:¶\d+)?)((?:\(\d+\)(?:[–-]\(?\d+\)?)?)*)(?:[–-]R?(\d+)(?![\d(]))?")
_ITEM = re.compile(r"\((\d+)\)(?:[–-]\(?(\d+)\)?)?")
LAST_ARTICLE = 15


def codes_of(cited: Iterable[Any]) -> list[str]:
    """Codes of bases, each once, in order. A citation is text, or a mapping with ``code``."""
    found: dict[str, None] = {}
    for one in cited:
        text = str(one.get("code", "")) if isinstance(one, Mapping) else str(one)
        if _CLAUSE.search(text):
            found[REGULATION] = None
        found |= dict.fromkeys(_SOURCE.findall(text))
        if _BARE.fullmatch(text.strip()) and not _CLAUSE.fullmatch(text.strip()):
            found[text.strip()] = None
    return list(found)


def clauses_of(text: str, known: Collection[str]) -> list[str]:
    """Codes of the regulation's clauses in `text`, as clauses.toml has them, each once.

    ``R7`` stands for its paragraphs, ``R6(1)–(8)`` for all between, ``R11(2)(3)`` for both.
    """
    found: dict[str, None] = {}
    for match in _CLAUSE.finditer(text):
        article, paragraph, items, until = match.groups()
        for number in range(int(article), int(until or article) + 1):
            found |= dict.fromkeys(
                _within(f"R{number}{paragraph}", items if number == int(article) else "", known)
            )
    return list(found)


def _within(head: str, items: str, known: Collection[str]) -> list[str]:
    if items:
        wanted = [f"{head}({number})" for number in _numbers(items)]
        return [code for code in wanted if code in known]
    if head in known:
        return [head]
    return [code for code in known if code.startswith(f"{head}¶")]


def _numbers(items: str) -> Iterable[int]:
    for first, last in _ITEM.findall(items):
        yield from range(int(first), int(last or first) + 1)
