"""Two transactions in each other's way: the one that lost is told from one that asked for nonsense."""

from __future__ import annotations

import io
import threading
from datetime import UTC, datetime

import pytest
from flask import Flask, request
from sqlalchemy import event, insert, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from engine.store import sqlite
from engine.store.base import table_of
from engine.store.clash import again, busy, taken
from engine.store.once import insert_once
from engine.store.tables import Lease
from forms.again import BUSY, TAKEN, repeat_lost, said_of

T0 = datetime(2026, 3, 2, 1, tzinfo=UTC)
_leases = table_of(Lease)


def row(name: str) -> dict[str, object]:
    return {"name": name, "owner": "甲", "until": T0}


@pytest.fixture
def two(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    """Two rows to be locked."""
    with sessions.begin() as session:
        session.execute(insert(_leases), [row("a"), row("b")])
    return sessions


def touch(session: Session, name: str) -> None:
    session.execute(update(_leases).where(_leases.c.name == name).values(owner="乙"))


def test_a_row_that_is_there_already_is_told_as_taken(two: sessionmaker[Session]) -> None:
    with two() as session, pytest.raises(DBAPIError) as refused:
        session.execute(insert(_leases).values(**row("a")))
    assert taken(refused.value)
    assert said_of(refused.value) == TAKEN
    assert not busy(refused.value)


def test_what_is_wrong_with_a_statement_is_nobodys_clash(two: sessionmaker[Session]) -> None:
    with two() as session, pytest.raises(DBAPIError) as refused:
        session.execute(text("SELECT nothing_of_this_name"))
    assert said_of(refused.value) is None
    assert not again(refused.value)


def test_a_row_is_written_once_and_the_transaction_goes_on(two: sessionmaker[Session]) -> None:
    with two() as session:
        assert not insert_once(session, _leases, row("a"))
        assert insert_once(session, _leases, row("c"))
        session.commit()


def test_who_waits_too_long_for_a_lock_is_told_that_the_system_is_busy(
    two: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    # given patience of a twentieth of a second, in a new connection
    bind = two.kw["bind"]
    if bind.dialect.name == "sqlite":
        monkeypatch.setattr(sqlite, "BUSY_TIMEOUT_S", 0.05)
    else:
        limit = "SET lock_timeout = '50ms'"
        event.listen(bind, "connect", lambda driver, record: driver.cursor().execute(limit))
    bind.dispose()
    # when
    with two() as holder, two() as waiting:
        touch(holder, "a")
        with pytest.raises(DBAPIError) as refused:
            touch(waiting, "a")
    assert said_of(refused.value) == BUSY
    assert not again(refused.value)


def test_a_request_that_lost_a_deadlock_runs_again_and_nobody_notices(two: sessionmaker[Session]) -> None:
    # given two requests that lock the same rows the other way round
    if two.kw["bind"].dialect.name == "sqlite":
        pytest.skip("SQLite writes one transaction at a time: no deadlock")
    app, both, runs = Flask(__name__), threading.Barrier(2), []
    session_of = threading.local()

    @app.post("/<first>/<second>")
    def lock(first: str, second: str) -> str:
        runs.append(first)
        session_of.now = session = two()
        touch(session, first)
        if len(runs) <= 2:
            both.wait(10)
        touch(session, second)
        session.commit()
        return request.files["file"].stream.read().decode()

    repeat_lost(app, lambda: session_of.now.rollback())
    answers: list[str] = []

    def post(path: str) -> None:
        data = {"file": (io.BytesIO("附件".encode()), "a.txt")}
        answers.append(app.test_client().post(path, data=data).text)

    # when
    threads = [threading.Thread(target=post, args=(path,)) for path in ("/a/b", "/b/a")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # then
    assert answers == ["附件", "附件"]
    assert len(runs) > 2
