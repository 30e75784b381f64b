"""案号: gapless per kind and year, given in the transaction that opens the case."""

from __future__ import annotations

import tomllib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.tables import DefinitionFile
from supervision.case.table import CaseSeries
from supervision.lock import locked_row

_letters: dict[str, str] = {}
"""Version → letters: a version never changes."""


def letters_of(session: Session, definition_id: str) -> str:
    """The letters of 案号 that a version's process.toml gives (`number_series`); '' where it opens no cases.

    Source: DOMAIN 6.1.
    """
    found = _letters.get(definition_id)
    if found is None:
        manifest = session.scalar(
            select(DefinitionFile.content).where(
                DefinitionFile.definition_id == definition_id, DefinitionFile.path == "process.toml"
            )
        )
        read = tomllib.loads(manifest.decode()) if manifest else {}
        found = _letters[definition_id] = str(read.get("number_series", "")).strip()
    return found


def numbered(session: Session, kind: str, letters: str, now: datetime) -> str:
    """``XS-2026-0001``. The row is locked until the transaction ends; a rollback gives the number back."""
    year = date_of(now).year
    row = locked_row(session, CaseSeries, {"kind": kind, "year": year}, {"last": 0})
    row.last += 1
    session.flush()
    return f"{letters}-{year}-{row.last:04d}"
