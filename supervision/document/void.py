"""作废: a numbered document with a mistake is taken back before it reaches anybody; its number stays taken.

One person asks, saying why, and another decides. What was served is not voided: it has effect, and is
corrected or revoked by another document. Source: DOMAIN C1 (ut_void), 6.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.errors import Conflict, InvalidData, NotAllowed, NotFound
from engine.history.append import append
from engine.instance.context import ServiceCall
from engine.store.tables import Task
from supervision.document.table import Delivery, Document

ASKERS = ("DCS_CLERK", "DCS_LEAD", "DOC_CLERK", "QZB_CLERK", "QZB_HEAD", "UP_LIAISON")
DECIDERS = ("DCS_LEAD", "QZB_HEAD", "LSG_HEAD", "UP_LIAISON")
SHORTEST = 5
CHAIN = ("document_issue", "service_of_documents")


def void(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Topic: reads doc_id, void_reason; `call.actor` decided, the sealer asked. Returns doc_no empty."""
    asked_by = session.scalar(
        select(Task.completed_by)
        .where(
            Task.instance_id == call.instance_id,
            Task.shard == call.shard,
            Task.element_id == "ut_seal",
            Task.status == "completed",
        )
        .order_by(Task.ended_at.desc())
        .limit(1)
    )
    reason = str(call.data.get("void_reason") or "")
    void_document(
        session,
        str(call.data.get("doc_id") or ""),
        reason,
        asked_by=asked_by or "",
        actor=call.actor,
        now=now,
    )
    return {"doc_no": ""}


def void_document(
    session: Session, document_id: str, reason: str, *, asked_by: str, actor: Actor, now: datetime
) -> Document:
    """Marks it void, on record. Raises NotFound, Conflict when it was never issued or has been served."""
    row = _issued(session, document_id)
    voided = {"void_reason": reason, "void_by": actor.login, "void_asked_by": asked_by}
    row.status = "void"
    row.detail = {**row.detail, **voided, "void_on": date_of(now).isoformat(), "void_asked": None}
    payload = {"document": row.id, "doc_no": row.doc_no, "reason": reason, "asked_by": asked_by}
    append(session, row.instance_id, "document.void", at=now, actor=actor, name=row.title, payload=payload)
    session.flush()
    return row


def ask_to_void(session: Session, document_id: str, reason: str, *, actor: Actor, now: datetime) -> Document:
    """Raises InvalidData on `reason`, NotAllowed, NotFound; Conflict when it may no longer be voided."""
    row = _issued(session, document_id)
    _demand(actor, ASKERS, "作废由承办机构的人员提出")
    if len(reason.strip()) < SHORTEST:
        raise InvalidData({"reason": [f"请写明作废的理由，至少 {SHORTEST} 个字。"]})
    _demand_at_rest(session, row)
    row.detail = {
        **row.detail,
        "void_asked": {"by": actor.login, "reason": reason.strip(), "at": now.isoformat()},
    }
    payload = {"document": row.id, "doc_no": row.doc_no, "reason": reason.strip()}
    append(
        session, row.instance_id, "document.void_asked", at=now, actor=actor, name=row.title, payload=payload
    )
    session.flush()
    return row


def decide_void(session: Session, document_id: str, agreed: bool, *, actor: Actor, now: datetime) -> Document:
    """Voids it, or lets it stand. Raises NotAllowed for whoever asked, Conflict where nobody did."""
    row = _issued(session, document_id)
    asked = row.detail.get("void_asked")
    if not asked:
        raise Conflict(f"《{row.title}》没有人提出作废：请先写明理由提出")
    _demand(actor, DECIDERS, "作废由负责人审批")
    if asked["by"] == actor.login:
        raise NotAllowed("您提出了作废，不能由您审批（AV-7）：请由另一人审批")
    if agreed:
        _demand_at_rest(session, row)
        return void_document(session, row.id, asked["reason"], asked_by=asked["by"], actor=actor, now=now)
    row.detail = {**row.detail, "void_asked": None}
    append(
        session, row.instance_id, "document.void_declined",
        at=now, actor=actor, name=row.title, payload={"document": row.id},
    )  # fmt: skip
    session.flush()
    return row


def _issued(session: Session, document_id: str) -> Document:
    row = session.get(Document, document_id, with_for_update=True)
    if row is None:
        raise NotFound(f"Expected a document {document_id}, but there is none")
    if row.status != "issued":
        raise Conflict(f"《{row.title}》没有签发，或已经作废")
    if session.scalar(select(Delivery.id).where(Delivery.document_id == row.id).limit(1)) is not None:
        raise Conflict(f"《{row.title}》已经送达，不能作废：请另行制发更正或者撤销的公文")
    return row


def _demand_at_rest(session: Session, row: Document) -> None:
    """While it is being sealed or served, the diagram voids it, and has another one drawn up."""
    waiting = session.scalar(
        select(Task.name)
        .where(Task.instance_id == row.instance_id, Task.process_id.in_(CHAIN), Task.status == "open")
        .limit(1)
    )
    if waiting is not None:
        raise Conflict(
            f"本案的公文还在办理“{waiting}”：有误的请在“用印登记”时提出作废，或者先办完再在这里提出"
        )


def _demand(actor: Actor, roles: tuple[str, ...], rule: str) -> None:
    if not any(role in roles for role, _ in actor.roles):
        raise NotAllowed(rule)
