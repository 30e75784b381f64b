"""Fixtures shared by all tests: a fresh database and its sessions, and a PostgreSQL server when asked for."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

import engine.store.tables
from bench.postgres import Postgres, binaries
from engine.store.base import Base
from engine.store.db import make_engine, make_sessions
from engine.store.migrate import upgrade
from engine.store.visibility import SYSTEM, install, see_as


def pytest_collection_finish() -> None:
    """What was collected stays for good: looking at it again costs every test a tenth of its time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One server for the whole run."""
    if binaries() is None:
        pytest.skip("no PostgreSQL server: apt-get install postgresql, or make test as root")
    with Postgres(careless=True) as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: Postgres) -> str:
    """Name of a PostgreSQL database with every migration and no row, to be copied."""
    upgrade(postgres.create("migrated"))
    return "migrated"


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    """Where this test's database is."""
    return f"sqlite:///{tmp_path / 'test.db'}"


@pytest.fixture
def sessions(database_url: str) -> Iterator[sessionmaker[Session]]:
    """A factory on an empty database with every engine table."""
    assert engine.store.tables.Instance  # imported for its side effect: the tables register themselves
    database = make_engine(database_url)
    if database.dialect.name == "sqlite":
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
