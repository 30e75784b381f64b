"""On which line of a JSON text a value begins: the place of a finding in the file that was checked."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def line_of(text: str, place: tuple[str | int, ...]) -> int | None:
    """The line, from 1, of the value at `place` in well-formed JSON; None when there is no such value."""
    at = _skip(text, 0)
    for step in place:
        found = _entry(text, at, step)
        if found is None:
            return None
        at = found
    return text.count("\n", 0, at) + 1


def _entry(text: str, at: int, step: str | int) -> int | None:
    """Where the entry `step` of the object or array at `at` begins."""
    if text[at] != ("[" if isinstance(step, int) else "{"):
        return None
    at, index, last = _skip(text, at + 1), 0, None
    while text[at] not in "]}":
        name: str | int = index
        if not isinstance(step, int):
            name, at = scanstring(text, at + 1, True)
            at = _skip(text, _skip(text, at) + 1)
        if name == step:
            last = at  # of a name that stands twice the last is read
        _, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if text[at] == ",":
            at = _skip(text, at + 1)
        index += 1
    return last


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at
