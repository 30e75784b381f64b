"""Reads `processes/invariants.toml`: which obligations of law hold for which process."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.bpmn.runs.question import Pick
from engine.errors import InvalidData
from supervision.invariants.selector import selector

KINDS = ("before", "person", "never", "must", "property", "uninterrupted", "people")
_KEYS = {
    "key", "kind", "clause", "processes", "except", "say", "pass", "before", "since", "waived", "unless",
    "what", "property", "value", "messages", "severity",
}  # fmt: skip


@dataclass(frozen=True)
class Obligation:
    """One demand. Which fields count depends on `kind`; see the head of the file itself."""

    key: str
    kind: str
    clause: str
    say: str
    """What is expected and how to mend it, as the process owner reads it."""
    processes: frozenset[str]
    """Empty: every process."""
    beside: frozenset[str] = frozenset()
    """Processes it does not hold for."""
    passing: tuple[Pick, ...] = ()
    before: Pick | None = None
    since: Pick | None = None
    waived: Pick | None = None
    unless: frozenset[str] = frozenset()
    what: Pick | None = None
    property: str = ""
    value: str = ""
    messages: tuple[str, ...] = ()
    severity: str = "error"

    def holds_for(self, process: str) -> bool:
        """Whether a process has to meet it."""
        return process not in self.beside and (not self.processes or process in self.processes)


def read_obligations(processes: Path) -> tuple[Obligation, ...]:
    """None when the file is missing.

    Raises:
        InvalidData: it is broken, with the key of the obligation.
    """
    path = processes / "invariants.toml"
    if not path.is_file():
        return ()
    try:
        entries = tomllib.loads(path.read_text())
    except tomllib.TOMLDecodeError as error:
        raise InvalidData({"invariants.toml": [f"不是正确的 TOML：{error}"]}) from error
    roles = {**entries.get("document_role", {}), **_registered(processes)}
    return tuple(_obligation(key, entry, roles) for key, entry in entries.get("obligation", {}).items())


def _registered(processes: Path) -> dict[str, str]:
    """Legal role by document code, as the register of documents has it."""
    path = processes / "documents" / "documents.toml"
    entries = tomllib.loads(path.read_text()) if path.is_file() else {}
    listed = entries.get("document", entries)
    return {
        code: str(entry["role"])
        for code, entry in listed.items()
        if isinstance(entry, dict) and entry.get("role")
    }


def _obligation(key: str, entry: Mapping[str, Any], roles: Mapping[str, str]) -> Obligation:
    unknown = sorted(set(entry) - _KEYS)
    if unknown or entry.get("kind") not in KINDS or not entry.get("say") or not entry.get("clause"):
        wrong = f"不认识的项：{'、'.join(unknown)}" if unknown else "应写明 kind、clause、say"
        raise InvalidData({key: [f"invariants.toml 的“{key}”：{wrong}；kind 应为 {'、'.join(KINDS)} 之一"]})

    def pick(name: str) -> Pick | None:
        return selector(entry[name], roles) if entry.get(name) else None

    return Obligation(
        key, entry["kind"], entry["clause"], entry["say"],
        frozenset(entry.get("processes", ())), frozenset(entry.get("except", ())),
        tuple(selector(text, roles) for text in entry.get("pass", ())),
        None if entry.get("before") == "end" else pick("before"), pick("since"), pick("waived"),
        frozenset(entry.get("unless", ())), pick("what"),
        entry.get("property", ""), entry.get("value", ""), tuple(entry.get("messages", ())),
        entry.get("severity", "error"),
    )  # fmt: skip
