"""催办、约谈、线索: proposed by the ladder, decided by a person, each with a reason and on record."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR, Actor
from engine.deadline.shanghai import last_day_before
from engine.errors import Conflict, InvalidData, NotAllowed, NotFound
from engine.history.append import append
from engine.instance import Context
from engine.instance.step import lock_instance
from engine.store.base import table_of
from engine.store.once import insert_once
from engine.store.tables import Deadline, Instance
from supervision.case.assign import acting_role
from supervision.case.find import find_case
from supervision.escalation.answerable import answerable, carded
from supervision.escalation.letters import draft_letter
from supervision.escalation.naming import called
from supervision.escalation.table import FollowUp
from supervision.notice import holders, notify
from supervision.organisation.table import Unit
from supervision.organisation.units import unit_name

URGE, TALK, CLUE = "催办", "约谈", "线索"
KINDS = {"L2": URGE, "L3": TALK, "L4": CLUE}
"""Level → what it proposes. Source: DOMAIN 7.4."""
DECIDERS = {URGE: ("DCS_CLERK", "DCS_LEAD"), TALK: ("DCS_LEAD", "LSG_DEPUTY"), CLUE: ("DCS_LEAD",)}
"""Kind → roles that decide about it, as they are called where 督查室 handles the case."""
MIN_REASON = 5
_table = table_of(FollowUp)


def propose(
    session: Session, context: Context, row: Deadline, unit: Unit, level: str, now: datetime
) -> FollowUp | None:
    """What a level proposes about a unit, once; None where it was proposed before.

    The letter of 催办 is begun at once; about 约谈 and 线索 a person decides first.
    """
    follow = _add(session, row, unit.code, KINDS[level], 1, SYSTEM_ACTOR, now)
    if follow is None:
        return None
    if follow.kind == URGE:
        draft_letter(session, context, follow, row, actor=SYSTEM_ACTOR, now=now)
        follow.status = "done" if follow.letter_id else "open"
        session.flush()
        return follow
    case = find_case(session, row.instance_id)
    people = {
        login
        for role in DECIDERS[follow.kind]
        for login in holders(session, acting_role(case, role), "", now)
    }
    what = "建议约谈" if follow.kind == TALK else "问责线索草稿待确认"
    text = f"{called(session, row.instance_id)}“{follow.step}”：{unit_name(session, unit.code)}{what}"
    notify(session, people, text, f"/follow-up/{follow.id}", now, f"follow-up:{follow.id}")
    return follow


def urge(
    session: Session, context: Context, deadline_id: str, unit_code: str, *, actor: Actor, now: datetime
) -> FollowUp:
    """催办 by hand: one more letter about a late unit, once the one before is out.

    Raises:
        NotFound: no such deadline. NotAllowed: not the handling body's. Conflict: not late, the unit does not
        answer for it, or the letter before is still being drawn up.
    """
    row = session.get(Deadline, deadline_id)
    if row is None:
        raise NotFound(f"Expected a deadline {deadline_id}, but there is none")
    lock_instance(session, row.instance_id)
    session.refresh(row, with_for_update=True)
    demand_decider(session, row.instance_id, URGE, actor)
    if row.status != "running" or now < row.due_at:
        raise Conflict(f"“{row.name}”没有逾期，不能催办")
    units = {unit.code: unit for unit in answerable(session, row, now) if carded(unit)}
    if unit_code not in units:
        raise Conflict(f"“{row.name}”现在不由{unit_name(session, unit_code)}办理，不能向它催办")
    last = session.scalars(
        select(FollowUp)
        .where(FollowUp.deadline_id == row.id, FollowUp.unit_code == unit_code, FollowUp.kind == URGE)
        .order_by(FollowUp.serial.desc())
    ).first()
    under_way = letter_of(session, last) if last is not None else None
    if under_way is not None and under_way.status in ("active", "incident"):
        raise Conflict("上一份催办通知书还在制发，请先办完")
    serial = last.serial + 1 if last is not None else 1
    begun = last is None or last.letter_id is not None  # else the ladder's own, whose letter failed then
    follow = _add(session, row, unit_code, URGE, serial, actor, now) if begun else last
    if follow is None:
        raise Conflict("另一个人刚刚催办过，不必再催")
    draft_letter(session, context, follow, row, actor=actor, now=now)
    if follow.letter_id is None:
        raise Conflict(follow.reason)
    follow.status = "done"
    session.flush()
    return follow


def lock_open(session: Session, follow_id: str, kind: str, actor: Actor) -> FollowUp:
    """The proposal, locked, for whoever may decide about it.

    Raises:
        NotFound, NotAllowed. Conflict: decided already.
    """
    follow = session.get(FollowUp, follow_id, with_for_update=True, populate_existing=True)
    if follow is None or follow.kind != kind:
        raise NotFound(f"Expected an open {kind} {follow_id}, but there is none")
    demand_decider(session, follow.instance_id, kind, actor)
    if follow.status != "open":
        raise Conflict(f"这件{kind}已经决定过了，不能再改")
    return follow


def settle(
    session: Session, follow: FollowUp, status: str, reason: str, *, actor: Actor, now: datetime
) -> None:
    """Writes a person's decision; `status` is done or declined. On record in the case's history."""
    follow.status, follow.reason = status, reason
    follow.decided_at, follow.decided_by = now, actor.login
    session.flush()
    payload = {
        "follow_up": follow.id, "kind": follow.kind, "unit": follow.unit_code, "status": status,
        "number": follow.number, "grounds": follow.grounds, "reason": reason,
    }  # fmt: skip
    append(
        session, follow.instance_id, "follow_up.decided", at=now, actor=actor,
        name=f"{follow.kind}：{follow.step}"[:200], payload=payload,
    )  # fmt: skip


def checked(reason: str) -> str:
    """Raises InvalidData on `reason` when it says nothing."""
    if len(reason.strip()) < MIN_REASON:
        raise InvalidData({"reason": [f"请写明理由（至少 {MIN_REASON} 个字）。"]})
    return reason.strip()


def may_decide(session: Session, instance_id: str, kind: str, actor: Actor) -> bool:
    """Whether the person holds a deciding role of the body that handles the case."""
    case = find_case(session, instance_id)
    return any(actor.has(acting_role(case, role)) for role in DECIDERS[kind])


def demand_decider(session: Session, instance_id: str, kind: str, actor: Actor) -> None:
    """Raises NotAllowed."""
    if not may_decide(session, instance_id, kind, actor):
        raise NotAllowed(f"{kind}由承办本案的督查室{'' if kind == URGE else '负责人'}决定")


def letter_of(session: Session, follow: FollowUp) -> Instance | None:
    """The instance that draws up its document."""
    return session.get(Instance, follow.letter_id) if follow.letter_id else None


def _add(
    session: Session, row: Deadline, unit_code: str, kind: str, serial: int, actor: Actor, now: datetime
) -> FollowUp | None:
    values = {
        "id": uuid.uuid4().hex, "instance_id": row.instance_id, "deadline_id": row.id,
        "unit_code": unit_code, "kind": kind, "serial": serial, "status": "open",
        "step": row.name or row.key, "due_on": last_day_before(row.due_at), "grounds": "",
        "raised_at": now, "raised_by": actor.login, "decided_by": "", "reason": "",
    }  # fmt: skip
    if not insert_once(session, _table, values):
        return None
    follow = session.get_one(FollowUp, values["id"])
    append(
        session, row.instance_id, "follow_up.raised", at=now, actor=actor, element_id=row.element_id,
        name=f"{kind}：{follow.step}"[:200],
        payload={"follow_up": follow.id, "kind": kind, "unit": unit_code, "key": row.key, "serial": serial},
    )  # fmt: skip
    return follow
