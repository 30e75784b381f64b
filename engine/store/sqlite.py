"""Connections to SQLite: WAL, synchronous=FULL and BEGIN IMMEDIATE.

So several processes on one host may share the file, and a step never fails half-way on a lock it could have
asked for at its start.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

BUSY_TIMEOUT_S = 30


def sqlite_engine(url: URL) -> Engine:
    """Creates the folder of the file, not the tables."""
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False})
    event.listen(engine, "connect", _settings)
    event.listen(engine, "begin", _begin)
    return engine


def absolute(url: URL) -> URL:
    """The same with an absolute path: a relative one means another file in every folder."""
    if not url.database or url.database == ":memory:":
        return url
    return url.set(database=str(Path(url.database).expanduser().resolve()))


def _settings(connection: Any, record: object) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A read-only session does not take the write lock. On the driver itself: every step passes here."""
    readonly = connection.get_execution_options().get("readonly", False)
    words = "BEGIN" if readonly else "BEGIN IMMEDIATE"
    try:
        connection.connection.cursor().execute(words)
    except sqlite3.Error as error:
        raise DBAPIError.instance(words, None, error, sqlite3.Error, dialect=connection.dialect) from error
