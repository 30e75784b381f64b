"""公文目录 (processes/documents/documents.toml): title, series, signer and legal role of each document."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import InvalidData

FULL = "full"
FILE = Path("documents") / "documents.toml"


@dataclass(frozen=True)
class Variant:
    """The same template under another title, where all of `when` (variable → value) holds."""

    when: Mapping[str, str]
    title: str
    series: str
    """'' where it is that of the entry."""


@dataclass(frozen=True)
class Entry:
    """A document of DOMAIN 6.2."""

    code: str
    title: str
    genre: str
    """文种 of 党政机关公文处理工作条例 article 8, or what it is in the file of a case."""
    series: str
    """诉, 函, 督 …; '' where the document has no number."""
    signer: str
    """Role that signs; '' where nobody signs it in the system."""
    cites: Sequence[str]
    deliver: bool
    public: bool
    chain: str
    """full: 核稿, 会签, 合法性审核 and 用印 are steps of their own; '' signed and numbered when drafted."""
    checker: str
    """Role that checks the draft; '' the one below the signer."""
    legal: bool
    """Whether 合法性审核 looks at every one of them, not only at those that cite what is repealed."""
    countersign: Sequence[str]
    """Roles of the bodies that countersign, before the drafter changes it."""
    role: str
    """What it is in law: decision, defence_notice …; checks of diagrams find it by this."""
    variants: Sequence[Variant]

    def variant(self, data: Mapping[str, Any]) -> Variant:
        """The first variant that fits `data`; else the entry itself."""
        for one in self.variants:
            if all(data.get(name) == value for name, value in one.when.items()):
                return Variant(one.when, one.title, one.series or self.series)
        return Variant({}, self.title, self.series)


def read_register(processes: Path) -> Mapping[str, Entry]:
    """Code → entry; empty where the folder has no register.

    Raises:
        InvalidData: the file is broken, or an entry lacks its title.
    """
    return {code: _entry(code, values) for code, values in _read(processes).get("document", {}).items()}


def read_words(processes: Path) -> Mapping[str, str]:
    """Variable of the templates → what a drafter reads where it is missing. Raises InvalidData."""
    return {name: str(word) for name, word in _read(processes).get("words", {}).items()}


def _read(processes: Path) -> Mapping[str, Any]:
    path = processes / FILE
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise InvalidData({FILE.name: [f"公文目录不是正确的 TOML：{error}"]}) from error


def _chain(code: str, values: Mapping[str, Any]) -> str:
    chain = str(values.get("chain", ""))
    if chain not in ("", FULL):
        raise InvalidData({FILE.name: [f"公文目录的 {code} 写着 chain = “{chain}”：全程写 full，简程不写"]})
    return chain


def _entry(code: str, values: Mapping[str, Any]) -> Entry:
    try:
        return Entry(
            code,
            str(values["title"]),
            str(values.get("genre", "")),
            str(values.get("series", "")),
            str(values.get("signer", "")),
            tuple(values.get("cites", ())),
            bool(values.get("deliver")),
            bool(values.get("public")),
            _chain(code, values),
            str(values.get("checker", "")),
            bool(values.get("legal")),
            tuple(values.get("countersign", ())),
            str(values.get("role", "")),
            tuple(
                Variant(one["when"], str(one["title"]), str(one.get("series", "")))
                for one in values.get("variant", ())
            ),
        )
    except KeyError as missing:
        raise InvalidData(
            {
                FILE.name: [
                    f"公文目录的 {code} 缺少 {missing.args[0]}：每种公文写 title，每个 variant 写 when、title"
                ]
            }
        ) from missing
