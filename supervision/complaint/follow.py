"""What the complainant sees on the query page, with number and code."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.tables import Deadline, DeadlineEvent, HistoryEntry, Task
from supervision.case.find import case_of
from supervision.case.table import Case, CaseLink
from supervision.complaint.acts import RATINGS
from supervision.complaint.appeal import Appeal, appeal_of
from supervision.complaint.period import period_row
from supervision.complaint.stages import stage
from supervision.complaint.table import PublicAct
from supervision.document.table import Document
from supervision.eyes import with_system_eyes
from supervision.publication.desk import publication_of
from supervision.publication.table import Publication

LETTERS = ("D10", "D11", "D12", "D14", "D15", "D17", "D34", "D35")
"""Documents addressed to the complainant; 交办单, 转送函 and 移送函 are not."""

HANDLERS = {"DCS": "领导小组督查室", "QZB": "区政府办公室", "UP": "上一级政务公开主管部门"}


@dataclass(frozen=True)
class Milestone:
    """A step of the way; `on` is None while it lies ahead."""

    label: str
    on: date | None


@dataclass(frozen=True)
class Allowed:
    """What the complainant may do now."""

    supplement: bool
    withdraw: bool
    rate: bool
    review: bool
    recuse: bool
    appeal: Appeal


@dataclass(frozen=True)
class PublicStatus:
    """Everything the query page shows; nothing in it says who complained or who works on it."""

    number: str
    matter_type: str
    target_unit_name: str
    received_on: date
    stage: str
    handler: str
    due_on: date | None
    """Last day of the running period; None when none runs."""
    extended: bool
    extension_reason: str
    """Why the period was extended: the complainant is told (延期告知)."""
    milestones: Sequence[Milestone]
    result: str
    conclusion: str
    letters: Sequence[Document]
    publication: Publication | None
    acts: Sequence[PublicAct]
    allowed: Allowed
    rating: str
    ratings: Sequence[str] = RATINGS


@with_system_eyes
def public_status(session: Session, instance_id: str) -> PublicStatus:
    """Raises NotFound. Expects that `check_code` let the person in."""
    case = case_of(session, instance_id)
    deadline = period_row(session, instance_id, "running")
    publication = publication_of(session, instance_id)
    return PublicStatus(
        number=case.number,
        matter_type=case.matter_type,
        target_unit_name=case.target_unit_name,
        received_on=case.received_on,
        stage=stage(case.status, case.outcome, _open_elements(session, instance_id)),
        handler=HANDLERS[case.handler],
        due_on=deadline.due_on if deadline else None,
        extended=bool(deadline and deadline.extensions),
        extension_reason=_extension_reason(session, deadline) if deadline and deadline.extensions else "",
        milestones=_milestones(session, case),
        result=case.outcome_text if case.replied_on or case.closed_at else "",
        conclusion=case.conclusion if case.replied_on or case.closed_at else "",
        letters=_letters(session, instance_id),
        publication=publication if publication and publication.published_on else None,
        acts=session.scalars(
            select(PublicAct).where(PublicAct.instance_id == instance_id).order_by(PublicAct.at)
        ).all(),
        allowed=_allowed(session, case),
        rating=case.public_rating,
    )


def _allowed(session: Session, case: Case) -> Allowed:
    is_open, answered = case.closed_at is None, bool(case.replied_on or case.closed_at)
    appeal = appeal_of(session, case.instance_id)
    return Allowed(
        supplement=is_open and not case.replied_on,
        withdraw=is_open and not case.replied_on and case.withdrawn_on is None,
        rate=answered and not case.public_rating,
        review=appeal.allowed,
        recuse=is_open and not case.replied_on,
        appeal=appeal,
    )


def _milestones(session: Session, case: Case) -> list[Milestone]:
    closed_on = date_of(case.closed_at) if case.closed_at else None
    way = [
        Milestone("已登记", case.received_on),
        Milestone("研判", _completed_on(session, case, "ut_triage")),
        Milestone("受理", case.accepted_on),
        Milestone("作出结论", _completed_on(session, case, "ut_decide") or case.decided_on),
        Milestone("答复", case.replied_on),
        Milestone("公开", case.published_on),
        Milestone("办结", closed_on),
    ]
    return [step for step in way if step.on] if closed_on else way


def _completed_on(session: Session, case: Case, element_id: str) -> date | None:
    at: datetime | None = session.scalar(
        select(HistoryEntry.at)
        .where(
            HistoryEntry.chain == case.instance_id,
            HistoryEntry.kind == "task.completed",
            HistoryEntry.element_id == element_id,
        )
        .order_by(HistoryEntry.seq.desc())
        .limit(1)
    )
    return date_of(at) if at else None


def _open_elements(session: Session, instance_id: str) -> Sequence[str]:
    return session.scalars(
        select(Task.element_id).where(Task.instance_id == instance_id, Task.status == "open")
    ).all()


def _extension_reason(session: Session, deadline: Deadline) -> str:
    event = session.scalars(
        select(DeadlineEvent)
        .where(DeadlineEvent.deadline_id == deadline.id, DeadlineEvent.kind == "extend")
        .order_by(DeadlineEvent.seq.desc())
    ).first()
    return str(event.detail.get("reason", "")) if event else ""


def _letters(session: Session, instance_id: str) -> Sequence[Document]:
    """Letters of the case and of its 复核: they go to the same person."""
    reviews = select(CaseLink.instance_id).where(CaseLink.other_id == instance_id, CaseLink.kind == "复核")
    return session.scalars(
        select(Document)
        .where(
            or_(Document.instance_id == instance_id, Document.instance_id.in_(reviews)),
            Document.status == "issued",
            Document.template_code.in_(LETTERS),
        )
        .order_by(Document.issued_on, Document.drafted_at, Document.serial)
    ).all()
