"""Brings a database to the shape this version needs, and tells whether it has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, func, select
from sqlalchemy.exc import OperationalError

from engine.store.db import make_engine

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x6475636861
"""“ducha” in ASCII: the advisory lock of whoever makes a database ready."""


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Holds off other processes that would make the same database ready at the same time.

    SQLite needs none: its migrations, like every first row, are written under the file's own lock.

    Raises:
        ConnectionError: see `upgrade`.
    """
    with _connect(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="AUTOCOMMIT")  # no transaction that ages meanwhile
            connection.execute(select(func.pg_advisory_lock(LOCK)))
        yield  # the lock ends with the connection


def upgrade(url: str) -> str:
    """Runs the migrations that are missing; returns the revision reached. Creates a SQLite file.

    Raises:
        ConnectionError: the database cannot be reached; the message is Chinese.
    """
    with _connect(url) as connection:
        command.upgrade(_config(connection), "head")
        connection.commit()
        return current(connection)


def is_current(url: str) -> bool:
    """Whether the database has every migration: a server refuses to start on one that has not."""
    with _connect(url) as connection:
        return current(connection) == ScriptDirectory.from_config(_config(connection)).get_current_head()


def current(connection: Connection) -> str:
    """The newest revision run on this database, '' for none."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def draft(url: str, revision: str, message: str, metadata: MetaData) -> Path:
    """Writes a migration from the database at `url` to `metadata`, for a developer to read and correct."""
    with _connect(url) as connection:
        config = _config(connection)
        config.attributes["metadata"] = metadata
        script = command.revision(config, message, autogenerate=True, rev_id=revision)
        if script is None or isinstance(script, list):
            raise RuntimeError(f"Expected one new migration, but got {script!r}")
        return Path(script.path)


@contextmanager
def _connect(url: str) -> Iterator[Connection]:
    engine = make_engine(url, limited=False)
    try:
        with _reached(engine) as connection:
            yield connection
    finally:
        engine.dispose()


def _reached(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except OperationalError as error:
        raise ConnectionError(f"连不上数据库，请检查 DATABASE_URL 和数据库服务：{error.orig}") from error


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
