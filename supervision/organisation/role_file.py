"""Roles from roles.toml: a table `[role.CODE]` each, with label, body and the lane it works in."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import InvalidData
from supervision.organisation.table import Role


@dataclass(frozen=True)
class RoleEntry:
    """A role as its file names it."""

    code: str
    label: str
    body: str
    lanes: tuple[str, ...]


def read_roles(path: Path) -> dict[str, RoleEntry]:
    """Code → role. Raises InvalidData when the file is missing or broken."""
    try:
        read = tomllib.loads(path.read_text())
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise InvalidData({path.name: [f"读不出角色目录 {path}：{error}"]}) from error
    return {code: _entry(code, values) for code, values in read.get("role", {}).items()}


def import_roles(session: Session, path: Path) -> None:
    """Writes the roles of the file; those already there take its labels."""
    for entry in read_roles(path).values():
        row = session.get(Role, entry.code) or Role(code=entry.code)
        row.label, row.body, row.lanes = entry.label, entry.body, list(entry.lanes)
        session.add(row)
    session.flush()


def _entry(code: str, values: Mapping[str, Any]) -> RoleEntry:
    if not values.get("label"):
        raise InvalidData({"roles.toml": [f"角色“{code}”没有写 label（中文名称）。"]})
    lanes = (str(values["lane"]),) if values.get("lane") else ()
    return RoleEntry(code, str(values["label"]), str(values.get("body", "")), lanes)
