"""到期任务: does what is due, one job at a time, each in its own transaction.

Claiming commits before the job runs, so a job that kills its worker has its attempt counted. The job's own
transaction marks it done together with everything it did: killed half-way, nothing of it happened and the
lease runs out. Two lanes (`queue` engine and send) are drained apart, and what talks to the outside holds no
transaction meanwhile: a hanging gateway stops no deadline.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session, sessionmaker

import engine.job
from engine.errors import StepFailed, TryLater
from engine.instance import Context
from engine.store.clash import again
from engine.store.tables import Job
from engine.store.visibility import SYSTEM, see_as

QUEUES = ("engine", "send")
Sender = Callable[[Job, datetime], None]
"""Sends at least once: what receives it tells repetitions by `job.key`. Raises to have it tried again."""
BATCH = 200
"""Jobs of one tick, so that a flood in one tick still lets the process stop when asked."""


@dataclass(frozen=True)
class Pump:
    """Everything that draining needs except the moment."""

    sessions: sessionmaker[Session]
    context: Context
    owner: str
    """Names this process in leases: two pumps never share one."""
    runners: Mapping[str, engine.job.Runner] = field(default_factory=dict)
    """Job kind → what does it inside the job's transaction; timers are the engine's own."""
    senders: Mapping[str, Sender] = field(default_factory=dict)
    """Job kind → what talks to the outside, while no transaction is open."""
    resting: Callable[[datetime], Collection[str]] = lambda now: ()
    """Job kinds whose gateway was silent a moment ago: not tried now, so that they use up no tries."""


def drain(pump: Pump, queue: str, clock: Callable[[], datetime], *, most: int = BATCH) -> int:
    """Does due jobs of one lane until none is left or `most` were tried; returns how many were tried."""
    for tried in range(most):
        if not do_one(pump, queue, clock()):
            return tried
    return most


def do_one(pump: Pump, queue: str, now: datetime) -> bool:
    """Claims and does the job that waited longest; false when none is due at `now`."""
    with _session(pump) as session:
        resting = pump.resting(now)
        job = engine.job.claim(session, queue, owner=pump.owner, now=now, without=resting)
        session.commit()
    if job is None:
        return False
    try:
        if job.kind in pump.senders:
            pump.senders[job.kind](job, now)
        with _session(pump) as session:
            if job.kind in pump.senders:
                engine.job.finish(session, job.id, owner=pump.owner, now=now)
            else:
                engine.job.run(session, pump.context, job.id, owner=pump.owner, now=now, runners=pump.runners)
            session.commit()
    except StepFailed as failure:  # the same diagram fails the same way again: a person must look
        _fail(pump, job.id, failure.reason, now, element_id=failure.element_id, final=True)
    except TryLater as late:  # its sentence is for people
        _fail(pump, job.id, str(late), now)
    except Exception as error:  # one broken job must not stop the others
        if again(error):  # it lost to a step of a person, and nothing is wrong with it
            _give_back(pump, job.id)
        else:
            _fail(pump, job.id, f"{type(error).__name__}: {error}", now)
    return True


def _give_back(pump: Pump, job_id: str) -> None:
    with _session(pump) as session:
        engine.job.release(session, job_id, owner=pump.owner)
        session.commit()


def _fail(
    pump: Pump, job_id: str, reason: str, now: datetime, *, element_id: str = "", final: bool = False
) -> None:
    with _session(pump) as session:
        engine.job.fail(
            session, job_id, reason, owner=pump.owner, now=now, element_id=element_id, final=final
        )
        session.commit()


def _session(pump: Pump) -> Session:
    return see_as(pump.sessions(), SYSTEM)
