"""办理期限: the day set for the handling unit lies within the legal period of the case."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of, day_in_words
from engine.errors import InvalidData
from engine.instance.context import GuardCall
from engine.store.tables import Deadline

HANDLING = ("CP-HANDLE", "CP-XF")
"""Rules of the handling period: complaints, and matters that are legally 信访事项."""


def within_the_handling_period(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Raises InvalidData on `due` where a task of the case sets it too late, or in the past."""
    due = _day(call.data.get("due"))
    if call.act != "complete" or due is None:
        return
    last = session.scalars(
        select(Deadline)
        .where(
            Deadline.instance_id == call.instance.id,
            Deadline.key.in_(HANDLING),
            Deadline.status == "running",
        )
        .order_by(Deadline.due_on)
    ).first()
    if due < date_of(now):
        raise InvalidData({"due": [f"办理期限不能早于今天（{day_in_words(date_of(now))}）。"]})
    if last is not None and due > last.due_on:
        raise InvalidData({"due": [f"办理期限不能晚于本案法定期限 {day_in_words(last.due_on)}。"]})


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return date_of(value)
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
