"""逐级督办 of one deadline: cards when a level begins, notices and proposals at nine, each once.

Whatever the server was doing meanwhile, a card bears the first day of its level; levels that were passed
while it was off are told of together, as the highest. Suspended deadlines do not climb. Source: DOMAIN 7.4.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.instance import Context, deadlines
from engine.instance.step import lock_instance
from engine.store.tables import Deadline, DeadlineEvent
from supervision.escalation import rungs
from supervision.escalation.answerable import answerable, carded
from supervision.escalation.cards import show_red, show_yellow
from supervision.escalation.follow_ups import KINDS, propose
from supervision.escalation.warn import warn


def climb(session: Session, context: Context, deadline_id: str, now: datetime) -> str:
    """Does all that is due for the deadline by `now`; returns the level newly told of, '' for none.

    The session sees every row; the caller commits.
    """
    instance_id = session.scalar(select(Deadline.instance_id).where(Deadline.id == deadline_id))
    if instance_id is None:
        return ""
    lock_instance(session, instance_id)  # in the order of every step: the instance first
    row = session.get_one(Deadline, deadline_id, with_for_update=True, populate_existing=True)
    if row.status not in ("running", "finished"):
        return ""  # suspended: resuming sets the next look
    _cards(session, row, now)
    if row.status == "finished":
        row.watch_at = None
        session.flush()
        return ""
    calendar = context.calendar(session)
    known = rungs.told(row.levels, _announced(session, row))
    level = rungs.rung(row.levels, calendar, now)
    climbed = level if level > known else ""
    if climbed:
        _tell(session, context, row, known, level, now)
    row.watch_at = rungs.next_look(row.levels, calendar, max(level, known), now)
    session.flush()
    return climbed


def _cards(session: Session, row: Deadline, now: datetime) -> None:
    """For whoever was late when the level began; work handed in late, before anybody looked, is late too."""
    until = min(now, row.finished_at) if row.finished_at else now
    for level, show in (("L2", show_yellow), ("L3", show_red)):
        begun = rungs.begins(row.levels[level])
        if begun > until:
            continue
        for unit in filter(carded, answerable(session, row, begun)):
            show(session, row, unit, date.fromisoformat(row.levels[level]), now)


def _tell(session: Session, context: Context, row: Deadline, known: str, level: str, now: datetime) -> None:
    units = [unit for unit in answerable(session, row, now) if carded(unit)] if level >= "L2" else []
    warn(session, row, level, [unit.code for unit in units], now)
    for passed in KINDS:
        if known < passed <= level:
            for unit in units:
                propose(session, context, row, unit, passed, now)
    deadlines.announce(session, row, level, actor=SYSTEM_ACTOR, now=now)


def _announced(session: Session, row: Deadline) -> list[tuple[str, datetime]]:
    events = session.execute(
        select(DeadlineEvent.detail, DeadlineEvent.at).where(
            DeadlineEvent.deadline_id == row.id, DeadlineEvent.kind == "level"
        )
    )
    return [(detail["level"], at) for detail, at in events]
