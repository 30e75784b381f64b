"""Whether a database needs nothing before it can serve, asked without loading SQLAlchemy and Alembic.

Every start asks this; loading the whole program only to find that nothing is to be done doubled its time.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

VERSIONS = Path(__file__).parent / "migrations" / "versions"
QUESTION = "SELECT version_num, EXISTS (SELECT 1 FROM definition) FROM alembic_version"
SQLITE, POSTGRES = "sqlite:///", re.compile(r"postgres(ql)?(\+psycopg)?://")


def is_ready(url: str) -> bool:
    """True when every migration was run and something is published; False also when it cannot be told."""
    newest = max(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))
    return [(number, bool(published)) for number, published in _ask(url)] == [(newest, True)]


def _ask(url: str) -> Sequence[tuple[Any, Any]]:
    if url.startswith(SQLITE):
        return _ask_sqlite(Path(url.removeprefix(SQLITE)))
    return _ask_postgres(POSTGRES.sub("postgresql://", url)) if POSTGRES.match(url) else ()


def _ask_sqlite(path: Path) -> Sequence[tuple[Any, Any]]:
    if not path.is_file():
        return ()
    try:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(QUESTION).fetchall()
    except sqlite3.Error:
        return ()


def _ask_postgres(url: str) -> Sequence[tuple[Any, Any]]:
    import psycopg  # who has SQLite need not load it

    try:
        with psycopg.connect(url, autocommit=True) as connection:
            return connection.execute(QUESTION).fetchall()
    except psycopg.Error:
        return ()
