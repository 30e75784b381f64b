"""Fan-out: a parent asks for one child per member of a group; jobs list them and start them in batches.

The parent's step writes one row and one job, however many members there are. Each batch is a transaction that
also puts the next one's job: killed in between, nothing of it happened. A member stands in the list once, and
is started in the transaction that marks it so: no child is started twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR, Actor
from engine.errors import Ambiguous, Conflict, NotFound, StepFailed
from engine.history.append import append, head
from engine.instance import fan_in, route
from engine.instance.advance import Moved, carry
from engine.instance.context import Context, Member, ServiceCall
from engine.instance.create import create_many
from engine.instance.follow import Start
from engine.store.base import table_of
from engine.store.jobs import put_job
from engine.store.prepared import Prepared
from engine.store.tables import FanOut, FanOutMember, Instance
from engine.store.tables.fan_out import PENDING

KIND = "fan_out"
"""Of the jobs that list and start."""
BATCH = 100
"""Children of one transaction: a third of a second, which a click that comes meanwhile waits."""
_fans, _members = table_of(FanOut), table_of(FanOutMember)
_add_members = Prepared.insert(_members)
_mark = Prepared(
    update(_members)
    .where(_members.c.fan_out_id == bindparam("of"), _members.c.position == bindparam("at"))
    .values({name: bindparam(name) for name in ("status", "instance_id", "started_at")})
)


def open_fan_out(
    session: Session,
    call: ServiceCall,
    message: str,
    selection: Mapping[str, str],
    handed: Mapping[str, Any],
    *,
    joined_by: str = "",
    now: datetime,
) -> str:
    """Asks for the children of `selection`, from a service task; returns the fan-out's id."""
    fan_id = uuid.uuid4().hex
    row = {
        "id": fan_id,
        "instance_id": call.instance_id,
        "element_id": call.element_id,
        "name": call.name,
        "message": message,
        "joined_by": joined_by,
        "correlation": call.business_key,
        "selection": dict(selection),
        "handed": dict(handed),
        "status": "listing",
        "created_at": now,
    }
    session.execute(insert(_fans).values(row))
    _put(session, fan_id, call.instance_id, 0, now)
    return fan_id


def start_some(session: Session, context: Context, fan_out_id: str, now: datetime) -> None:
    """Lists the members where that is still to be done, and starts the next batch of children.

    Raises:
        StepFailed: the message starts no process or several, or the members cannot be listed.
    """
    fan = fan_in.lock(session, fan_out_id)
    if fan.closed_at is None and not _is_active(session, fan.instance_id):
        fan.status = "cancelled"
        return
    if fan.status == "listing":
        _list(session, context, fan)
    pending = session.execute(
        select(_members.c.position, _members.c.item, _members.c.data)
        .where(_members.c.fan_out_id == fan.id, _members.c.status == PENDING)
        .order_by(_members.c.position)
        .limit(BATCH + 1)
    ).all()
    if pending:
        _start(session, context, fan, pending[:BATCH], now)
    if len(pending) > BATCH:
        _put(session, fan.id, fan.instance_id, pending[BATCH].position, now)
    elif fan.status == "starting":
        fan.status = "running"
    session.flush()
    fan_in.settle(session, fan.id, now)


def add_member(
    session: Session, fan: FanOut, member: Member, *, reason: str, actor: Actor, now: datetime
) -> None:
    """Adds somebody who was not in the group when it was listed; on record in the parent's history.

    Raises:
        Conflict: the parent went on already, or the member has a child.
    """
    fan = fan_in.lock(session, fan.id)
    if fan.status not in ("starting", "running") or fan.joined_at or fan.closed_at:
        raise Conflict("汇总已经开始或流程已经结束，不能再补发")
    there = select(FanOutMember.position).where(
        FanOutMember.fan_out_id == fan.id, FanOutMember.item == member.item
    )
    if session.scalar(there) is not None:
        raise Conflict(f"“{member.name}”已在名单中，不能重复下发")
    last = session.scalar(select(func.max(FanOutMember.position)).where(FanOutMember.fan_out_id == fan.id))
    position = 0 if last is None else last + 1
    _add_members.send(session, **_row(fan, position, member))
    fan.total += 1
    session.flush()
    _put(session, fan.id, fan.instance_id, position, now)
    append(
        session, fan.instance_id, "fan_out.added", at=now, actor=actor, element_id=fan.element_id,
        name=member.name, payload={"item": member.item, "reason": reason},
    )  # fmt: skip


def _is_active(session: Session, instance_id: str) -> bool:
    return session.scalar(select(Instance.status).where(Instance.id == instance_id)) == "active"


def _put(session: Session, fan_out_id: str, parent_id: str, position: int, now: datetime) -> None:
    """A position is begun from once: a job of the same key has done it, or will."""
    put_job(session, f"{KIND}:{fan_out_id}:{position}", KIND, {"fan_out": fan_out_id}, now, now, parent_id)


def _list(session: Session, context: Context, fan: FanOut) -> None:
    if context.members is None:
        raise StepFailed(fan.element_id, "系统没有登记怎样列出名单：请联系开发人员")
    found = context.members(session, fan.selection)
    _add_members.many(session, [_row(fan, position, member) for position, member in enumerate(found)])
    fan.total, fan.status = len(found), "starting"


def _row(fan: FanOut, position: int, member: Member) -> dict[str, Any]:
    return {
        "fan_out_id": fan.id,
        "position": position,
        "parent_id": fan.instance_id,
        "item": member.item,
        "name": member.name,
        "data": dict(member.data),
        "status": "pending",
    }


def _start(
    session: Session, context: Context, fan: FanOut, pending: Sequence[Row[int, str, Any]], now: datetime
) -> None:
    """All rows of the batch together, then each child runs in a step of its own.

    A child that fails has an incident, and holds up nobody.
    """
    try:
        point = route.start_point(session, context, fan.message, now)
    except (Ambiguous, NotFound) as error:
        raise StepFailed(fan.element_id, str(error)) from error
    cause_head = head(session, fan.instance_id)
    starts = [
        Start(
            point.definition_id, point.process_id, {**fan.handed, **member.data}, point.element_id,
            f"{fan.correlation}/{member.item}"[:100], fan.instance_id, cause_head,
        )
        for member in pending
    ]  # fmt: skip
    works = create_many(session, context, starts, actor=SYSTEM_ACTOR, now=now)
    begun = {"of": fan.id, "status": "started", "started_at": now}
    marks = [
        {**begun, "at": member.position, "instance_id": work.instance_id}
        for member, work in zip(pending, works, strict=True)
    ]
    _mark.many(session, marks)
    fan.started += len(works)
    session.flush()
    for work in works:
        carry(session, context, [work], Moved(), actor=SYSTEM_ACTOR, now=now)
