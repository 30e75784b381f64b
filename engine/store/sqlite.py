"""Connections to SQLite: WAL, synchronous=FULL and BEGIN IMMEDIATE.

So several processes on one host may share the file, and a step never fails half-way on a lock it could have
asked for at its start.
"""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError

BUSY_TIMEOUT_S = 30
TURN_S = 0.001
PAGE_BYTES = 2048
"""A step changes a few hundred bytes in each of nineteen pages, and a commit waits for all of them."""
WAL_BYTES = 4_000_000
"""After so much the log is written over from its beginning."""
WAITING = f"PRAGMA busy_timeout={BUSY_TIMEOUT_S * 1000}"


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
        f"page_size={PAGE_BYTES}",  # of a new file; one that is there keeps its own
        "journal_mode=WAL",
        f"wal_autocheckpoint={WAL_BYTES // PAGE_BYTES}",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        WAITING.removeprefix("PRAGMA "),
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """A read-only session does not take the write lock. On the driver itself: every step passes here."""
    readonly = connection.get_execution_options().get("readonly", False)
    words = "BEGIN" if readonly else "BEGIN IMMEDIATE"
    cursor = connection.connection.cursor()
    try:
        if readonly:
            cursor.execute(words)
        else:
            _take_turn(cursor, words)
    except sqlite3.Error as error:
        raise DBAPIError.instance(words, None, error, sqlite3.Error, dialect=connection.dialect) from error


def _take_turn(cursor: Any, words: str) -> None:
    """Asks for the write lock every millisecond, BUSY_TIMEOUT_S long.

    SQLite's own waiting sleeps longer and longer, up to a tenth of a second: with four clients one in a
    hundred then waited for a second or two while others passed it. Raises sqlite3.OperationalError.
    """
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        for left in reversed(range(round(BUSY_TIMEOUT_S / TURN_S))):
            try:
                cursor.execute(words)
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or not left:
                    raise
                time.sleep(TURN_S)
    finally:
        cursor.execute(WAITING)
