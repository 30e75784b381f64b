"""申请复核 of the result of a complaint: in time while the case waits for it, afterwards with 正当理由.

What the complainant writes is sealed; the 复核 learns the day on which it came, and that reasons for lateness
lie in the vault. Source: R7¶2 (default 30 days, CP-REV-APPLY).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import NotAllowed
from engine.instance.context import Context
from engine.message.publish import publish
from engine.store.tables import Deadline
from supervision.case.find import case_of
from supervision.case.table import Case
from supervision.complaint.acts import acts_of, keep_act, send, waiting
from supervision.complaint.evidence import Upload
from supervision.complaint.intake import PUBLIC
from supervision.document.table import Document
from supervision.eyes import with_system_eyes
from supervision.identity.key import Keys

KIND, REQUEST, START, PERIOD, RESULT = (
    "申请复核",
    "msg_review_request",
    "msg_review_start",
    "CP-REV-APPLY",
    "D15",
)
SEALED = "申请人已说明逾期的理由，原文密封保管；在原投诉的“查看投诉人信息”里查看。"
MIN = 10
"""Characters of a reason."""


@dataclass(frozen=True)
class Appeal:
    """Whether the complainant may apply now, and until when it is in time."""

    allowed: bool
    late: bool
    last_on: date | None


@with_system_eyes
def appeal_of(session: Session, instance_id: str) -> Appeal:
    """Once per result. Expects that the person was let in, or may open the case."""
    last_on = session.scalar(
        select(Deadline.due_on)
        .where(Deadline.instance_id == instance_id, Deadline.key == PERIOD)
        .order_by(Deadline.due_at.desc())
    )
    if waiting(session, instance_id, REQUEST):
        return Appeal(True, False, last_on)
    case = case_of(session, instance_id)
    over = case.closed_at is not None and case.replied_on is not None and case.identity_mode != "匿名"
    asked = bool(acts_of(session, instance_id, KIND))
    late = over and not asked and _result(session, instance_id) is not None
    return Appeal(late, late, last_on)


@with_system_eyes
def request_review(
    session: Session,
    context: Context,
    keys: Keys,
    instance_id: str,
    grounds: str,
    uploads: Sequence[Upload],
    now: datetime,
    *,
    late_reason: str = "",
) -> str:
    """Applies; returns what the applicant reads.

    Raises:
        NotAllowed: no result yet, applied before, or a reason is missing.
    """
    appeal, case = appeal_of(session, instance_id), case_of(session, instance_id)
    day = date_of(now)
    if not appeal.allowed:
        raise NotAllowed("现在不能申请复核：请在收到处理结果后、复核期限内提出；同一结果只能申请一次")
    if len(grounds.strip()) < MIN:
        raise NotAllowed(f"请写明申请复核的理由（至少 {MIN} 个字）")
    overdue = appeal.late and (appeal.last_on is None or day > appeal.last_on)
    if overdue and len(late_reason.strip()) < MIN:
        raise NotAllowed(f"复核期限已过：有正当理由的，请写明没有按期申请的理由（至少 {MIN} 个字）")
    words = f"{grounds.strip()}\n逾期的理由：{late_reason.strip()}" if overdue else grounds
    keep_act(session, keys, case, KIND, words, uploads, now)
    if appeal.late:
        _begin_late(session, context, case, day, SEALED if overdue else "", now)
        return "已收到您的复核申请。是否受理由复核机构决定，结果会显示在这里。"
    send(session, context, case, REQUEST, {"review_requested_on": day.isoformat()}, now)
    return "已收到您的复核申请，将由未参与原处理的人员办理。"


def _begin_late(
    session: Session, context: Context, case: Case, day: date, late_reason: str, now: datetime
) -> None:
    result = _result(session, case.instance_id)
    payload = {
        "decision_no": result.doc_no if result else "", "source_case_no": case.number,
        "received_on": day.isoformat(), "late_reason": late_reason,
    }  # fmt: skip
    publish(session, context, START, payload, correlation=case.number, actor=PUBLIC, now=now)


def _result(session: Session, instance_id: str) -> Document | None:
    return session.scalars(
        select(Document)
        .where(
            Document.instance_id == instance_id, Document.template_code == RESULT, Document.status == "issued"
        )
        .order_by(Document.issued_on.desc())
    ).first()
