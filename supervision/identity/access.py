"""Opening the vault for a person: only for who handles the case, with a reason, and on record."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import NotAllowed, NotFound
from engine.history.append import append
from supervision.case.table import Case
from supervision.identity.key import Keys
from supervision.identity.table import IdentityAccess
from supervision.identity.traces import traces
from supervision.identity.vault import open_fields

ENTITLED = {
    "DCS": frozenset({"DCS_CLERK", "DCS_LEAD"}),
    "QZB": frozenset({"QZB_CLERK", "QZB_HEAD"}),
    "UP": frozenset({"UP_LIAISON"}),
    "UNIT": frozenset({"DCS_CLERK", "DCS_LEAD"}),
}
"""Body that handles the case → roles that may know who complained."""

EXCLUDED = {"DCS": ("U_",), "QZB": ("U_", "DCS_"), "UP": ("U_", "DCS_", "LSG_"), "UNIT": ("U_",)}
"""Holding one of these as well bars a person: no unit learns it (AV-5), nor the body complained of (AV-6)."""

MIN_REASON = 4

NAMING = ("name", "phone", "id_no", "address", "email", "representatives")
"""Fields that say who complained."""


def refusal(case: Case, actor: Actor) -> str:
    """Why the actor may not know who complained; '' when they may. Writes nothing."""
    held = {role for role, _ in actor.roles}
    if any(role.startswith(EXCLUDED[case.handler]) for role in held):
        return "您所在的单位或机构与本案有关，不能查看投诉人身份（AV-5、AV-6）"
    if not held & ENTITLED[case.handler]:
        return "投诉人身份只供本案经办人和负责人查看"
    return ""


def reveal(
    session: Session, keys: Keys, instance_id: str, actor: Actor, reason: str, now: datetime
) -> dict[str, Any]:
    """Everything sealed of the case, by field. The caller commits, so that the access is on record.

    Raises:
        NotFound: no such case, or not visible. NotAllowed: not entitled, or no reason given.
    Source: DOMAIN 6.3; 个人信息保护法第三十四条 (only within statutory duty).
    """
    case = session.scalars(select(Case).where(Case.instance_id == instance_id)).first()
    if case is None:
        raise NotFound(f"Expected a case {instance_id}, but there is none")
    if why := refusal(case, actor):
        raise NotAllowed(why)
    if len(reason.strip()) < MIN_REASON:
        raise NotAllowed(f"请写明查看投诉人身份的理由（至少 {MIN_REASON} 个字），例如“电话核实诉求”")
    fields = open_fields(session, keys, instance_id)
    if traces(reason, {field: fields[field] for field in NAMING if field in fields}):
        raise NotAllowed("理由会留在记录里，请不要写投诉人的姓名或联系方式")
    session.add(
        IdentityAccess(
            id=uuid.uuid4().hex,
            instance_id=instance_id,
            login=actor.login,
            at=now,
            reason=reason.strip(),
            fields=sorted(fields),
        )
    )
    append(
        session, instance_id, "identity.revealed", at=now, actor=actor,
        name="查看投诉人身份", payload={"reason": reason.strip(), "fields": sorted(fields)},
    )  # fmt: skip
    session.flush()
    return fields


def access_log(
    session: Session, instance_id: str | None = None, limit: int = 200
) -> Sequence[IdentityAccess]:
    """Who opened what, newest first, for AUDITOR; of one case or of all the viewer sees."""
    query = select(IdentityAccess).order_by(IdentityAccess.at.desc(), IdentityAccess.id).limit(limit)
    if instance_id:
        query = query.where(IdentityAccess.instance_id == instance_id)
    return session.scalars(query).all()
