"""Connections to PostgreSQL (psycopg 3): READ COMMITTED, row locks, and a limit to every wait.

A step locks its instance's row first and reads afterwards, so READ COMMITTED suffices: each statement sees
what those that held the lock before have committed.
"""

from __future__ import annotations

import select
from collections.abc import Mapping
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError

from engine.store import pipeline

POOL = 10
"""Connections a process keeps: its threads, and the lanes of the pump."""
OVERFLOW = 10
POOL_WAIT_S = 30
STATEMENTS_KEPT = 300
"""Statements prepared per connection."""
SETTINGS = {
    "timezone": "UTC",
    "default_transaction_isolation": r"read\ committed",
    "jit": "off",  # compiling costs more than any of our statements
}
LIMITS = {"statement_timeout": "60s", "lock_timeout": "20s", "idle_in_transaction_session_timeout": "120s"}
KEEPALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}


def postgres_engine(url: URL, *, limited: bool = True) -> Engine:
    """`limited` is for everything but migrations, whose statements may take as long as they need."""
    settings = {**SETTINGS, **(LIMITS if limited else {})}
    options = (
        f"{_options(settings)} {url.query.get('options', '')}".strip()
    )  # who runs the server has the last word
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=POOL,
        max_overflow=OVERFLOW,
        pool_timeout=POOL_WAIT_S,
        connect_args={"options": options, "application_name": "ducha", **KEEPALIVE},
    )
    event.listen(engine, "connect", _prepare_many)
    event.listen(engine, "checkout", _refuse_closed)
    event.listen(engine, "before_cursor_execute", _answered)
    event.listen(engine, "commit", _committing)
    event.listen(engine, "rollback", _forgotten)
    return engine


def _options(settings: Mapping[str, str]) -> str:
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


def _prepare_many(driver: Any, record: object) -> None:
    driver.prepared_max = STATEMENTS_KEPT


def _refuse_closed(driver: Any, record: object, proxy: object) -> None:
    """An idle server says nothing: what is there to read is its farewell. Costs no round trip, unlike a ping.

    Raises InvalidatePoolError, upon which the pool connects anew.
    """
    try:
        waiting = select.poll()
        waiting.register(driver.fileno(), select.POLLIN)
        closed = bool(waiting.poll(0))
    except psycopg.OperationalError:
        closed = True
    if closed:
        raise InvalidatePoolError()


def _answered(connection: Connection, *statement: Any) -> None:
    """Before a statement of SQLAlchemy's: what was sent ahead is answered."""
    try:
        pipeline.end(connection.connection.info)
    except psycopg.Error as error:
        words = "(sent ahead)"
        raise DBAPIError.instance(words, None, error, psycopg.Error, dialect=connection.dialect) from error


def _committing(connection: Connection) -> None:
    """Before the commit, too. SQLAlchemy takes a commit that failed for the end of the transaction."""
    try:
        _answered(connection)
    except DBAPIError:
        connection.connection.rollback()
        raise


def _forgotten(connection: Connection) -> None:
    try:
        pipeline.end(connection.connection.info)
    except psycopg.Error:  # it is rolled back anyway
        return
