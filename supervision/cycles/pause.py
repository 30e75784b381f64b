"""Pauses a cycle and lets it go on, with a reason, on the system's record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.calendar import WorkCalendar
from engine.errors import Conflict, InvalidData, NotAllowed
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from supervision.cycles.by_hand import LONGEST_REASON
from supervision.cycles.plan import plan, state_of
from supervision.cycles.recur import Cycle

KEEPERS = ("OWNER", "ADMIN")
"""Who pauses."""


def pause(
    session: Session, cycle: Cycle, calendar: WorkCalendar, *, reason: str, by: Actor, now: datetime
) -> None:
    """From now on what comes round is skipped. The caller commits.

    Raises:
        NotAllowed, InvalidData (field `reason`), Conflict: it is paused already.
    """
    _check(reason, by)
    plan(session, [cycle], calendar, now)  # what came before the pause is not lost to it
    state = state_of(session, cycle.key, now)
    if state.paused_at:
        raise Conflict(f"周期“{cycle.name}”已经暂停，不必再次暂停")
    state.paused_at, state.paused_by = now, by.login
    state.pause_reason = reason.strip()[:LONGEST_REASON]
    state.changes += 1
    _tell(session, "cycle.paused", cycle, state.pause_reason, by, now)


def go_on(
    session: Session, cycle: Cycle, calendar: WorkCalendar, *, reason: str, by: Actor, now: datetime
) -> None:
    """Ends the pause; what came round meanwhile stays skipped, and can be started by hand.

    Raises:
        NotAllowed, InvalidData (field `reason`), Conflict: it is not paused.
    """
    _check(reason, by)
    plan(session, [cycle], calendar, now)  # notes as skipped what nobody looked at yet
    state = state_of(session, cycle.key, now)
    if not state.paused_at:
        raise Conflict(f"周期“{cycle.name}”没有暂停，不必继续")
    state.paused_at, state.paused_by, state.pause_reason = None, "", ""
    state.changes += 1
    _tell(session, "cycle.continued", cycle, reason.strip()[:LONGEST_REASON], by, now)


def _check(reason: str, by: Actor) -> None:
    if not any(role in KEEPERS for role, _ in by.roles):
        raise NotAllowed("周期由流程所有者和系统管理员暂停或继续")
    if not reason.strip():
        raise InvalidData({"reason": ["请写明理由，会留在系统记录中。"]})


def _tell(session: Session, act: str, cycle: Cycle, reason: str, by: Actor, now: datetime) -> None:
    append(session, SYSTEM_CHAIN, act, at=now, actor=by, name=cycle.key, payload={"reason": reason})
    session.flush()
