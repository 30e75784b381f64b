"""What is looked for every second is found through an index that holds nothing but what is looked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session, sessionmaker

import engine.job
from engine.store.visibility import SYSTEM, see_as
from scheduler.remind import remind
from supervision.notice.route import route

from .conftest import T0
from .killing import ON_SQLITE
from .people import add_person, tell

LATER = T0 + timedelta(days=30)


@contextmanager
def statements(session: Session) -> Iterator[list[str]]:
    """What SQLite is asked meanwhile, values filled in."""
    seen: list[str] = []
    driver = session.connection().connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_trace_callback(seen.append)
    yield seen
    driver.set_trace_callback(None)


def plans(session: Session, looks: Callable[[Session], object]) -> list[str]:
    """How SQLite reads the tables for each select."""
    with statements(session) as seen:
        looks(session)
    session.rollback()
    driver = session.connection().connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    asked = [words for words in seen if words.lstrip().upper().startswith("SELECT")]
    return [row[3] for words in asked for row in driver.execute(f"EXPLAIN QUERY PLAN {words}")]


@ON_SQLITE
@pytest.mark.parametrize(
    ("looks", "index"),
    [
        (
            lambda s: engine.job.claim(s, "engine", owner="p", now=LATER),
            "job USING INDEX ix_job_ready_queue_due_at",
        ),
        (
            lambda s: engine.job.claim(s, "send", owner="p", now=LATER, without=["mail"]),
            "job USING INDEX ix_job_ready_queue_due_at",
        ),
        (lambda s: remind(s, LATER), "deadline USING INDEX ix_deadline_watch_at"),
        (lambda s: route(s, ["mail"], LATER), "notice USING INDEX ix_notice_to_route"),
    ],
    ids=["claim", "claim while a channel rests", "ladder", "route"],
)
def test_a_look_walks_its_own_small_index(
    sessions: sessionmaker[Session],
    waiting: str,
    session: Session,
    looks: Callable[[Session], object],
    index: str,
) -> None:
    session.close()
    with see_as(sessions(), SYSTEM) as looking:
        first, *others = plans(looking, looks)
    assert index in first
    assert [other for other in others if other.startswith(("SCAN", "USE TEMP"))] == []


@ON_SQLITE
def test_claiming_reads_no_more_rows_the_more_jobs_wait(
    sessions: sessionmaker[Session], session: Session
) -> None:
    """Counted in steps of SQLite's own machine, which no load of the test's machine changes."""
    add_person(session, "clerk", T0)
    tell(session, "clerk", T0)
    session.commit()
    counts = []
    for waiting in (10, 1000):
        for number in range(waiting):
            engine.job.put(
                session, f"{waiting}:{number}", kind="timer", queue="engine", payload={}, due_at=LATER, now=T0
            )
        session.commit()
        counts.append(_steps(session, lambda s: engine.job.claim(s, "engine", owner="p", now=T0)))
    assert counts[1] <= counts[0] * 1.5


def _steps(session: Session, act: Callable[[Session], object]) -> int:
    count = 0

    def tick() -> None:
        nonlocal count
        count += 1

    driver = session.connection().connection.dbapi_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.set_progress_handler(tick, 1)
    act(session)
    driver.set_progress_handler(None, 1)
    session.rollback()
    return count
