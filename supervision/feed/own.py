"""A person's own deadlines as calendar entries: of the tasks one has, or had until lately."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import SHANGHAI
from engine.store.tables import Deadline, DeadlineEvent, Instance, Task
from engine.store.tables.task import OPEN
from engine.task import candidate_condition
from supervision.feed.entry import Entry
from supervision.notice.naming import called

KEPT = timedelta(days=30)
"""How long what is finished stays, marked as cancelled, so that every subscriber takes it away."""
AT = time(9)
"""When a subscriber's alarm rings on the amber day, Asia/Shanghai: when everybody else is told."""
MOVED = ("extend", "suspend", "resume", "restart", "recompute")
"""Events of a deadline that change the entry."""


@dataclass
class _Mine:
    """One deadline with those of its tasks that are or were the person's."""

    deadline: Deadline
    number: str
    open: list[Task] = field(default_factory=list)
    ended: list[Task] = field(default_factory=list)
    moves: list[datetime] = field(default_factory=list)


def own_deadlines(session: Session, actor: Actor, now: datetime) -> list[Entry]:
    """One entry per deadline, the nearest first. Reads through the eyes of the session."""
    found: dict[str, _Mine] = {}
    for task, deadline, instance in session.execute(_rows(actor, now)):
        mine = found.setdefault(deadline.id, _Mine(deadline, called(instance)))
        (mine.open if task.status == "open" else mine.ended).append(task)
    moved = select(DeadlineEvent.deadline_id, DeadlineEvent.at).where(
        DeadlineEvent.deadline_id.in_(found), DeadlineEvent.kind.in_(MOVED)
    )
    for event in session.execute(moved):
        found[event.deadline_id].moves.append(event.at)
    return sorted((_entry(mine) for mine in found.values()), key=lambda entry: (entry.on, entry.uid))


def _rows(actor: Actor, now: datetime) -> Select[Task, Deadline, Instance]:
    """The person's tasks under every deadline that is, or lately was, the person's."""
    free = and_(Task.assignee.is_(None), candidate_condition(actor))
    has = and_(Task.status == OPEN, or_(Task.assignee == actor.login, free))
    had = and_(Task.status != OPEN, or_(Task.completed_by == actor.login, Task.assignee == actor.login))
    lately = select(Task.deadline_id).where(or_(has, and_(had, Task.ended_at > now - KEPT)))
    return (
        select(Task, Deadline, Instance)
        .join(Deadline, Deadline.id == Task.deadline_id)
        .join(Instance, Instance.id == Task.instance_id)
        .where(Task.deadline_id.in_(lately), or_(has, had))
        .order_by(Task.created_at, Task.id)
    )


def _entry(mine: _Mine) -> Entry:
    """`sequence`: each move counts, each task that ended twice, and being without a task once less.

    So it grows by one when the last task ends, and again should the deadline get another.
    """
    deadline, over = mine.deadline, not mine.open or mine.deadline.status in ("finished", "cancelled")
    paused = deadline.status == "suspended"
    names = list(dict.fromkeys(task.name for task in mine.open or mine.ended))
    changed = [*mine.moves, *(task.ended_at or task.created_at for task in (*mine.ended, *mine.open))]
    mark = "（暂定）" if deadline.provisional else "（中止）" if paused else ""
    return Entry(
        uid=f"deadline-{deadline.id}",
        on=deadline.due_on,
        title=f"{mine.number} {'、'.join(names)}{mark}",
        lines=(f"期限：{deadline.name or deadline.key}", *(["已办结或已转出"] if over else [])),
        path=f"/task/{mine.open[0].id}" if mine.open else f"/case/{deadline.instance_id}",
        sequence=len(mine.moves) + 2 * len(mine.ended) - (1 if mine.ended and over else 0),
        changed_at=max(changed),
        cancelled=over,
        tentative=paused or deadline.provisional,
        alarm_at=_alarm(deadline) if not (over or paused) else None,
    )


def _alarm(deadline: Deadline) -> datetime | None:
    return datetime.combine(deadline.amber_on, AT, SHANGHAI) if deadline.amber_on else None
