"""Reading the whole numbers and lengths a form file may give, as numbers or as text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_WHOLE = re.compile(r"\d{1,6}", re.ASCII)


def utf16_length(text: str) -> int:
    """The length as form-js and every browser count it: in UTF-16 units."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def whole(source: Mapping[str, Any], key: str) -> int | None:
    """The whole number under `key`, or None when none is given. Raises ValueError for anything else."""
    value = source.get(key)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not _WHOLE.fullmatch(str(value)):
        raise ValueError(f"Expected a whole number under {key}, but got {value!r}")
    return int(value)


def lint_whole(source: Mapping[str, Any], *keys: str) -> Iterator[str]:
    """A sentence for each of the keys whose value is not a whole number."""
    for key in keys:
        try:
            whole(source, key)
        except ValueError:
            yield f"“{key}”应为不带小数的数字，现在是“{source[key]}”。请改成数字，例如 20。"


def lint_order(least: int | None, most: int | None, what: str) -> Iterator[str]:
    """A sentence when the lower limit lies above the upper one."""
    if least is not None and most is not None and least > most:
        yield f"{what}的下限 {least} 大于上限 {most}，谁也填不对。请改其中一个。"
