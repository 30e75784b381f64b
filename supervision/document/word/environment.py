"""Jinja as the Word templates use it: in a sandbox, escaped for XML, blanks for what is missing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jinja2 import Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from supervision.document.words import cn_date

BLANK = "【待填："
LINE_BREAK = Markup('</w:t><w:br/><w:t xml:space="preserve">')
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML file may hold, e.g. a form feed that was pasted in: one of them and Word opens nothing."""


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


def environment(words: Mapping[str, str]) -> ImmutableSandboxedEnvironment:
    """`words`: variable → what a drafter reads where it is missing."""
    named = type("Named", (Blank,), {"words": words})
    made = ImmutableSandboxedEnvironment(autoescape=True, undefined=named, finalize=printed)
    made.filters |= {"cn_date": cn_date, "lines": lines}
    return made


def printed(value: Any) -> Any:
    """A value as it stands inside ``<w:t>``: printable, line breaks as Word's; a blank and markup stay."""
    if isinstance(value, Undefined) or hasattr(value, "__html__"):
        return value
    return LINE_BREAK.join(escape(line) for line in printable(str(value)).splitlines())


def lines(value: object) -> list[str]:
    """The lines of a text that hold anything, each for a paragraph of its own; of a blank, the blank."""
    return [line.strip() for line in str(value).splitlines() if line.strip()]


def printable(text: str) -> str:
    """Without what an XML file must not hold."""
    return _UNPRINTABLE.sub("", text)
