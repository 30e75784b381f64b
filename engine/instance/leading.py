"""Periods that a task and a timer count together: the timer's row follows that of the task or block.

A task under ``deadline=AI-CONFIRM`` and its boundary timer ``due('AI-CONFIRM', …)`` are one period: who
extends or suspends the one means the other as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.tables import Deadline, DeadlineEvent

_deadlines, _events = table_of(Deadline), table_of(DeadlineEvent)
LIVE = ("running", "suspended")


def leader_of(
    session: Session, instance_id: str, key: str, start_on: date, within: str, enclosing: Sequence[str]
) -> Deadline | None:
    """The live row of the same period on a block around the timer, else on the one task beside it.

    Of several beside it none: nobody can tell to whose task the timer belongs.
    """
    rows = session.execute(
        select(_deadlines.c.id, _deadlines.c.scope_task_id, _events.c.detail)
        .join_from(_deadlines, _events, (_events.c.deadline_id == _deadlines.c.id) & (_events.c.seq == 1))
        .where(
            _deadlines.c.instance_id == instance_id,
            _deadlines.c.key == key,
            _deadlines.c.start_on == start_on,
            _deadlines.c.status.in_(LIVE),
        )
    ).all()
    leaders = [row for row in rows if "follows" not in row.detail]
    around = [row for row in leaders if row.scope_task_id in (*enclosing, instance_id)]
    beside = [row for row in leaders if row.detail.get("within") == within]
    found = around or (beside if len(beside) == 1 else [])
    return session.get(Deadline, found[0].id) if found else None


def period_of(session: Session, row: Deadline) -> list[Deadline]:
    """All live rows of the period of `row`, the leader first; a row that counts alone is its own leader."""
    rows = session.execute(
        select(_deadlines.c.id, _events.c.detail)
        .join_from(_deadlines, _events, (_events.c.deadline_id == _deadlines.c.id) & (_events.c.seq == 1))
        .where(_deadlines.c.instance_id == row.instance_id, _deadlines.c.status.in_(LIVE))
        .order_by(_deadlines.c.id)
    ).all()
    leads = {found.id: found.detail.get("follows", found.id) for found in rows}
    leader_id = leads.get(row.id, row.id)
    if leader_id not in leads:
        leader_id = row.id  # the task is done, and its timer runs on alone
    ids = [leader_id, *(key for key, leader in leads.items() if leader == leader_id and key != leader_id)]
    return [session.get_one(Deadline, key, populate_existing=True, with_for_update=True) for key in ids]
