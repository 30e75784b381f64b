"""Workers are killed at random moments; every timer is fired, and none twice."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

import engine.history
from engine.instance import Context, start
from engine.store.tables import HistoryEntry, Incident, Job, Task
from engine.store.visibility import SYSTEM, see_as
from scheduler.pump import Pump, drain

from .conftest import ANYBODY, T0

DUE = T0 + timedelta(days=3)
LEASE_OVER = timedelta(minutes=2)
MakePump = Callable[[str], Pump]


def worker(make_pump: MakePump, sessions: sessionmaker[Session], generation: int, now: datetime) -> int:
    """A forked process that drains the lane until it is killed."""
    pid = os.fork()
    if pid:
        return pid
    try:
        sessions.kw["bind"].dispose(close=False)  # no connection crosses a fork
        pump = make_pump(f"g{generation}")
        while True:
            drain(pump, "engine", lambda: now)
            time.sleep(0.002)
    finally:
        os._exit(0)


def left(sessions: sessionmaker[Session]) -> int:
    with see_as(sessions(), SYSTEM) as session:
        return len(session.scalars(select(Job.id).where(Job.status == "ready")).all())


def died_of(sessions: sessionmaker[Session]) -> int:
    """How often the job was begun that was begun most often and is not done."""
    with see_as(sessions(), SYSTEM) as session:
        return session.scalar(select(func.max(Job.attempts)).where(Job.status == "ready")) or 0


@pytest.mark.parametrize(
    ("cases", "seed"), [(25, 1), pytest.param(400, 2, marks=pytest.mark.campaign)], ids=["short", "long"]
)
def test_no_timer_is_lost_or_fired_twice_however_often_workers_are_killed(
    cases: int,
    seed: int,
    session: Session,
    context: Context,
    waiting: str,
    make_pump: MakePump,
    sessions: sessionmaker[Session],
) -> None:
    # given cases that all fall due at once
    ids = [waiting] + [
        start(session, context, "wait", {"sound": True}, actor=ANYBODY, now=T0) for _ in range(cases - 1)
    ]
    session.commit()
    session.close()
    # when each worker lives for a few hundredths of a second
    chance, kills, generation = random.Random(seed), 0, 0
    while left(sessions) and generation < cases * 20:
        generation += 1
        pid = worker(make_pump, sessions, generation, DUE + generation * LEASE_OVER)
        time.sleep(chance.uniform(0.01, 0.12))
        while died_of(sessions) >= 3:  # a job that four workers died of is parked, and rightly
            time.sleep(0.01)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        kills += 1
    # then
    with see_as(sessions(), SYSTEM) as after:
        fired = Counter(after.scalars(select(HistoryEntry.chain).where(HistoryEntry.kind == "timer.fired")))
        tasks = Counter(after.scalars(select(Task.instance_id).where(Task.status == "open")))
        assert kills >= 3
        assert fired == tasks == Counter(dict.fromkeys(ids, 1))
        assert after.scalars(select(Incident)).all() == []
        assert list(engine.history.verify_all(after)) == []
