"""Loads one year's holiday notice: what it would move, and doing so with everybody concerned told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.calendar import Calendar
from engine.deadline.shanghai import day_in_words
from engine.errors import Conflict, InvalidData
from engine.instance import Context
from engine.instance.recount import Recounted, recount, recounted
from engine.store.tables import CalendarVersion, Instance, Task
from engine.store.tables.task import OPEN
from supervision.deadlines.versions import newest_calendar, publish_calendar
from supervision.notice import notify
from supervision.notice.naming import called
from supervision.notice.table import Notice
from supervision.notice.task_opened import people_of

MISSING = "calendar-missing"
"""Begins the key of the notices that a year is missing."""


@dataclass(frozen=True)
class Effect:
    """A running deadline that would end on another day."""

    instance_id: str
    case: str
    name: str
    before: date
    after: date
    people: tuple[str, ...]
    """Logins of those who work on it now."""


@dataclass(frozen=True)
class Loaded:
    """What loading did."""

    version: CalendarVersion
    effects: Sequence[Effect]
    certain: int
    """Deadlines that keep their day and are no longer provisional, or whose warning day alone moved."""


def preview(
    session: Session, context: Context, year: int, text: str, now: datetime
) -> tuple[list[Effect], int]:
    """What loading `text` would move, and how many others would be recounted. Changes nothing.

    Raises:
        InvalidData: with every problem of the file.
    """
    calendar = Calendar.from_tomls({**newest_calendar(session), year: text})
    return _effects(session, recounted(session, context, calendar), now)


def load_year(
    session: Session, context: Context, year: int, text: str, *, reason: str, by: Actor, now: datetime
) -> Loaded:
    """Publishes the year's new version, recounts what runs, and tells the people. The caller commits.

    Raises:
        InvalidData: the file, or no reason. Conflict: the very same calendar is in force.
        StepFailed: a timer could not be moved; nothing should be committed.
    """
    Calendar.from_tomls({year: text})
    if not reason.strip():
        raise InvalidData({"reason": ["请写明修改的理由，例如所依据的通知。"]})
    if newest_calendar(session).get(year) == text:
        raise Conflict(f"{year} 年的日历与正在使用的完全相同，没有需要保存的内容")
    version = publish_calendar(session, year, text, by=by, now=now, reason=reason.strip())
    why = f"{year} 年工作日历第 {version.version} 版：{reason.strip()}"
    changed = recount(session, context, reason=why, actor=by, now=now)
    effects, certain = _effects(session, changed, now)
    for effect in effects:
        moved = f"由 {day_in_words(effect.before)}改为 {day_in_words(effect.after)}"
        text = f"{effect.case}“{effect.name}”的到期日{moved}：{year} 年工作日历有更新"
        key = f"calendar:{year}:{version.version}:{effect.instance_id}:{effect.name}"[:120]
        notify(session, effect.people, text, f"/case/{effect.instance_id}", now, key)
    missing = Notice.key.startswith(f"{MISSING}:{year}:")
    session.execute(update(Notice).where(missing, Notice.read_at.is_(None)).values(read_at=now))
    return Loaded(version, effects, certain)


def _effects(session: Session, changed: Sequence[Recounted], now: datetime) -> tuple[list[Effect], int]:
    moves = [change for change in changed if change.moves]
    return [_effect(session, change, now) for change in moves], len(changed) - len(moves)


def _effect(session: Session, change: Recounted, now: datetime) -> Effect:
    row = change.row
    instance = session.get_one(Instance, row.instance_id)
    under = or_(Task.deadline_id == row.id, Task.id == row.scope_task_id)  # it may show another one by now
    tasks = session.scalars(
        select(Task).where(Task.instance_id == row.instance_id, under, Task.status == OPEN)
    ).all()
    people = {login for task in tasks for login in people_of(session, task, now)}
    return Effect(
        row.instance_id, called(instance), row.name, change.before, change.after.due_on, tuple(sorted(people))
    )
