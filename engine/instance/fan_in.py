"""Fan-in: children report by finishing; when all have, a job tells the parent.

A child's end touches its own row and a counter, whatever the number of children. The parent moves in a job of
its own: no child waits for it, and what fails there is not the child's.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.store.base import table_of
from engine.store.jobs import put_job
from engine.store.prepared import Prepared
from engine.store.tables import FanOut, FanOutMember

if TYPE_CHECKING:
    from engine.instance.step import InstanceRow

KIND = "fan_in"
"""Of the job that tells the parent."""
_fans, _members = table_of(FanOut), table_of(FanOutMember)
_is_child = (_members.c.instance_id == bindparam("of"), _members.c.ended_at.is_(None))
_end = Prepared(
    update(_members).where(*_is_child).values({name: bindparam(name) for name in ("status", "ended_at")})
)
_fan_of = Prepared(select(_members.c.fan_out_id).where(_members.c.instance_id == bindparam("of")))
_here = _fans.c.id == bindparam("of")
_report = Prepared(update(_fans).where(_here).values(reported=_fans.c.reported + 1))
_drop = Prepared(update(_fans).where(_here).values(dropped=_fans.c.dropped + 1))
_complete = Prepared(
    select(_fans.c.total, _fans.c.instance_id).where(
        _here,
        _fans.c.status == "running",
        _fans.c.joined_by != "",
        _fans.c.reported + _fans.c.dropped >= _fans.c.total,
        _fans.c.joined_at.is_(None),
        _fans.c.closed_at.is_(None),
    )
)


def child_ended(session: Session, instance: InstanceRow, status: str, now: datetime) -> None:
    """Notes that an instance ended, if a fan-out started it. `status`: completed or terminated."""
    if instance.cause_id is None or not _end.change(session, of=instance.id, status=status, ended_at=now):
        return
    found = _fan_of.row(session, of=instance.id)
    assert found is not None  # the row that was just changed
    (_report if status == "completed" else _drop).change(session, of=found[0])
    settle(session, found[0], now)


def settle(session: Session, fan_out_id: str, now: datetime) -> None:
    """Puts the job that tells the parent, when nobody is left to be waited for.

    The key holds the number: who is added meanwhile makes another one necessary.
    """
    if row := _complete.row(session, of=fan_out_id):
        total, parent_id = row
        put_job(session, f"{KIND}:{fan_out_id}:{total}", KIND, {"fan_out": fan_out_id}, now, now, parent_id)


def lock(session: Session, fan_out_id: str) -> FanOut:
    """The row, alone. Whoever also locks its parent locks that first. Raises NotFound."""
    fan = session.get(FanOut, fan_out_id, populate_existing=True, with_for_update=True)
    if fan is None:
        raise NotFound(f"Expected a fan-out {fan_out_id}, but there is none")
    return fan


def close(session: Session, instance_id: str, element_id: str, now: datetime) -> FanOut | None:
    """The parent goes on without those that have not reported; its newest fan-out, of one element or any.

    Who was never started still will be: it is late, not forgotten.
    """
    query = select(FanOut.id).where(FanOut.instance_id == instance_id)
    if element_id:
        query = query.where(FanOut.element_id == element_id)
    newest = session.scalar(query.order_by(FanOut.created_at.desc(), FanOut.id).limit(1))
    if newest is None:
        return None
    fan = lock(session, newest)
    if fan.closed_at is None:
        fan.closed_at = now
        session.flush()
    return fan
