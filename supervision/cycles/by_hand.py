"""立即启动: the next occasion before its day, or one that was skipped, by a person with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.calendar import WorkCalendar
from engine.deadline.shanghai import SHANGHAI, date_of
from engine.errors import Conflict, InvalidData, NotAllowed, NotFound, StepFailed
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.instance import Context
from engine.store.tables import Job
from supervision.cycles.plan import begin, note, state_of
from supervision.cycles.recur import Cycle, Occasion, occasions
from supervision.cycles.settled import settled
from supervision.cycles.table import CycleRun

AHEAD = timedelta(days=400)
"""The next occasion of any cycle lies within."""
BACK = timedelta(days=366)
"""Nobody starts a period of two years ago by hand."""
LONGEST_REASON = 300


def may_start(cycle: Cycle, actor: Actor) -> bool:
    """Whether `actor` holds a role of the cycle's `start_now`."""
    return any(role in cycle.starters for role, _ in actor.roles)


def startable(session: Session, cycle: Cycle, calendar: WorkCalendar, now: datetime) -> Sequence[Occasion]:
    """What may be started by hand: those skipped within a year, newest first, then the next to come."""
    cycle, back = settled(session, cycle), (now - BACK).date()
    rows = session.execute(
        select(CycleRun.key, CycleRun.status).where(CycleRun.cycle == cycle.key, CycleRun.drawn_on >= back)
    )
    known = {row.key: row.status for row in rows}
    found = list(occasions(cycle, calendar, back, now + AHEAD))
    skipped = [occasion for occasion in found if known.get(occasion.key) == "skipped"]
    coming = [occasion for occasion in found if occasion.due_at > now and occasion.key not in known]
    return [*reversed(skipped), *coming[:1]]


def start_now(
    session: Session, context: Context, cycle: Cycle, key: str, *, reason: str, by: Actor, now: datetime
) -> str:
    """Starts one occasion today, on the system's record; returns the instance's id. The caller commits.

    Its day is today, or as many working days after as the cycle's process begins ahead: what counts from
    the day of the cycle counts from there. When its own day comes, it is not started again.

    Raises:
        NotAllowed: no role of `start_now`. InvalidData: no reason; field `reason`.
        Conflict: already started, or not to be started by hand, or its process is not published.
        StepFailed: the process failed before its first wait.
    """
    if not may_start(cycle, by):
        raise NotAllowed(f"周期“{cycle.name}”不由您启动：可以启动的角色写在 cycles.toml 的 start_now 里")
    if not reason.strip():
        raise InvalidData({"reason": ["请写明为什么现在启动，会留在系统记录中。"]})
    calendar = context.calendar(session)
    state_of(session, cycle.key, now)  # of two people, and the scheduler, one at a time
    row = _row(session, cycle, calendar, key, now)
    today = cycle.shift(calendar, date_of(now))
    row.cycle_on = calendar.workday_after(today, cycle.lead) if cycle.lead else today
    row.reason = reason.strip()[:LONGEST_REASON]
    payload = {
        "occasion": row.key,
        "was": row.status,
        "planned": row.due_at.isoformat(),
        "reason": row.reason,
    }
    append(session, SYSTEM_CHAIN, "cycle.started", at=now, actor=by, name=cycle.key, payload=payload)
    try:
        return begin(session, context, row, now=now, actor=by)
    except StepFailed as failed:
        raise Conflict(
            f"没有启动：流程在第一步出错（{failed.reason}），没有改动任何内容；请告诉系统管理员"
        ) from failed
    except NotFound as missing:
        raise Conflict(f"没有启动：流程“{cycle.process}”还没有发布，请先发布这个流程") from missing


def _row(session: Session, cycle: Cycle, calendar: WorkCalendar, key: str, now: datetime) -> CycleRun:
    row = session.get(CycleRun, key, with_for_update=True, populate_existing=True)
    if row is not None and row.status != "skipped":
        raise Conflict(f"“{cycle.name}”{row.label} {_begun(session, row)}：同一期只启动一次")
    found = next((o for o in startable(session, cycle, calendar, now) if o.key == key), None)
    if found is None:
        raise Conflict(f"“{cycle.name}”没有可以立即启动的这一期：只能启动下一期，或一年内跳过的一期")
    if row is None:
        note(session, cycle, calendar, found, now)
        row = session.get_one(CycleRun, key, with_for_update=True)
    return row


def _begun(session: Session, row: CycleRun) -> str:
    if row.started_at is not None:
        return f"已经启动过了，时间 {row.started_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
    if session.scalar(select(Job.status).where(Job.key == row.key)) == "incident":
        return "启动时出错，请系统管理员在“异常处理”中重试"
    return "系统正在启动，请稍候刷新"
