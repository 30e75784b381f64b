"""每日提要: a job for each working day at 08:30; done late on the same day, and never on another."""

from __future__ import annotations

from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.job
from engine.deadline.calendar import WorkCalendar
from engine.deadline.shanghai import SHANGHAI, date_of
from engine.instance import Context
from engine.store.tables import Job
from supervision.notice.digest import write_digests

KIND = "digest"
AT = time(8, 30)
"""Asia/Shanghai. Source: DOMAIN 7.2."""


def plan_digest(session: Session, calendar: WorkCalendar, now: datetime) -> bool:
    """Puts today's job when its time has come and there is none; true when it did. The caller commits.

    The key is the day: whatever the clock does, a day has one.
    """
    today = date_of(now)
    due_at = datetime.combine(today, AT, SHANGHAI)
    if now < due_at or not calendar.is_workday(today):
        return False
    key = f"{KIND}:{today}"
    if session.scalar(select(Job.id).where(Job.key == key)):
        return False
    payload = {"day": today.isoformat()}
    return engine.job.put(session, key, kind=KIND, queue="engine", payload=payload, due_at=due_at, now=now)


def digester(context: Context) -> engine.job.Runner:
    """The runner of these jobs. What was put off past midnight is out of date and tells nobody."""

    def run(session: Session, job: Job, now: datetime) -> None:
        if date.fromisoformat(job.payload["day"]) == date_of(now):
            write_digests(session, context.calendar(session), now)

    return run
