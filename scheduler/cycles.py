"""周期流程: starts what recurs, each occasion once, under a UNIQUE job key computed anew each tick."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import engine.job
from engine.actor import SYSTEM_ACTOR
from engine.deadline.shanghai import SHANGHAI, date_of
from engine.errors import InvalidData
from engine.instance import Context, start
from engine.store.tables import Job

KIND = "cycle"
WEEKDAYS = "一二三四五六日"
LONGEST_GAP = timedelta(weeks=53)
"""How far back a server that was switched off looks for what it missed."""


class Workdays(Protocol):
    """The part of a calendar that is needed."""

    def is_workday(self, day: date) -> bool: ...


@dataclass(frozen=True)
class Cycle:
    """One section of cycles.toml. `weekday` counts from Monday = 0; `at` is Asia/Shanghai."""

    key: str
    process: str
    name: str
    weekday: int
    at: time
    earlier: bool
    """Whether a rest day moves it to the working day before, instead of the one after."""
    clause: str = ""


@dataclass(frozen=True)
class Occasion:
    """One time a cycle comes round; `key` is the same whenever it is computed."""

    key: str
    due_at: datetime


def parse_cycles(content: str) -> tuple[Cycle, ...]:
    """Raises InvalidData, keyed by section, with every problem of the file."""
    cycles, errors = [], {}
    for key, section in tomllib.loads(content).items():
        try:
            cycles.append(_cycle(key, section))
        except (KeyError, ValueError, TypeError) as error:
            errors[key] = [f"应写明 process、weekday（一至日）、at（如 15:00）和 rest_day：{error}"]
    if errors:
        raise InvalidData(errors)
    return tuple(cycles)


def occasions(cycle: Cycle, calendar: Workdays, since: date, until: datetime) -> Iterator[Occasion]:
    """The occasions of all weeks from that of `since` on that are due by `until`, oldest first."""
    monday = since - timedelta(days=since.weekday())
    while True:
        year, week, _ = monday.isocalendar()
        day = monday + timedelta(days=cycle.weekday)
        while not calendar.is_workday(day):
            day += timedelta(days=-1 if cycle.earlier else 1)
        due_at = datetime.combine(day, cycle.at, SHANGHAI)
        if due_at > until:
            return
        yield Occasion(f"{cycle.key}:{year}-W{week:02d}", due_at)
        monday += timedelta(weeks=1)


def plan(session: Session, cycles: Sequence[Cycle], calendar: Workdays, now: datetime) -> list[str]:
    """Puts a job for each occasion that has come and has none; returns the new keys.

    What was missed while the server was off is caught up with, from the cycle's first job on; a system that
    never ran a cycle begins with the present week.
    """
    planned = []
    for cycle in cycles:
        for occasion in occasions(cycle, calendar, _since(session, cycle, now), now):
            payload = {"process": cycle.process, "cycle": occasion.key}
            if engine.job.put(
                session, occasion.key, kind=KIND, queue="engine", payload=payload,
                due_at=occasion.due_at, now=now,
            ):  # fmt: skip
                planned.append(occasion.key)
    return planned


def starter(context: Context) -> engine.job.Runner:
    """The runner of the planned jobs: starts the process; the occasion's key is its business key."""

    def run(session: Session, job: Job, now: datetime) -> None:
        start(
            session, context, job.payload["process"], {"cycle": job.payload["cycle"]},
            actor=SYSTEM_ACTOR, now=now, business_key=job.payload["cycle"],
        )  # fmt: skip

    return run


def _since(session: Session, cycle: Cycle, now: datetime) -> date:
    first = session.scalar(
        select(func.min(Job.due_at)).where(Job.kind == KIND, Job.key.startswith(f"{cycle.key}:"))
    )
    return date_of(max(first, now - LONGEST_GAP)) if first else date_of(now)


def _cycle(key: str, section: dict[str, str]) -> Cycle:
    clock = re.fullmatch(r"(\d{1,2}):(\d{2})", section["at"])
    if not clock or section["rest_day"] not in ("previous", "next"):
        raise ValueError(f"at 是“{section['at']}”，rest_day 是“{section['rest_day']}”")
    return Cycle(
        key=key,
        process=section["process"],
        name=section.get("name", key),
        weekday=WEEKDAYS.index(section["weekday"]),
        at=time(int(clock[1]), int(clock[2])),
        earlier=section["rest_day"] == "previous",
        clause=section.get("clause", ""),
    )
