"""The service topics of 回避 (C3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.instance.context import Handler, ServiceCall
from engine.store.tables import Instance
from supervision.account.table import Account
from supervision.organisation.grants import in_force
from supervision.organisation.table import RoleGrant
from supervision.recusal.find import AGREED, case_id_of
from supervision.recusal.release import release
from supervision.recusal.table import Recusal


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {"recusal.register": register, "recusal.decide": decide}


def register(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Keeps the request: reads target_person (login or name), reason, extract, applicant, origin.

    From now on no decision of the case is signed. Returns reason, target_person ('' where nobody is meant
    clearly), target_name, target_roles, requested_on.
    """
    row = session.get(Recusal, call.instance_id) or _new(session, call, now)
    person = _person(session, str(call.data.get("target_person") or ""))
    row.login = person.login if person else ""
    row.reason = str(call.data.get("extract") or "") or row.reason
    session.flush()
    return {
        "reason": row.reason,
        "target_person": row.login,
        "target_name": person.name if person else "",
        "target_roles": _roles(session, row.login, now),
        "requested_on": date_of(row.requested_at).isoformat(),
    }


def decide(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Keeps the decision: reads decision, decision_reason, replacement. Their tasks are let go.

    Returns released (how many), decided_on, recused.
    """
    row, data = session.get_one(Recusal, call.instance_id), call.data
    row.decision = str(data.get("decision") or "")
    row.decision_reason = str(data.get("decision_reason") or "")
    row.decided_by, row.decided_on = call.actor.login, date_of(now)
    row.replacement = str(data.get("replacement") or "")
    session.flush()
    recused = row.decision in AGREED
    released = release(session, row.case_id, row.login, call.actor, now) if recused else 0
    return {"released": released, "decided_on": row.decided_on.isoformat(), "recused": recused}


def _new(session: Session, call: ServiceCall, now: datetime) -> Recusal:
    instance = session.get_one(Instance, call.instance_id)
    about = str(call.data.get("about") or "")
    case_id = case_id_of(session, instance)
    if case_id == instance.id and about and session.get(Instance, about) is not None:
        case_id = about
    row = Recusal(
        instance_id=call.instance_id, case_id=case_id, login="",
        applicant=str(call.data.get("applicant") or call.actor.name or call.actor.login)[:100],
        origin=str(call.data.get("origin") or "申请")[:10], reason=str(call.data.get("reason") or ""),
        requested_at=now,
    )  # fmt: skip
    session.add(row)
    return row


def _person(session: Session, named: str) -> Account | None:
    """The one account of that login or name; None where there is none or more than one."""
    if not named:
        return None
    found = session.scalars(
        select(Account).where(or_(Account.login == named, Account.name == named)).limit(2)
    ).all()
    return found[0] if len(found) == 1 else None


def _roles(session: Session, login: str, now: datetime) -> Sequence[str]:
    """In force today: they tell who decides."""
    query = select(RoleGrant.role).where(RoleGrant.login == login, in_force(date_of(now)))
    return sorted(set(session.scalars(query)))
