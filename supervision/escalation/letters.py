"""催办通知书, 约谈通知书: drafted through 公文制发; a person confirms, edits and issues each one."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.deadline.words import in_words
from engine.errors import EngineError, InvalidData, StepFailed
from engine.instance import Context, start
from engine.store.tables import Deadline
from supervision.document.table import Document
from supervision.escalation.grounds import grounds_of
from supervision.escalation.naming import called
from supervision.escalation.table import FollowUp
from supervision.notice import holders, notify

PROCESS = "document_issue"
TEMPLATE = "D40"
TITLES = {"催办": "催办通知书", "约谈": "约谈通知书"}


def draft_letter(
    session: Session, context: Context, follow: FollowUp, row: Deadline, *, actor: Actor, now: datetime
) -> None:
    """Begins the document of a 催办 or 约谈; where that fails, `follow.reason` says why and it can be begun
    again: people are warned all the same.
    """
    data = {
        "template_code": TEMPLATE, "title": TITLES[follow.kind], "series": "督",
        "deliver": True, "may_refuse": True,
        "deadline_id": row.id, "lead_unit": follow.unit_code,
        "late_step": follow.step, "late_due_on": follow.due_on.isoformat(),
        "late_case": called(session, row.instance_id),
        "late_days": in_words(row, context.calendar(session), now),
        "late_ground": grounds_of(row.key), "urged_on": date_of(now).isoformat(),
    }  # fmt: skip
    savepoint = session.begin_nested()
    try:
        follow.letter_id = start(
            session, context, PROCESS, data, actor=actor, now=now,
            business_key=row.id, cause_id=row.instance_id,
        )  # fmt: skip
        follow.reason = ""
    except EngineError as error:
        savepoint.rollback()
        follow.reason = f"没有起草：{_why(error)}"[:500]
    else:
        savepoint.commit()
    session.flush()


def _why(error: EngineError) -> str:
    match error:
        case StepFailed():
            return error.reason
        case InvalidData():
            return "；".join(text for texts in error.errors.values() for text in texts)
        case _:
            return "公文制发流程还没有发布"


def tell_unit(session: Session, document: Document, unit_code: str, now: datetime) -> None:
    """The unit reads of a letter to it at once, however the paper is served."""
    people = {
        login
        for role in ("U_CONTACT", "U_INNER_HEAD", "U_HEAD")
        for login in holders(session, role, unit_code, now)
    }
    text = f"收到《{document.title}》（{document.doc_no}）"
    notify(session, people, text, f"/document/{document.id}", now, f"letter:{document.id}")
