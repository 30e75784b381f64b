"""Lets two act on the same case at the same moment, again and again: two threads, or two processes."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

import engine.history
from engine.errors import EngineError
from engine.instance import Context, start
from engine.store.clash import again
from engine.store.tables import Task
from engine.store.visibility import SYSTEM, see_as
from tests.integration.races.kinds import RACERS, T0, WON, Act, Race, Track

PATIENCE_S = 60
TRIES = 3
"""As a request does: the loser of a deadlock acts again."""
MakeContext = Callable[[], Context]


def tracks(sessions: sessionmaker[Session], context: Context, race: Race, count: int) -> list[Track]:
    """So many cases at the start."""
    made = []
    with see_as(sessions(), SYSTEM) as session:
        for _ in range(count):
            case = start(session, context, race.process, {}, actor=RACERS[0], now=T0)
            rows = session.execute(select(Task.element_id, Task.id).where(Task.instance_id == case))
            made.append(Track(case, {row.element_id: row.id for row in rows}))
            session.commit()
    return made


def by_threads(
    sessions: sessionmaker[Session], context: Context, race: Race, course: Sequence[Track]
) -> list[list[str]]:
    """Both racers in this process, with one cache of executions. Returns both outcomes of each race."""
    together = threading.Barrier(2)
    outcomes: list[list[str]] = [[], []]

    def run(lane: int) -> None:
        outcomes[lane] = _run(sessions, context, race.acts[lane], lane, course, together)

    racers = [threading.Thread(target=run, args=(lane,)) for lane in range(2)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    return [list(both) for both in zip(*outcomes, strict=True)]


def by_processes(
    sessions: sessionmaker[Session], make_context: MakeContext, race: Race, course: Sequence[Track]
) -> list[list[str]]:
    """Each racer a process of its own, with connections and caches of its own."""
    forking = multiprocessing.get_context("fork")
    together, results = forking.Barrier(2), [forking.SimpleQueue() for _ in range(2)]

    def run(lane: int) -> None:
        sessions.kw["bind"].dispose(close=False)  # no connection crosses a fork
        results[lane].put(_run(sessions, make_context(), race.acts[lane], lane, course, together))

    racers = [forking.Process(target=run, args=(lane,)) for lane in range(2)]
    for racer in racers:
        racer.start()
    outcomes = [result.get() for result in results]
    for racer in racers:
        racer.join()
    return [list(both) for both in zip(*outcomes, strict=True)]


def faults(
    sessions: sessionmaker[Session],
    context: Context,
    race: Race,
    course: Sequence[Track],
    outcomes: Sequence[Sequence[str]],
) -> list[str]:
    """What is wrong after the races, one sentence for each that went wrong."""
    found = []
    for track, both in zip(course, outcomes, strict=True):
        with see_as(sessions(), SYSTEM) as session:
            wrong = race.fault(session, context, track, both)
            if not wrong and (broken := engine.history.verify_chain(session, track.case)):
                wrong = f"history: {broken}"
            if wrong:
                found.append(wrong)
    return found


def _run(
    sessions: sessionmaker[Session], context: Context, act: Act, lane: int, course: Sequence[Track],
    together: Any,
) -> list[str]:  # fmt: skip
    outcomes = []
    for track in course:
        with see_as(sessions(), SYSTEM) as session:
            session.connection().exec_driver_sql("SELECT 1")  # both are connected before the start
            session.rollback()
            together.wait(PATIENCE_S)
            outcomes.append(_outcome(session, context, act, lane, track))
    return outcomes


def _outcome(session: Session, context: Context, act: Act, lane: int, track: Track) -> str:
    for left in reversed(range(TRIES)):
        try:
            act(session, context, track, RACERS[lane])
            session.commit()
            return WON
        except EngineError as error:
            session.rollback()
            return type(error).__name__
        except DBAPIError as error:
            session.rollback()
            if not left or not again(error):
                return f"{type(error.orig).__name__}: {error.orig}"
    return "nothing"
