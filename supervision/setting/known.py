"""已知的设置: what processes/settings.toml says a district must decide, and the value in force of each."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import InvalidData, NotFound
from supervision.setting.store import get_setting, put_setting

FILE = "settings.toml"
DECLARED = "declared_settings"
"""The setting that holds the declarations, so that a session is all a reader needs."""
KINDS = ("text", "date", "choice", "unit_name", "rule", "cycle")
TARGET = {"unit_name": "unit", "rule": "rule", "cycle": "cycle"}
"""Kinds whose value lives elsewhere → the entry that says where."""


@dataclass(frozen=True)
class Known:
    """One setting: what it is called, what may be chosen, what follows from it."""

    key: str
    question: int
    """Which of the twelve questions of the process owner (1 to 12) it answers."""
    label: str
    kind: str
    effect: str
    default: str
    options: Mapping[str, str]
    """Value → explanation, of kind choice."""
    clause: tuple[str, ...]
    target: str
    """Code of a unit, key of a rule or of a cycle: where the value of such a kind lives."""

    def checked(self, value: str) -> str:
        """`value` without blanks around it. Raises InvalidData where it cannot be chosen."""
        value = value.strip()
        if self.kind == "choice" and value not in self.options:
            raise InvalidData(
                {"value": [f"“{self.label}”应为{'、'.join(self.options)}之一，但是“{value}”。"]}
            )
        if self.kind == "date" and value:
            _demand_date(self.label, value)
        if self.kind in ("unit_name", "rule", "cycle") and not value:
            raise InvalidData({"value": [f"“{self.label}”不能为空。"]})
        return value


def declare(session: Session, processes: Path) -> None:
    """Takes the declarations of the file into the database; what was chosen stays. The caller commits.

    Raises:
        InvalidData: the file is broken. Without the file there is nothing to decide.
    """
    path = processes / FILE
    if not path.is_file():
        return
    read = parse(path.read_text(encoding="utf-8"))
    entries = {
        key: {**vars(one), "clause": list(one.clause), "options": dict(one.options)}
        for key, one in read.items()
    }
    if get_setting(session, DECLARED) != entries:
        put_setting(session, DECLARED, entries)


def parse(text: str) -> dict[str, Known]:
    """Key → setting. Raises InvalidData, keyed by section, with every problem."""
    try:
        sections = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidData({FILE: [f"{FILE} 不是正确的 TOML：{error}"]}) from error
    errors = {key: problems for key, entry in sections.items() if (problems := _problems(entry))}
    if errors:
        raise InvalidData(errors)
    return {key: _known(key, entry) for key, entry in sections.items()}


def known(session: Session) -> dict[str, Known]:
    """Every declared setting by key, in the order of the file."""
    return {key: _known(key, entry) for key, entry in get_setting(session, DECLARED, {}).items()}


def setting(session: Session, key: str) -> str:
    """The value in force of a plain setting (text, date, choice): as chosen, else its default.

    Raises:
        NotFound: settings.toml does not declare it.
    """
    entry = get_setting(session, DECLARED, {}).get(key)
    if entry is None:
        raise NotFound(f"没有设置“{key}”：请流程所有者在 {FILE} 中写明它的默认值")
    return str(get_setting(session, key, entry["default"]))


def date_setting(session: Session, key: str) -> date | None:
    """The day that was chosen, None while nobody has."""
    value = setting(session, key)
    return date.fromisoformat(value) if value else None


def _known(key: str, entry: Mapping[str, Any]) -> Known:
    where = TARGET.get(entry["kind"], "")
    return Known(
        key, int(entry["question"]), entry["label"], entry["kind"], entry["effect"],
        str(entry.get("default", "")), dict(entry.get("options", {})), tuple(entry["clause"]),
        str(entry.get("target") or entry.get(where, "")),
    )  # fmt: skip


def _problems(entry: Any) -> list[str]:
    if not isinstance(entry, Mapping):
        return ["应是一个小节，写明 question、label、kind、effect 和 clause"]
    missing = [name for name in ("question", "label", "kind", "effect", "clause") if name not in entry]
    if missing:
        return [f"没有写 {'、'.join(missing)}"]
    kind = entry["kind"]
    if kind not in KINDS:
        return [f"kind 应为 {'、'.join(KINDS)} 之一，但是“{kind}”"]
    if kind in TARGET and not entry.get(TARGET[kind]):
        return [f"kind 是 {kind} 的应写 {TARGET[kind]}"]
    if kind == "choice" and entry.get("default") not in entry.get("options", {}):
        return [f"default 应是 options 中的一个，但是“{entry.get('default', '')}”"]
    return []


def _demand_date(label: str, value: str) -> None:
    try:
        date.fromisoformat(value)
    except ValueError as error:
        raise InvalidData({"value": [f"“{label}”应为日期，如 2026-03-02，但是“{value}”。"]}) from error
