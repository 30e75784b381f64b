"""Notes each occasion that has come, under its UNIQUE key, with a job that starts its process."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

import engine.job
from engine.actor import SYSTEM_ACTOR, Actor
from engine.deadline.calendar import WorkCalendar
from engine.deadline.shanghai import SHANGHAI, date_of, day_in_words
from engine.errors import NotFound
from engine.instance import Context, start
from engine.store.base import table_of
from engine.store.once import insert_once
from engine.store.tables import Job
from supervision.cycles.recur import Cycle, Occasion, occasions
from supervision.cycles.settled import settled
from supervision.cycles.table import CycleRun, CycleState
from supervision.cycles.words import moved_in_words
from supervision.notice import holders, notify

KIND = "cycle"
NOTICE_MOVES = timedelta(days=30)
"""More than a holiday notice can move an occasion that was looked for before it came out."""
LONGEST_GAP = timedelta(weeks=53)
"""How far back a server that was switched off starts what it missed."""
LONGEST_PERIOD = timedelta(days=366)
"""The period that contains a day began no longer before it."""
TOO_LATE = f"停机超过 {LONGEST_GAP.days // 7} 周，恢复时不再补开"
OWNERS = ("OWNER", "DCS_LEAD")
"""Who is told that an occasion was skipped because there is no process."""


def plan(session: Session, cycles: Sequence[Cycle], calendar: WorkCalendar, now: datetime) -> list[str]:
    """Notes every occasion that has come and is not on file yet; returns the keys of those to be started.

    What was missed while the server was off is caught up with, from the day on which the cycle was first
    looked at: a cycle that is new in the file is not started for periods gone by. While a cycle is paused,
    what comes round is noted as skipped. The caller commits.
    """
    planned = []
    for drawn in cycles:
        cycle = settled(session, drawn)
        state = state_of(session, cycle.key, now)
        since = min(state.looked_on, date_of(now)) - NOTICE_MOVES
        known = _known(session, cycle.key, since, now)
        for occasion in occasions(cycle, calendar, since, now):
            if occasion.key in known or cycle.instant(occasion.on) < state.since:
                continue
            why = _why_not(state, occasion, now)
            if note(session, cycle, calendar, occasion, now, skipped=why) and not why:
                payload = {"process": cycle.process, "cycle": occasion.key}
                engine.job.put(
                    session, occasion.key, kind=KIND, queue="engine", payload=payload,
                    due_at=occasion.due_at, now=now,
                )  # fmt: skip
                planned.append(occasion.key)
        state.looked_on = max(state.looked_on, date_of(now))
    session.flush()
    return planned


def starter(context: Context) -> engine.job.Runner:
    """The runner of the planned jobs: starts the process; the occasion's key is its business key."""

    def run(session: Session, job: Job, now: datetime) -> None:
        row = session.get(CycleRun, job.payload["cycle"], with_for_update=True)
        if row is not None and row.status == "planned":
            try:
                begin(session, context, row, now=now)
            except NotFound:  # no version in effect: waiting would start it on a day nobody expects
                _skip_unpublished(session, row, now)

    return run


def begin(
    session: Session, context: Context, row: CycleRun, *, now: datetime, actor: Actor = SYSTEM_ACTOR
) -> str:
    """Starts the process of an occasion and notes it; returns the instance's id.

    The process gets `cycle` (the key), `label` (the period, e.g. ``2026H1``) and `cycle_on` (ISO date).

    Raises:
        NotFound: no version of the process is in effect. StepFailed: as `engine.instance.start`.
    """
    data = {"cycle": row.key, "label": row.label, "cycle_on": row.cycle_on.isoformat()}
    row.instance_id = start(session, context, row.process, data, actor=actor, now=now, business_key=row.key)
    row.status, row.started_at, row.started_by = "started", now, actor.login
    session.flush()
    return row.instance_id


def note(
    session: Session, cycle: Cycle, calendar: WorkCalendar, occasion: Occasion, now: datetime,
    *, skipped: str = "",
) -> bool:  # fmt: skip
    """Writes the row of an occasion; false when it is on file already. Waits for whoever is writing it."""
    return insert_once(
        session,
        table_of(CycleRun),
        {
            "key": occasion.key,
            "cycle": cycle.key,
            "label": occasion.label,
            "process": cycle.process,
            "drawn_on": occasion.drawn_on,
            "cycle_on": occasion.on,
            "due_at": occasion.due_at,
            "moved": moved_in_words(cycle, calendar, occasion),
            "status": "skipped" if skipped else "planned",
            "reason": skipped,
            "started_by": "",
            "created_at": now,
        },
    )


def state_of(session: Session, key: str, now: datetime) -> CycleState:
    """The locked row of a cycle; made when this is the first look at it."""
    row = session.get(CycleState, key, with_for_update=True, populate_existing=True)
    if row is None:
        first = datetime.combine(date_of(now), time(), SHANGHAI)
        values = {
            "key": key, "since": first, "looked_on": date_of(now), "paused_by": "", "pause_reason": "",
            "changes": 0,
        }  # fmt: skip
        insert_once(session, table_of(CycleState), values)
        row = session.get_one(CycleState, key, with_for_update=True, populate_existing=True)
    return row


def _known(session: Session, cycle: str, since: date, now: datetime) -> set[str]:
    """Occasions on file. What a clock that ran ahead skipped, in days yet to come, was never skipped."""
    runs = table_of(CycleRun)
    mine = (runs.c.cycle == cycle, runs.c.drawn_on >= since - LONGEST_PERIOD)
    rows = session.execute(select(runs.c.key, runs.c.status, runs.c.due_at).where(*mine)).all()
    early = {row.key for row in rows if row.status == "skipped" and row.due_at > now}
    if early:
        session.execute(delete(runs).where(runs.c.key.in_(early)))
    return {row.key for row in rows} - early


def _why_not(state: CycleState, occasion: Occasion, now: datetime) -> str:
    if state.paused_at and occasion.due_at >= state.paused_at:
        return f"周期暂停：{state.pause_reason}"
    return TOO_LATE if occasion.due_at < now - LONGEST_GAP else ""


def _skip_unpublished(session: Session, row: CycleRun, now: datetime) -> None:
    row.status, row.reason = "skipped", f"到期时流程“{row.process}”没有发布"
    when = f"{row.label}（{day_in_words(row.cycle_on)}）"
    text = f"周期 {row.cycle} 的 {when}没有开始：流程“{row.process}”没有发布"
    people = {login for role in OWNERS for login in holders(session, role, "", now)}
    notify(session, people, text, f"/cycles/{row.cycle}", now, f"{row.key}:unpublished")
    session.flush()
