"""Who writes to SQLite waits for its turn, briefly and with a limit; who reads does not wait."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from engine.store import sqlite
from engine.store.db import make_engine


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'turns.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def busy(file: Engine, tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """Somebody else who is writing."""
    file.connect().close()
    other = sqlite3.connect(tmp_path / "turns.db", check_same_thread=False, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield other
    other.close()


def test_a_writer_goes_on_as_soon_as_the_other_is_done(file: Engine, busy: sqlite3.Connection) -> None:
    begun = threading.Event()

    def write() -> None:
        with file.begin():
            begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    assert not begun.wait(0.05)
    busy.execute("COMMIT")
    assert begun.wait(5)
    writer.join()


def test_a_writer_gives_up_in_the_end(
    file: Engine, busy: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.02)
    with pytest.raises(OperationalError, match="locked"):
        file.begin().__enter__()


def test_a_reader_does_not_wait(file: Engine, busy: sqlite3.Connection) -> None:
    with file.connect().execution_options(readonly=True) as reader:
        assert reader.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30000
