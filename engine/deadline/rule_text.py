"""Changes the terms of one rule inside the text of deadlines.toml; every other line and comment stays."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from engine.errors import NotFound

_HEADER = re.compile(r"^\[[^\[\]]+\]\s*$", re.MULTILINE)
_ORDER = ("value", "unit", "extension", "ladder")


def with_terms(text: str, key: str, terms: Mapping[str, int | str | Mapping[str, int | str] | None]) -> str:
    """`text` with the given terms of rule `key`; None takes a line out.

    Terms are ``value``, ``unit``, ``extension`` (n, unit, max) and ``ladder``. The result is not checked.

    Raises:
        NotFound: the text has no such rule.
    """
    header = re.search(rf"^\[{re.escape(key)}\][ \t]*$", text, re.MULTILINE)
    if header is None:
        raise NotFound(f"期限规则“{key}”不在 deadlines.toml 中")
    following = _HEADER.search(text, header.end())
    end = following.start() if following else len(text)
    section = text[header.end() : end]
    for name in _ORDER:
        if name in terms:
            section = _with_line(section, name, terms[name])
    return text[: header.end()] + section + text[end:]


def _with_line(section: str, name: str, value: int | str | Mapping[str, int | str] | None) -> str:
    line = re.compile(rf"^{name}\s*=.*\n?", re.MULTILINE)
    fresh = "" if value is None else f"{name} = {_written(value)}\n"
    if line.search(section):
        return line.sub(lambda _: fresh, section, count=1)
    tag = re.search(r"^tag\s*=", section, re.MULTILINE)
    at = tag.start() if tag else section.find("\n") + 1
    return section[:at] + fresh + section[at:]


def _written(value: int | str | Mapping[str, int | str]) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{name} = {_written(part)}" for name, part in value.items()) + " }"
    return json.dumps(value, ensure_ascii=False)
