"""通报骨架 (processes/bulletin.toml): the parts a 年度督查通报 has, in order. Source: R7¶1; DOMAIN 8.3."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.errors import InvalidData

FILE = "bulletin.toml"
HOLDS = (
    "overview", "ranking", "groups", "self_check", "complaints", "accountability", "cards", "requirements",
    "table",
)  # fmt: skip
"""What a part may be filled with."""


@dataclass(frozen=True)
class Section:
    """A part: its heading, what fills it, and what stands before that."""

    title: str
    holds: str
    intro: str = ""


@lru_cache(maxsize=8)
def read_skeleton(processes: Path) -> Sequence[Section]:
    """Raises InvalidData when the file is missing or wrong."""
    try:
        read = tomllib.loads((processes / FILE).read_text())
        found = tuple(
            Section(str(entry["title"]), str(entry["holds"]), str(entry.get("intro", "")))
            for entry in read["section"]
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise InvalidData({FILE: [f"通报骨架读不出来：{error}。请对照原文件改正。"]}) from error
    if strange := [part.holds for part in found if part.holds not in HOLDS]:
        raise InvalidData({FILE: [f"holds“{strange[0]}”不存在：可用的有 {'、'.join(HOLDS)}。"]})
    return found


def missing(processes: Path, text: str) -> list[str]:
    """Headings that the text lacks: each stands at the start of a line."""
    lines = text.splitlines()
    return [part.title for part in read_skeleton(processes) if not any(_begins(line, part) for line in lines)]


def without(processes: Path, text: str, holds: Collection[str]) -> str:
    """The text without the parts that hold one of these, each with its heading."""
    kept, part = [], None
    for line in text.splitlines():
        part = next((one for one in read_skeleton(processes) if _begins(line, one)), part)
        if part is None or part.holds not in holds:
            kept.append(line)
    return "\n".join(kept).strip()


def _begins(line: str, part: Section) -> bool:
    return line.replace(" ", "").strip().startswith(part.title.replace(" ", ""))
