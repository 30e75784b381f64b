"""Workers are killed at random moments; every timer is fired, and none twice. A worse pump is found out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import engine.history
import engine.job
from engine.instance import Context, start
from engine.job.steps import do_step
from engine.store.tables import HistoryEntry, Incident, Job, Task
from engine.store.visibility import SYSTEM, see_as
from scheduler.pump import Pump, drain

from .conftest import ANYBODY, T0
from .killing import CAMPAIGNS, ON_SQLITE, begun_again, die_here, kill_workers

DUE = T0 + timedelta(days=3)
AT_ONCE = 25
MakePump = Callable[[str], Pump]


@dataclass
class Cases:
    """Cases that wait for a timer, and what became of them."""

    sessions: sessionmaker[Session]
    context: Context
    ids: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Twenty-five more, due at once."""
        with see_as(self.sessions(), SYSTEM) as session:
            for _ in range(AT_ONCE):
                self.ids.append(start(session, self.context, "wait", {"sound": True}, actor=ANYBODY, now=T0))
            session.commit()

    def left(self) -> int:
        with see_as(self.sessions(), SYSTEM) as session:
            return len(session.scalars(select(Job.id).where(Job.status == "ready")).all())

    def faults(self) -> list[str]:
        """Every case whose timer was not fired exactly once, or that did not go on exactly once."""
        with see_as(self.sessions(), SYSTEM) as after:
            fired = Counter(
                after.scalars(select(HistoryEntry.chain).where(HistoryEntry.kind == "timer.fired"))
            )
            tasks = Counter(after.scalars(select(Task.instance_id).where(Task.status == "open")))
            parked: Sequence[str] = after.scalars(select(Incident.message)).all()
            broken = [str(fault) for fault in engine.history.verify_all(after)]
        wrong = [
            f"{case}: {fired[case]}, {tasks[case]}"
            for case in self.ids
            if (fired[case], tasks[case]) != (1, 1)
        ]
        return [*wrong, *parked, *broken]


@pytest.fixture
def cases(sessions: sessionmaker[Session], context: Context, waiting: str, session: Session) -> Cases:
    session.close()
    return Cases(sessions, context, [waiting])


@CAMPAIGNS
def test_no_timer_is_lost_or_fired_twice_however_often_workers_are_killed(
    kills: int, seed: int, cases: Cases, make_pump: MakePump
) -> None:
    # given cases that fall due at once, and as many more whenever these are done
    cases.begin()

    def work(owner: str, now: datetime) -> None:
        drain(make_pump(owner), "engine", lambda: now)

    # when
    kill_workers(cases.sessions, work, cases.begin, cases.left, kills=kills, seed=seed, since=DUE)
    # then
    assert begun_again(cases.sessions) > 0
    assert cases.faults() == []


def forgetful(pump: Pump, now: datetime) -> None:
    """Marks a job done, and only then does it."""
    with see_as(pump.sessions(), SYSTEM) as session:
        if job := engine.job.claim(session, "engine", owner=pump.owner, now=now):
            engine.job.finish(session, job.id, owner=pump.owner, now=now)
        session.commit()
    if job and job.attempts == 1:
        die_here()
    with see_as(pump.sessions(), SYSTEM) as session:
        if job:
            do_step(session, pump.context, session.get_one(Job, job.id), now)
        session.commit()


def doubling(pump: Pump, now: datetime) -> None:
    """Does what a job says, and only then marks it done; a step that was done already is done once more."""
    with see_as(pump.sessions(), SYSTEM) as session:
        if job := engine.job.claim(session, "engine", owner=pump.owner, now=now):
            session.commit()
            do_step(session, pump.context, session.get_one(Job, job.id), now)
        session.commit()
    if job and job.attempts == 1:
        die_here()
    with see_as(pump.sessions(), SYSTEM) as session:
        if job:
            engine.job.finish(session, job.id, owner=pump.owner, now=now)
        session.commit()


@ON_SQLITE
def test_a_pump_that_marks_a_job_before_it_acts_is_found_out(cases: Cases, make_pump: MakePump) -> None:
    cases.begin()
    killed_at_work(cases, make_pump, forgetful)
    assert any(fault.endswith(": 0, 0") for fault in cases.faults())


@ON_SQLITE
def test_a_token_fires_once_even_when_its_job_is_done_twice(cases: Cases, make_pump: MakePump) -> None:
    cases.begin()
    killed_at_work(cases, make_pump, doubling)
    assert cases.faults() == []


def killed_at_work(cases: Cases, make_pump: MakePump, worse: Callable[[Pump, datetime], None]) -> None:
    def work(owner: str, now: datetime) -> None:
        worse(make_pump(owner), now)

    kill_workers(cases.sessions, work, cases.begin, cases.left, kills=4, seed=None, since=DUE)
