"""Puts a job for each occasion that has come, under its UNIQUE key, and starts the process when it runs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import engine.job
from engine.actor import SYSTEM_ACTOR
from engine.deadline.shanghai import SHANGHAI, date_of
from engine.instance import Context, start
from engine.store.tables import Job
from scheduler.cycle.recur import Cycle, Workdays, occasions

KIND = "cycle"
NOTICE_MOVES = timedelta(days=30)
"""More than a holiday notice can move an occasion that was planned before it came out."""
SINCE = ":since"
"""Ends the key of the job that remembers when a cycle was first looked at."""
LONGEST_GAP = timedelta(weeks=53)
"""How far back a server that was switched off looks for what it missed."""


def plan(session: Session, cycles: Sequence[Cycle], calendar: Workdays, now: datetime) -> list[str]:
    """Puts a job for each occasion that has come and has none; returns the new keys.

    What was missed while the server was off is caught up with, from the day on which the cycle was first
    looked at: a cycle that is new in the file is not started for periods gone by.
    """
    planned = []
    for cycle in cycles:
        known = max(_known_since(session, cycle, now), now - LONGEST_GAP)
        planned_before = _keys(session, cycle, known - NOTICE_MOVES)
        for occasion in occasions(cycle, calendar, date_of(known), now):
            if occasion.key in planned_before:
                continue
            payload = {"process": cycle.process, "cycle": occasion.key, "label": occasion.label}
            if occasion.due_at >= known and engine.job.put(
                session, occasion.key, kind=KIND, queue="engine", payload=payload,
                due_at=occasion.due_at, now=now,
            ):  # fmt: skip
                planned.append(occasion.key)
    return planned


def starter(context: Context) -> engine.job.Runner:
    """The runner of the planned jobs: starts the process; the occasion's key is its business key."""

    def run(session: Session, job: Job, now: datetime) -> None:
        if job.key.endswith(SINCE):
            return
        data = {name: value for name, value in job.payload.items() if name in ("cycle", "label")}
        start(
            session, context, job.payload["process"], data,
            actor=SYSTEM_ACTOR, now=now, business_key=job.payload["cycle"],
        )  # fmt: skip

    return run


def _keys(session: Session, cycle: Cycle, since: datetime) -> set[str]:
    """Keys that need not be tried again; the UNIQUE key still decides between two schedulers."""
    mine = select(Job.key).where(Job.kind == KIND, Job.key.startswith(f"{cycle.key}:"), Job.due_at >= since)
    return set(session.scalars(mine))


def _known_since(session: Session, cycle: Cycle, now: datetime) -> datetime:
    """When the cycle was first looked at; its own job remembers, for a job is kept for ever."""
    first = session.scalar(
        select(func.min(Job.due_at)).where(Job.kind == KIND, Job.key.startswith(f"{cycle.key}:"))
    )
    if first is None:
        first = datetime.combine(date_of(now), time(), SHANGHAI)
        engine.job.put(
            session, cycle.key + SINCE, kind=KIND, queue="engine", payload={}, due_at=first, now=now
        )
    return first
