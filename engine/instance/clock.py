"""Moves deadlines that run: 延期, 中止, 恢复, 重新起算. The row, its tasks and its timer move together.

Each returns what is left to be done: the steps that arm timers anew. Who is not in a step does them at once
(`settled`); the handler of a topic hands them on (`ServiceCall.after`). Either way it is one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.extension import check_extension
from engine.deadline.shanghai import date_of
from engine.errors import NotFound
from engine.history.append import append
from engine.instance.context import Context
from engine.instance.course import Event, count, moves_of, tell
from engine.instance.cover import cover_again
from engine.instance.deadline_events import note
from engine.instance.deadlines import dates_of
from engine.instance.follow import Work
from engine.instance.leading import LIVE, period_of
from engine.instance.lineage import ANEW, latest_over
from engine.instance.may_move import check_restart, check_resume, check_running, check_suspend
from engine.instance.rearm import rearming
from engine.instance.rules_then import rule_then
from engine.instance.step import lock_instance
from engine.store.tables import Deadline


@dataclass(frozen=True)
class Moved:
    """A period that was moved. `row` is that of its task or block."""

    row: Deadline
    before: date
    after: list[Work]


def extend(
    session: Session,
    context: Context,
    deadline_id: str,
    days: int,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
) -> Moved:
    """Moves a running deadline by `days` in the unit of its rule's extension.

    Raises:
        NotFound, Conflict (suspended, or over), DeadlineClosed (after due, used up, not extensible),
        InvalidData (over the cap).
    """
    rows = _locked(session, deadline_id)
    check_running(session, rows[0], "延期")
    check_extension(rule_then(session, context, rows[0]), rows[0], rows[0].extensions, days, now)
    detail = {"days": days, "reason": reason}
    return _move(session, context, rows, "extend", detail, actor=actor, now=now)


def suspend(
    session: Session,
    context: Context,
    deadline_id: str,
    *,
    reason: str,
    clause: str = "",
    remark: str = "",
    on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Moved:
    """Stops the clock from the day after `on` (today): 第三方意见, 公告送达, 中止.

    `reason` is one of these words, as the proof prints them; `clause` allows it; `remark` is what happened.

    Raises:
        NotFound, Conflict (suspended already, or over), DeadlineClosed (after due, a fixed date),
        InvalidData (`reason`, or `on` outside the period).
    Source: DOMAIN 7.1; 政府信息公开条例第三十二、三十三条.
    """
    rows, on = _locked(session, deadline_id), on or date_of(now)
    check_suspend(session, rule_then(session, context, rows[0]), rows[0], reason, on, now)
    detail = {"on": on.isoformat(), "reason": reason, "clause": clause, "remark": remark}
    return _move(session, context, rows, "suspend", detail, actor=actor, now=now)


def resume(
    session: Session,
    context: Context,
    deadline_id: str,
    *,
    reason: str = "",
    on: date | None = None,
    actor: Actor,
    now: datetime,
) -> Moved:
    """Lets the clock run again: the days after the suspension's, up to `on` (today) with it, do not count.

    Raises:
        NotFound, Conflict (not suspended), InvalidData (`on` before the suspension, or to come).
    """
    rows, on = _locked(session, deadline_id), on or date_of(now)
    check_resume(session, rows[0], on, now)
    detail = {"on": on.isoformat(), "reason": reason}
    return _move(session, context, rows, "resume", detail, actor=actor, now=now)


def would_end(session: Session, context: Context, row: Deadline, now: datetime) -> date:
    """The day a suspended period would end on if it were resumed now. Writes nothing."""
    events = moves_of(session, [row.id]).get(row.id, [])
    detail = {"on": date_of(now).isoformat()}
    told = tell([*events, Event(row.id, "resume", now, "", detail)])
    return count(context, session, rule_then(session, context, row), row, told).due_on


def restart(
    session: Session,
    context: Context,
    instance_id: str,
    key: str,
    *,
    start_on: date,
    reason: str,
    clause: str = "",
    actor: Actor,
    now: datetime,
) -> list[Work]:
    """Begins the period of rule `key` anew on `start_on` (补正); extensions and pauses so far fall away.

    Rows that run are set back. Where none does, the one that ran last is told, so that the next of its kind
    to begin on `start_on` says what it follows.

    Raises:
        NotFound: the instance never had such a period. InvalidData: `start_on` is to come, or not later.
    Source: DOMAIN 7.1 (补正 does not suspend: it restarts the clock).
    """
    lock_instance(session, instance_id)
    why = {"start_on": start_on.isoformat(), "reason": reason, "clause": clause}
    after: list[Work] = []
    live = _leaders(session, instance_id, key)
    for row in live:
        check_restart(row, start_on, now)
        was = {"was_start_on": row.start_on.isoformat(), "was_due_on": row.due_on.isoformat()}
        moved = _move(session, context, period_of(session, row), "restart", why | was, actor=actor, now=now)
        after += moved.after
    if not live:
        _tell_last(session, instance_id, key, start_on, why, actor=actor, now=now)
    return after


def _tell_last(
    session: Session,
    instance_id: str,
    key: str,
    start_on: date,
    why: dict[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    last = latest_over(session, instance_id, key)
    if last is None:
        raise NotFound(f"本案没有过期限 {key}，不能重新起算")
    row = session.get_one(Deadline, last)
    check_restart(row, start_on, now)
    was = {"was_start_on": row.start_on.isoformat(), "was_due_on": row.due_on.isoformat()}
    detail = {**why, **was, "by": actor.name or actor.login}
    note(session, last, ANEW, now, actor, detail)
    _enter(session, row, "restart", detail, actor=actor, now=now)


def _leaders(session: Session, instance_id: str, key: str) -> list[Deadline]:
    rows = session.query(Deadline).filter(
        Deadline.instance_id == instance_id, Deadline.key == key, Deadline.status.in_(LIVE)
    )
    return [row for row in rows.order_by(Deadline.id) if period_of(session, row)[0].id == row.id]


def _locked(session: Session, deadline_id: str) -> list[Deadline]:
    """All rows of its period, the leader first. The instance is locked before them, as by every step."""
    row = session.get(Deadline, deadline_id)
    if row is None:
        raise NotFound(f"Expected a deadline {deadline_id}, but there is none")
    lock_instance(session, row.instance_id)
    session.refresh(row)
    return period_of(session, row)


def _move(
    session: Session,
    context: Context,
    rows: list[Deadline],
    kind: str,
    detail: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> Moved:
    before = rows[0].due_on
    said = {**detail, "by": actor.name or actor.login}
    for row in rows:
        _one(session, context, row, kind, said, actor=actor, now=now)
    session.flush()
    cover_again(session, rows[0].instance_id)
    shown = {**said, "from": before.isoformat(), "to": rows[0].due_on.isoformat()}
    _enter(session, rows[0], kind, shown, actor=actor, now=now)
    return Moved(rows[0], before, [work for row in rows for work in rearming(session, row)])


def _one(
    session: Session,
    context: Context,
    row: Deadline,
    kind: str,
    said: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Counts one row again with the event that is about to be written, and writes both."""
    events = moves_of(session, [row.id]).get(row.id, [])
    told = tell([*events, Event(row.id, kind, now, actor.login, said)])
    before = row.due_on
    if kind == "restart":
        row.start_on, row.level = told.course.restarts[-1].start_on, "L0"
    row.extended_by, row.extensions = told.extended_by, len(told.course.extensions)
    row.status = "suspended" if told.course.suspended else "running"
    due = count(context, session, rule_then(session, context, row), row, told)
    row.calendar_version = context.calendar(session).version
    for column, value in dates_of(due).items():
        setattr(row, column, value)
    if row.level == "L1" and (row.amber_on is None or date_of(now) < row.amber_on):
        row.level = "L0"  # there will be something new to warn of
    session.flush()
    note(
        session, row.id, kind, now, actor, {**said, "from": before.isoformat(), "to": row.due_on.isoformat()}
    )


_ENTRIES = {
    "extend": "deadline.extended", "suspend": "deadline.suspended", "resume": "deadline.resumed",
    "restart": "deadline.restarted",
}  # fmt: skip


def _enter(
    session: Session, row: Deadline, kind: str, detail: Mapping[str, Any], *, actor: Actor, now: datetime
) -> None:
    """The entry in the case's history."""
    append(
        session, row.instance_id, _ENTRIES[kind], at=now, actor=actor,
        element_id=row.element_id, name=row.name, payload={"key": row.key, **detail},
    )  # fmt: skip
