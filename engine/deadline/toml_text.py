"""TOML read for process owners: a syntax error becomes a Chinese sentence with file and line."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from engine.errors import InvalidData

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def read(text: str, source: str) -> dict[str, Any]:
    """The tables of `text`; `source` is the file name shown in the error.

    Raises:
        InvalidData: not TOML; keyed by `source`.
    """
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))  # Windows editors write a byte order mark
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        place = f"第 {found[1]} 行第 {found[2]} 列附近" if found else "文件末尾附近"
        message = (
            f"{place}不符合 TOML 格式：请检查引号、方括号和等号是否成对、完整，以及同一名称是否写了两次。"
        )
        raise InvalidData({source: [message]}) from error
