"""Writes a row whose key may be there already, without failing and without a savepoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_once(session: Session, table: Table, values: Mapping[str, Any]) -> bool:
    """False when a row of one of its unique keys exists; waits for a transaction that is writing it."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    written = session.execute(dialect.insert(table).values(**values).on_conflict_do_nothing())
    assert isinstance(written, CursorResult)
    return written.rowcount == 1
