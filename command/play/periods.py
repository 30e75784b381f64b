"""What a step of a scenario does to a period: 申请延期, 中止计时, 恢复计时."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from command.play.compare import deadline_of
from command.play.script import Step
from engine.actor import Actor
from engine.errors import NotFound
from engine.instance import Context
from engine.store.tables import Deadline
from supervision.deadlines.pausing import Asked, resume_clock, suspend_clock
from supervision.deadlines.request import request_extension
from supervision.identity.key import Keys


def move_period(
    session: Session,
    context: Context,
    keys: Keys,
    instance_id: str,
    step: Step,
    actor: Actor,
    now: datetime,
) -> None:
    """Does it as the page does; what the page would refuse is refused with the same sentence."""
    key = step.extend or step.suspend or step.resume
    row, data = _running(session, instance_id, key), step.data
    on = date.fromisoformat(str(data["on"])) if data.get("on") else None
    reason, remark = str(data.get("reason", "")), str(data.get("remark", ""))
    if step.extend:
        days = int(data.get("days", 0))
        request_extension(session, context, row.id, days, reason, actor=actor, now=now)
    elif step.suspend:
        asked = Asked(str(data.get("ground", "")), remark, str(data.get("clause", "")), on)
        suspend_clock(session, context, keys, row.id, asked, actor=actor, now=now)
    else:
        resume_clock(session, context, keys, row.id, remark, on, actor=actor, now=now)


def _running(session: Session, instance_id: str, key: str) -> Deadline:
    row = deadline_of(session, instance_id, key)
    if row is None:
        raise NotFound(f"本案没有期限 {key}")
    return row
