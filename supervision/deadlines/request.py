"""申请延期: checked before it is sent, so that nobody waits for an approval that cannot be given."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.extension import check_extension
from engine.errors import Conflict, InvalidData, NotFound
from engine.instance.context import Context
from engine.instance.may_move import check_running
from engine.instance.rules_then import rule_then
from engine.message.publish import Delivered, publish
from engine.store.tables import Deadline, Instance
from supervision.case.find import case_of_deadline
from supervision.identity.access import ENTITLED

MESSAGE = "msg_extension_request"
PROCESS = "extension"
MIN_REASON = 20


def request_extension(
    session: Session,
    context: Context,
    deadline_id: str,
    days: int,
    reason: str,
    *,
    actor: Actor,
    now: datetime,
) -> Delivered:
    """Starts the approval of an extension.

    Raises:
        NotFound: no such deadline, or not visible. DeadlineClosed: over, used up, or not extensible.
        InvalidData: `days` or `reason`. Conflict: one is being decided already, or the clock stands still.
    Source: DOMAIN C5.
    """
    row = session.scalars(select(Deadline).where(Deadline.id == deadline_id)).first()
    if row is None:
        raise NotFound(f"Expected a deadline {deadline_id}, but there is none")
    check_running(session, row, "延期")
    if len(reason.strip()) < MIN_REASON:
        raise InvalidData({"reason": [f"请写明延期的理由（至少 {MIN_REASON} 个字）。"]})
    check_extension(rule_then(session, context, row), row, row.extensions, days, now)
    if pending(session, deadline_id):
        raise Conflict(f"“{row.name}”已有一件延期申请正在审批")
    payload = {
        "deadline_id": deadline_id, "days": days, "reason": reason.strip(),
        "applied_by": _applicant(session, deadline_id, actor),
    }  # fmt: skip
    sent = publish(session, context, MESSAGE, payload, correlation=deadline_id, actor=actor, now=now)
    if sent.instance_id:
        session.get_one(Instance, sent.instance_id).business_key = deadline_id
        session.flush()
    return sent


def _applicant(session: Session, deadline_id: str, actor: Actor) -> str:
    """Who asks, in a word of the diagram: the body that handles the case cannot grant time to itself."""
    case = case_of_deadline(session, deadline_id)
    handles = case is not None and any(role in ENTITLED[case.handler] for role, _ in actor.roles)
    return "承办机构" if handles else "承办单位"


def pending(session: Session, deadline_id: str) -> Instance | None:
    """The approval that is running for this deadline, if there is one."""
    return session.scalars(
        select(Instance).where(
            Instance.process_id == PROCESS,
            Instance.business_key == deadline_id,
            Instance.status.in_(("active", "incident")),
        )
    ).first()
