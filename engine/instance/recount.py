"""Counts running deadlines again on another calendar: what would move, and moving all that hangs on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.calendar import Calendar
from engine.deadline.compute import Due, compute
from engine.errors import EngineError
from engine.history.append import append
from engine.instance.advance import advance
from engine.instance.context import Context
from engine.instance.course import told_of_running
from engine.instance.cover import cover_again
from engine.instance.deadline_events import note
from engine.instance.deadlines import dates_of
from engine.instance.rearm import rearming
from engine.instance.rules_then import RulesThen
from engine.store.tables import Deadline


@dataclass(frozen=True)
class Recounted:
    """A running deadline whose dates differ on the other calendar."""

    row: Deadline
    before: date
    after: Due

    @property
    def moves(self) -> bool:
        """Whether it ends on another day; otherwise only a warning day or the word 暂定 changes."""
        return self.before != self.after.due_on


def recounted(session: Session, context: Context, calendar: Calendar) -> list[Recounted]:
    """What `calendar` would change, earliest due day first. Reads only; the session sees every row."""
    running = session.scalars(
        select(Deadline).where(Deadline.status == "running").order_by(Deadline.due_on, Deadline.id)
    )
    return list(_differences(session, context, calendar, running.all()))


def _differences(
    session: Session, context: Context, calendar: Calendar, rows: Sequence[Deadline]
) -> Iterator[Recounted]:
    rules, befell = RulesThen(session, context), told_of_running(session)
    for row in rows:
        off = befell[row.id].pauses if row.id in befell else ()
        try:
            due = compute(rules.of(row), calendar, row.start_on, extended_by=row.extended_by, pauses=off)
        except EngineError:
            continue  # rules no longer on file: the stored day stands
        dates = {column: value for column, value in dates_of(due).items() if column != "watch_at"}
        if any(getattr(row, column) != value for column, value in dates.items()):
            yield Recounted(row, row.due_on, due)


def recount(
    session: Session, context: Context, *, reason: str, actor: Actor, now: datetime
) -> list[Recounted]:
    """Moves every running deadline to where today's calendar puts it: the row, its tasks, its timer.

    What is past stays announced: `level` is not taken back. Finished deadlines keep the day they had.

    Raises:
        StepFailed: a timer could not be moved; nothing of the whole should be committed.
    """
    calendar = context.calendar(session)
    changed = recounted(session, context, calendar)
    for change in changed:
        _move(session, context, change, reason=reason, actor=actor, now=now)
    session.execute(
        update(Deadline)
        .where(Deadline.status == "running", Deadline.calendar_version != calendar.version)
        .values(calendar_version=calendar.version)
    )
    return changed


def _move(
    session: Session, context: Context, change: Recounted, *, reason: str, actor: Actor, now: datetime
) -> None:
    row, due = change.row, change.after
    for column, value in dates_of(due).items():
        setattr(row, column, value)
    session.flush()
    cover_again(session, row.instance_id)
    detail = {"from": change.before.isoformat(), "to": due.due_on.isoformat(), "reason": reason}
    note(session, row.id, "recompute", now, actor, detail)
    if not change.moves:
        return
    append(
        session, row.instance_id, "deadline.recomputed", at=now, actor=actor,
        element_id=row.element_id, name=row.name, payload={"key": row.key, **detail},
    )  # fmt: skip
    for work in rearming(session, row):
        advance(session, context, work, actor=actor, now=now)
