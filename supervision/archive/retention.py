"""保管期限 of a case's file and of what is in it, from processes/archive.toml. Source: S:DAJ8; DOMAIN 6.3."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from engine.errors import InvalidData

YEARS = {"永久": None, "30年": 30, "10年": 10}
FOLLOWED = "30年"
"""Of a file that would be kept for a shorter time, when a case of `after` followed from it."""


@dataclass(frozen=True)
class Retention:
    """What a district's archive authority agreed to."""

    default: str
    volume: Mapping[str, str]
    """Process → class."""
    after: Mapping[str, Sequence[str]]
    """Process → processes that make its file be kept longer."""
    document: Mapping[str, str]
    """Template code → class."""

    def of_volume(self, process: str, followed_by: Set[str]) -> str:
        """Class of the file of a case of `process` from which cases of `followed_by` followed."""
        own = self.volume.get(process, self.default)
        if followed_by & set(self.after.get(process, ())):
            return longer(own, FOLLOWED)
        return own

    def of_document(self, code: str, volume: str) -> str:
        """Never shorter than the file it lies in."""
        return longer(volume, self.document.get(code, volume))


def longer(one: str, other: str) -> str:
    """The class that keeps longer."""
    order = ["10年", "30年", "永久"]
    return max(one, other, key=order.index)


def kept_until(retention: str, closed_on: date) -> date | None:
    """Last day, counted from the 1 January after the case was closed; None for 永久."""
    years = YEARS[retention]
    return None if years is None else date(closed_on.year + years, 12, 31)


def read_retention(processes: Path) -> Retention:
    """Raises InvalidData: the file is broken, or names a class that does not exist."""
    path = processes / "archive.toml"
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except tomllib.TOMLDecodeError as error:
        raise InvalidData({path.name: [f"不是正确的 TOML：{error}"]}) from error
    found = Retention(
        str(read.get("default", "30年")),
        read.get("volume", {}),
        read.get("after", {}),
        read.get("document", {}),
    )
    for name, given in {"default": found.default, **found.volume, **found.document}.items():
        if given not in YEARS:
            raise InvalidData({path.name: [f"{name} 的保管期限应为永久、30年或10年，但是写了“{given}”"]})
    return found
