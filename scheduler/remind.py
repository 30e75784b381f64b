"""到期提醒: tells people at 09:00 of a working day that a deadline turned amber, red, or climbed further.

Who is told: whoever claimed a task the deadline covers, or its candidates; from red on the leads of the
supervising body too. A rung is announced once (`deadline.level`), however often this runs; rungs passed while
the server was off fall together into the highest.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.deadline.calendar import WorkCalendar
from engine.deadline.ladder import notice_on
from engine.deadline.shanghai import SHANGHAI, date_of, day_in_words
from engine.instance import Context, deadlines
from engine.store.tables import Deadline, Instance, InstanceScope, Task
from supervision.notice import holders, notify
from supervision.notice.task_opened import people_of

AT = time(9)
"""When people are told, Asia/Shanghai."""
SUPERVISORS = {"body:DCS": "DCS_LEAD", "body:QZB": "QZB_HEAD", "body:UP": "UP_LIAISON"}
"""Scope of a case → role that watches over its deadlines."""
WORDS = {
    "L1": "即将到期",
    "L2": "已逾期",
    "L3": "逾期较久，请立即办理",
    "L4": "严重逾期，将转为问责线索草稿供人确认",
}


def remind(session: Session, context: Context, now: datetime) -> int:
    """Announces every rung reached by `now`; returns how many. The caller commits."""
    calendar = context.calendar(session)
    running = session.scalars(
        select(Deadline).where(
            Deadline.status == "running",
            Deadline.level != "L4",
            or_(Deadline.amber_on <= date_of(now), Deadline.due_at <= now),
        )
    ).all()
    announced = 0
    for row in running:
        level = rung(row.levels, calendar, now)
        if level > row.level:
            _tell(session, row, level, now)
            deadlines.announce(session, row, level, actor=SYSTEM_ACTOR, now=now)
            announced += 1
    return announced


def rung(levels: Mapping[str, str], calendar: WorkCalendar, now: datetime) -> str:
    """The highest level people should know of by `now`; L0 when none."""
    reached = [
        level
        for level, day in levels.items()
        if now >= datetime.combine(notice_on(calendar, level, date.fromisoformat(day)), AT, SHANGHAI)
    ]
    return max(reached, default="L0")


def _tell(session: Session, row: Deadline, level: str, now: datetime) -> None:
    tasks = session.scalars(select(Task).where(Task.deadline_id == row.id, Task.status == "open")).all()
    case = session.get_one(Instance, row.instance_id)
    when = f"{WORDS[level]}：到期日 {day_in_words(row.due_on)}"
    for task in tasks:
        text, key = f"{case.business_key}“{task.name}”{when}", f"{row.id}:{level}:{task.id}"
        notify(session, people_of(session, task, now), text, f"/task/{task.id}", now, key)
    if level >= "L2":
        text, key = f"{case.business_key}“{row.name or case.title}”{when}", f"{row.id}:{level}"
        notify(session, _supervisors(session, case.id, now), text, f"/case/{case.id}", now, key)


def _supervisors(session: Session, instance_id: str, now: datetime) -> set[str]:
    scopes = session.scalars(select(InstanceScope.scope).where(InstanceScope.instance_id == instance_id))
    people: set[str] = set()
    for scope in scopes:
        if scope in SUPERVISORS:
            people |= holders(session, SUPERVISORS[scope], "", now)
    return people
