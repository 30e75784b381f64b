"""每日提要: what is late, due or amber among the tasks a person has or may take, in one message."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.deadline.calendar import WorkCalendar
from engine.deadline.shanghai import ONE_DAY, date_of, day_in_words, end_of
from engine.store.tables import Deadline, Instance, Task
from engine.store.tables.task import OPEN
from supervision.notice.naming import called
from supervision.notice.notify import notify
from supervision.notice.task_opened import people_of

WORKDAYS = 3
"""How far it looks ahead."""
LATE, TODAY, SOON, AMBER = "逾期", "今天到期", f"{WORKDAYS} 个工作日内到期", "黄灯"
MOST = 30
"""Tasks listed by name; the number says how many there are."""
INBOX = "/inbox"


@dataclass(frozen=True)
class Item:
    """One task in somebody's digest."""

    group: str
    task_id: str
    words: str
    """Number, task and day: nothing that names a person."""


def write_digests(session: Session, calendar: WorkCalendar, now: datetime) -> int:
    """One notice for each person who has something to hear today; returns for how many. The caller commits.

    The key is the day, so that nobody hears twice on one day however often this runs.
    """
    by_person: dict[str, list[Item]] = {}
    for task, item in _items(session, calendar, now):
        for login in people_of(session, task, now):
            by_person.setdefault(login, []).append(item)
    key = f"digest:{date_of(now)}"
    for login, items in sorted(by_person.items()):
        notify(session, [login], _text(items), INBOX, now, key, lines=_lines(items))
    return len(by_person)


def _items(session: Session, calendar: WorkCalendar, now: datetime) -> Iterator[tuple[Task, Item]]:
    """In the order in which they fall due. What is suspended (灰) is nobody's hurry."""
    today = date_of(now)
    ahead, left = today, WORKDAYS
    while left:
        ahead += ONE_DAY
        left -= calendar.is_workday(ahead)
    urgent = or_(Task.due_at <= end_of(ahead), Task.amber_on <= today)
    running = or_(Deadline.id.is_(None), Deadline.status != "suspended")
    found = session.execute(
        select(Task, Instance)
        .join(Instance, Instance.id == Task.instance_id)
        .outerjoin(Deadline, Deadline.id == Task.deadline_id)
        .where(Task.status == OPEN, Task.due_at.is_not(None), urgent, running)
        .order_by(Task.due_at, Task.id)
    )
    for task, instance in found:
        if task.due_at is None or task.due_on is None:
            continue
        if task.due_at <= now:
            group = LATE
        elif task.due_on == today:
            group = TODAY
        else:
            group = SOON if task.due_on <= ahead else AMBER
        due = f"到期日 {day_in_words(task.due_on)}"
        yield task, Item(group, task.id, f"{group}：{called(instance)}“{task.name}”，{due}")


def _text(items: Sequence[Item]) -> str:
    counts = {group: sum(item.group == group for item in items) for group in (LATE, TODAY, SOON, AMBER)}
    return "今日提要：" + "，".join(f"{group} {count} 项" for group, count in counts.items() if count)


def _lines(items: Sequence[Item]) -> list[tuple[str, str]]:
    lines = [(item.words, f"/task/{item.task_id}") for item in items[:MOST]]
    return [*lines, (f"另有 {len(items) - MOST} 项，见待办", INBOX)] if len(items) > MOST else lines
