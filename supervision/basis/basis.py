"""One legal basis as its file in processes/regulation/bases/ says it; reads and checks such a file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from engine.errors import InvalidData

STATUSES = ("现行有效", "已修改", "已废止", "待核实")
KINDS = ("本办法", "法律法规", "标准和格式", "外地实践")
TEXTS = ("code", "official_title", "status", "kind")
OPTIONAL = ("title_as_cited", "doc_no", "issuer", "version", "replaced_by", "seen", "note")
DAYS = ("version_date", "effective_from", "effective_to")
REGULATION = "R"
"""Code of the district's own regulation; its clauses stand word for word in clauses.toml."""


@dataclass(frozen=True)
class Article:
    """An article somebody uses; never its text, which is the law's own to say."""

    no: str
    """As citations write it: ``23¶3``, ``12(3)``, ``14–16``."""
    use: str


@dataclass(frozen=True)
class Basis:
    """A law, a regulation, a standard, or another place's practice. Source: DOMAIN 10, design rule 1."""

    code: str
    official_title: str
    status: str
    kind: str
    title_as_cited: str = ""
    """As the district's regulation prints it, where it does."""
    doc_no: str = ""
    issuer: str = ""
    version: str = ""
    replaced_by: str = ""
    """Code of the basis to cite instead."""
    seen: str = ""
    """What was looked up, and where."""
    note: str = ""
    version_date: date | None = None
    effective_from: date | None = None
    effective_to: date | None = None
    """The last day, or the day of repeal; None while it is in force."""
    articles: tuple[Article, ...] = ()

    @property
    def name(self) -> str:
        """``《中华人民共和国监察法》（2024 年修正）``."""
        return f"《{self.official_title}》" + (f"（{self.version}）" if self.version else "")

    @property
    def miscited(self) -> bool:
        """Whether the regulation prints another title than the official one."""
        return bool(self.title_as_cited) and self.title_as_cited != self.official_title

    def in_force(self, on: date) -> bool:
        """Whether a document of that day may rest on it: 待核实 may, with a warning."""
        return self.status != "已废止" and (self.effective_to is None or on <= self.effective_to)

    def expires_by(self, on: date) -> bool:
        """Whether it is no longer in force on that day, or its text there has been replaced."""
        return self.status in ("已废止", "已修改") or (
            self.effective_to is not None and self.effective_to <= on
        )


@lru_cache(maxsize=256)
def parse_basis(text: str) -> Basis:
    """Raises InvalidData, keyed by entry, with every problem of the file."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidData({"file": [f"不是正确的 TOML：{error}"]}) from error
    if errors := _problems(read):
        raise InvalidData(errors)
    given: dict[str, Any] = {name: str(read.get(name, "")) for name in (*TEXTS, *OPTIONAL)}
    given |= {name: read.get(name) for name in DAYS}
    articles = tuple(Article(str(one["no"]), str(one["use"])) for one in read.get("article", []))
    return Basis(**given, articles=articles)


def _problems(read: dict[str, Any]) -> dict[str, list[str]]:
    errors = {name: [f"应写明 {name}"] for name in TEXTS if not read.get(name)}
    known = {*TEXTS, *OPTIONAL, *DAYS, "article"}
    errors |= {name: [f"不认识“{name}”：可用的有 {'、'.join(sorted(known))}"] for name in set(read) - known}
    if read.get("status") and read["status"] not in STATUSES:
        errors["status"] = [f"status 应为 {'、'.join(STATUSES)} 之一，但是“{read['status']}”"]
    if read.get("kind") and read["kind"] not in KINDS:
        errors["kind"] = [f"kind 应为 {'、'.join(KINDS)} 之一，但是“{read['kind']}”"]
    for name in DAYS:
        if name in read and not isinstance(read[name], date):
            errors[name] = [f"{name} 应是不加引号的日期，如 2018-03-20，但是“{read[name]}”"]
    if any("no" not in one or "use" not in one for one in read.get("article", [])):
        errors["article"] = ["每个 [[article]] 应写 no（条）和 use（引用来做什么）"]
    return errors
