"""Roles from roles.toml: one table per code, with label, body and the lanes it works in."""

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
    return {code: _entry(code, values) for code, values in _tables(read).items()}


def import_roles(session: Session, path: Path) -> None:
    """Writes the roles of the file; those already there take its labels."""
    for entry in read_roles(path).values():
        row = session.get(Role, entry.code) or Role(code=entry.code)
        row.label, row.body, row.lanes = entry.label, entry.body, list(entry.lanes)
        session.add(row)
    session.flush()


def _tables(read: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Either ``[[role]] code = …``, or a table per code, at the top or below ``[roles]``."""
    listed = read.get("role") or read.get("roles")
    if isinstance(listed, list):
        return {str(entry.get("code", "")): entry for entry in listed}
    tables = listed if isinstance(listed, Mapping) else read
    return {code: values for code, values in tables.items() if isinstance(values, Mapping)}


def _entry(code: str, values: Mapping[str, Any]) -> RoleEntry:
    label = str(values.get("label") or values.get("name") or "")
    if not label:
        raise InvalidData({"roles.toml": [f"角色“{code}”没有写 label（中文名称）。"]})
    return RoleEntry(code, label, str(values.get("body", "")), tuple(str(x) for x in values.get("lanes", ())))
