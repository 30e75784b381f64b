"""Workers that are forked, let live for a moment, and killed."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

from engine.store.tables import Job
from engine.store.visibility import SYSTEM, see_as

LEASE_OVER = timedelta(minutes=2)
"""Between two workers, on their clock: what the one left undone the next may take."""
SHORT, LONG = 30, 300
"""Kills in the suite, and in the campaign."""
LIVES_S = (0.002, 0.05)
"""How long a worker is at work, at first."""
LONGER, SHORTER = 1.3, 0.9
"""After a life in which nothing was got done, and after another: whatever else the machine does, about every
third kill strikes before the end of the first thing the worker does."""
ENOUGH = 50
"""Rounds in which one worker alone ends what is left."""
CAMPAIGNS = pytest.mark.parametrize(
    ("kills", "seed"),
    [(SHORT, 1), pytest.param(LONG, 2, marks=pytest.mark.campaign)],
    ids=["short", "long"],
)
ON_SQLITE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what shows the test, not the product."""
PARENT = os.getpid()
Round = Callable[[str, datetime], object]
"""(owner, now): does a round of what a worker does, again and again until it is killed."""


def kill_workers(
    sessions: sessionmaker[Session],
    work: Round,
    more: Callable[[], object],
    left: Callable[[], int],
    *,
    kills: int,
    seed: int | None,
    since: datetime,
) -> None:
    """Kills `kills` workers at random moments, and gives out `more` whenever nothing is left.

    Without a `seed` they end where they `die_here`. What is left is done by one that is let live.
    """
    chance, now, longest = random.Random(seed), since, LIVES_S[1]
    for number in range(kills):
        if not (before := left()):
            more()
        pid = _worker(sessions, work, f"worker {number}", now)
        if seed is not None:
            time.sleep(chance.uniform(LIVES_S[0], longest))
            while _died_of(sessions) >= 3:  # a job that four workers died of is parked, and rightly
                time.sleep(0.005)
            os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        now += LEASE_OVER
        longest *= LONGER if left() == before else SHORTER
    for _ in range(ENOUGH):
        if not left():
            return
        work("survivor", now)
        now += LEASE_OVER
    raise AssertionError(f"{left()} jobs are left that nobody does")


def die_here() -> None:
    """Where a worse worker is sure to be struck; whoever is let live goes on."""
    if os.getpid() != PARENT:
        os.kill(os.getpid(), signal.SIGKILL)


def begun_again(sessions: sessionmaker[Session]) -> int:
    """How many jobs had a worker that died of them: the kills struck at work."""
    with see_as(sessions(), SYSTEM) as session:
        again = select(func.count()).select_from(Job).where(Job.attempts > 1)
        return session.scalar(again) or 0


def _worker(sessions: sessionmaker[Session], work: Round, owner: str, now: datetime) -> int:
    """Returns when it is at work."""
    ready, begun = os.pipe()
    pid = os.fork()
    if not pid:
        try:
            sessions.kw["bind"].dispose(close=False)  # no connection crosses a fork
            with see_as(sessions(), SYSTEM) as session:
                session.connection()
            os.write(begun, b".")
            while True:
                work(owner, now)
                time.sleep(0.001)
        finally:
            os._exit(0)
    os.close(begun)  # so that the end of a worker that never began is seen too
    os.read(ready, 1)
    os.close(ready)
    return pid


def _died_of(sessions: sessionmaker[Session]) -> int:
    """How often the job was begun that was begun most often and is not done."""
    with see_as(sessions(), SYSTEM) as session:
        return session.scalar(select(func.max(Job.attempts)).where(Job.status == "ready")) or 0
