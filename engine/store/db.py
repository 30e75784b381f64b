"""Connections: one function makes the engine for SQLite or PostgreSQL, one makes sessions.

SQLite runs in WAL mode with synchronous=FULL and BEGIN IMMEDIATE, so that several processes on one host may
share the file and a step never fails half-way on a lock it could have asked for at its start.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.orm.util import identity_key

BUSY_TIMEOUT_S = 30


def absolute_url(url: str) -> str:
    """The same URL with an absolute SQLite path: a relative one means another file in every folder."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return url
    path = Path(parsed.database).expanduser().resolve()
    return parsed.set(database=str(path)).render_as_string(hide_password=False)


def make_engine(url: str) -> Engine:
    """An engine with our settings. Creates the folder of a SQLite file, not the tables."""
    url = absolute_url(url)
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, isolation_level="READ COMMITTED")
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_S, "check_same_thread": False})
    event.listen(engine, "connect", _sqlite_settings)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    """A factory of sessions; objects stay readable after commit."""
    return sessionmaker(engine, expire_on_commit=False)


def forget_row(session: Session, entity: type[Any], key: str) -> None:
    """The session's own copy of a row, if it has one, is out of date: it is read anew when asked."""
    if (held := session.identity_map.get(identity_key(entity, key))) is not None:
        session.expire(held)


def _sqlite_settings(connection: Any, record: object) -> None:
    connection.isolation_level = None  # we send BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    """A read-only session does not take the write lock. On the driver itself: every step passes here."""
    readonly = connection.get_execution_options().get("readonly", False)
    words = "BEGIN" if readonly else "BEGIN IMMEDIATE"
    try:
        connection.connection.cursor().execute(words)
    except sqlite3.Error as error:
        raise DBAPIError.instance(words, None, error, sqlite3.Error, dialect=connection.dialect) from error
