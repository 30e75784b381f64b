"""原结论、原决定: finds it by its number, links it to the review, and knows who took part in it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.store.tables import Task
from supervision.account.table import Account
from supervision.accountability.table import Meeting
from supervision.case.table import CaseLink
from supervision.document.table import Delivery, Document
from supervision.recusal.find import family

REVIEW = "复核"


def decision_by_number(session: Session, doc_no: str) -> Document | None:
    """The issued document of that number."""
    return session.scalars(
        select(Document).where(Document.doc_no == doc_no.strip(), Document.status == "issued")
    ).first()


def delivery_of(session: Session, document: Document) -> Delivery | None:
    """The first proof that it was served: the period to apply begins then."""
    return session.scalars(
        select(Delivery).where(Delivery.document_id == document.id).order_by(Delivery.served_on)
    ).first()


def link(session: Session, instance_id: str, case_id: str, actor: Actor, now: datetime) -> None:
    """Notes which case is reviewed."""
    if session.get(CaseLink, (instance_id, case_id, REVIEW)) is None:
        row = CaseLink(
            instance_id=instance_id, other_id=case_id, kind=REVIEW, linked_at=now, linked_by=actor.login
        )
        session.add(row)
        session.flush()


def reviewed_case(session: Session, instance_id: str) -> str:
    """The case that this instance reviews; '' where it reviews none."""
    return (
        session.scalar(
            select(CaseLink.other_id).where(CaseLink.instance_id == instance_id, CaseLink.kind == REVIEW)
        )
        or ""
    )


def people_of(session: Session, case_id: str) -> set[str]:
    """Logins of all who did a task of the case or of what it caused, or sat in its meetings."""
    instances = family(session, case_id)
    did = session.scalars(
        select(Task.completed_by).where(Task.instance_id.in_(instances), Task.status == "completed")
    ).all()
    meetings = session.scalars(select(Meeting).where(Meeting.instance_id.in_(instances))).all()
    sat = {name for row in meetings for name in (*row.attendees, row.chair)}
    known = (
        session.scalars(select(Account.login).where(Account.login.in_(sat) | Account.name.in_(sat))).all()
        if sat
        else []
    )
    return {login for login in (*did, *known) if login}
