"""Fixtures shared by all tests: a fresh SQLite database and its sessions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

import engine.store.tables
from engine.store.base import Base
from engine.store.db import make_engine, make_sessions
from engine.store.visibility import SYSTEM, install, see_as


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[sessionmaker[Session]]:
    """A factory on an empty database with every engine table."""
    assert engine.store.tables.Instance  # imported for its side effect: the tables register themselves
    database = make_engine(f"sqlite:///{tmp_path / 'test.db'}")
    Base.metadata.create_all(database)
    factory = make_sessions(database)
    install(factory)
    yield factory
    database.dispose()


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """One session that sees everything; the test commits."""
    with sessions() as opened:
        yield see_as(opened, SYSTEM)
