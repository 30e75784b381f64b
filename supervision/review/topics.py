"""The service topics of 复核 (P1R, P3R, P4R)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.errors import InvalidData
from engine.instance.context import Handler, ServiceCall
from engine.store.tables import Instance
from supervision.accountability.execution import ANNULLED, correct
from supervision.accountability.table import AwardDisqualification, Respondent
from supervision.case.find import case_by_number, find_case
from supervision.case.table import Case
from supervision.document.table import Document
from supervision.organisation.units import unit_name
from supervision.rectification.table import Rectification
from supervision.review.decision import decision_by_number, delivery_of, link, reviewed_case


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {"review.find": find, "review.judge": judge, "review.effects": effects}


def find(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Finds what is to be reviewed: reads decision_no, source_case_no, served_on, unit_code.

    Property `decisions` names the templates that may be reviewed (``D26,D27``): a number of another document
    of the case, as of the notice of filing, is no decision. The day of service comes from the proof of
    service; what the applicant wrote counts only where there is none. Returns found, source_case_no,
    source_process, decision_served_on, service_proof, unit_code, unit_name, original_measures,
    original_words, subject_kind, person_type.
    """
    document = decision_by_number(session, str(call.data.get("decision_no") or ""))
    if document is not None and document.template_code not in call.properties.get("decisions", "").split(","):
        document = None
    case = _case_of(session, document, str(call.data.get("source_case_no") or ""))
    if case is not None:
        link(session, call.instance_id, case.instance_id, call.actor, now)
    proof = delivery_of(session, document) if document else None
    respondent = _respondent(session, document)
    own = find_case(session, call.instance_id)
    about = str((document.detail or {}).get("unit") or "") if document else ""
    unit = respondent.unit_code if respondent else about or (case.target_unit if case else "")
    if own is not None and case is not None:
        own.target_unit, own.target_unit_name = unit, unit_name(session, unit) or case.target_unit_name
    return {
        "found": case is not None,
        "source_case_no": case.number if case else str(call.data.get("source_case_no") or ""),
        "source_process": case.kind if case else "",
        "decision_served_on": proof.served_on.isoformat() if proof else _given(call, "served_on"),
        "service_proof": f"{proof.mode}，{proof.served_on.isoformat()} 送达"
        if proof
        else "没有送达回证，以申请人所写为准",
        "unit_code": unit or str(call.data.get("unit_code") or ""),
        "unit_name": unit_name(session, unit) or str(call.data.get("unit_name") or ""),
        "original_measures": list(respondent.final)
        if respondent
        else list(call.data.get("original_measures") or []),
        "original_words": "、".join(respondent.final) if respondent else "",
        "subject_kind": respondent.subject_kind if respondent else str(call.data.get("subject_kind") or ""),
        "person_type": respondent.person_type if respondent else str(call.data.get("person_type") or ""),
    }


def judge(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """No aggravation: reads result, review_measures, original_measures. Returns review_measures.

    变更 leaves fewer of the same measures; a lighter one instead of it is a new decision, made anew.

    Raises:
        InvalidData: on `review_measures`. Source: 公务员处分条例第五十条, 政务处分法第五十九条 (analog).
    """
    result, before = str(call.data.get("result") or ""), list(call.data.get("original_measures") or [])
    if result == "维持":
        return {"review_measures": before}
    if result in ANNULLED:
        return {"review_measures": []}
    remain = [str(one) for one in call.data.get("review_measures") or []]
    if before and (added := [one for one in remain if one not in before]):
        raise InvalidData(
            {"review_measures": [f"复核不得加重：原决定没有“{'、'.join(added)}”，请只保留原决定中的措施。"]}
        )
    if before and set(remain) == set(before):
        raise InvalidData({"review_measures": ["变更应当减轻原决定的措施；不改变的，请选择“维持”。"]})
    return {"review_measures": remain}


def effects(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """What is to be corrected: reads decision_no, result, review_measures, doc_no (of the 复核决定书).

    Awards are restored and what is still open is called off here, for the case that decided may have ended
    by then, and nobody would take its message msg_decision_changed; hearing it as well changes nothing.
    Returns barred_awards and rect_no, each '' where none. Source: R13¶2 (应当及时纠正).
    """
    decision_no = str(call.data.get("decision_no") or "")
    rows = session.scalars(
        select(AwardDisqualification).where(AwardDisqualification.decision_no == decision_no)
    ).all()
    words = [f"{row.year} 年度{'、'.join(row.awards) or '全部评优评先'}" for row in rows]
    if decision_no and (respondent := _by_decision(session, decision_no)):
        annulled = str(call.data.get("result") or "") in ANNULLED
        remain = [] if annulled else [str(one) for one in call.data.get("review_measures") or []]
        correct(session, respondent, remain, str(call.data.get("doc_no") or ""), call.actor, now)
    return {
        "barred_awards": "；".join(words),
        "rect_no": _rectification(session, call.instance_id, decision_no),
    }


def _rectification(session: Session, instance_id: str, decision_no: str) -> str:
    """The number of the 整改 that the reviewed decision led to and that still runs.

    Of several decisions of one case each has a 整改 of its own, whose source is the decision: no other
    respondent's is called off. What names the case instead was begun by a conclusion of the whole case.
    """
    found = session.execute(
        select(Rectification.rect_no, Rectification.source_case_no)
        .join(Instance, Instance.id == Rectification.instance_id)
        .where(
            or_(
                Rectification.source_case_no == decision_no,
                Instance.cause_id == reviewed_case(session, instance_id),
            ),
            Instance.status == "active",
        )
        .order_by(Rectification.rect_no)
    ).all()
    decided = session.scalars(
        select(Respondent.decision_no).where(Respondent.instance_id == reviewed_case(session, instance_id))
    ).all()
    own = [row.rect_no for row in found if decision_no and row.source_case_no == decision_no]
    others = [row.rect_no for row in found if row.source_case_no not in decided]
    return (own or others or [""])[-1]


def _case_of(session: Session, document: Document | None, number: str) -> Case | None:
    case = find_case(session, document.instance_id) if document else None
    return case or (case_by_number(session, number) if number else None)


def _respondent(session: Session, document: Document | None) -> Respondent | None:
    return _by_decision(session, document.doc_no) if document and document.doc_no else None


def _by_decision(session: Session, decision_no: str) -> Respondent | None:
    return session.scalars(select(Respondent).where(Respondent.decision_no == decision_no)).first()


def _given(call: ServiceCall, name: str) -> str:
    return str(call.data.get(name) or "")[:10]
