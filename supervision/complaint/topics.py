"""Service topics of a complaint's diagram. Each says what it reads and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import StepFailed
from engine.history.append import append
from engine.instance.context import Handler, ServiceCall
from supervision.account.table import Account
from supervision.case import outcome, scopes
from supervision.case.find import case_by_number, case_of
from supervision.case.mirror import mirror
from supervision.case.open import SELF_HANDLED
from supervision.case.table import Case, CaseLink
from supervision.complaint.duplicates import duplicates
from supervision.deadlines.clock_topics import SUPPLEMENTED, anew
from supervision.house import House
from supervision.identity.access import ENTITLED
from supervision.notice import holders, notify
from supervision.organisation.units import inner_organ, unit_name


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler."""
    return {
        "complaint.register": register,
        "complaint.hand_over": hand_over,
        "complaint.supplemented": partial(supplemented, house),
        "complaint.accept": accept,
        "complaint.merge": merge,
        "complaint.guide": guide,
        "complaint.decided": decided,
        "case.close": close,
    }


def register(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Returns complaint_no, received_on, handler, triage_start, and duplicate_suggestions (案号)."""
    case = _case(session, call)
    alike = duplicates(session, case, now)
    return {
        "complaint_no": case.number,
        "received_on": case.received_on.isoformat(),
        "triage_start": case.received_on.isoformat(),
        "handler": case.handler,
        "target_unit": case.target_unit,
        "target_unit_name": case.target_unit_name,
        "duplicate_suggestions": [other.number for other in alike],
    }


def hand_over(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """回避转办 (AV-6): to the body the node's property `handler` names, else the one its target calls for.

    Who had the case sees it no more. Returns handler.
    """
    case = _case(session, call)
    handler = call.properties.get("handler") or SELF_HANDLED.get(case.target_unit, "QZB")
    if handler not in ENTITLED:
        raise StepFailed(
            call.element_id, f"承办机构应为{'、'.join(ENTITLED)}之一，但是“{handler}”", call.data
        )
    if handler != case.handler:
        append(
            session, case.instance_id, "case.handed_over", at=now, actor=call.actor,
            element_id=call.element_id, name=call.name, payload={"from": case.handler, "to": handler},
        )  # fmt: skip
        case.handler = handler
    scopes.handled_by(session, case.instance_id, handler)
    people = {login for role in ENTITLED[handler] for login in holders(session, role, "", now)}
    notify(
        session, people, f"{case.number} 因回避转由本机构办理", f"/case/{case.instance_id}", now,
        f"hand_over:{case.instance_id}:{handler}",
    )  # fmt: skip
    return {"handler": handler}


def supplemented(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """补正材料到了: the clock of 研判 starts again. Returns triage_start, supplement_round."""
    case = _case(session, call)
    case.status = "已补正"
    anew(house, session, call, "CP-TRIAGE", date_of(now), SUPPLEMENTED, now)
    return {
        "triage_start": date_of(now).isoformat(),
        "supplement_round": int(call.data.get("supplement_round") or 0) + 1,
    }


def accept(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """受理. Returns accepted_on."""
    case = _case(session, call)
    outcome.accept(case, now)
    return {"accepted_on": date_of(now).isoformat()}


def merge(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """并案 into `master_no`. Returns master_no."""
    case, number = _case(session, call), str(call.data.get("master_no") or "")
    master = case_by_number(session, number)
    if master is None or master.instance_id == case.instance_id:
        raise StepFailed(call.element_id, f"没有可并入的主件“{number}”：请在研判中填写主件编号", call.data)
    if session.get(CaseLink, (case.instance_id, master.instance_id, "并案")) is None:
        session.add(
            CaseLink(
                instance_id=case.instance_id,
                other_id=master.instance_id,
                kind="并案",
                linked_at=now,
                linked_by=call.actor.login,
            )
        )
        payload = {"number": case.number}
        append(session, master.instance_id, "case.merged", at=now, actor=call.actor, payload=payload)
    session.flush()
    outcome.share(session, master)
    return {"master_no": master.number}


def decided(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """认定: reads responsible (logins the unit named). Returns decided_on, and persons: {name, post} of each.

    Only people of units stand there: who complained is in no variable.
    """
    named = call.data.get("responsible")
    logins = [str(login) for login in named] if isinstance(named, list) else []
    rows = session.scalars(select(Account).where(Account.login.in_(logins)).order_by(Account.login))
    persons = [{"name": row.name, "post": row.post} for row in rows]
    return {"decided_on": date_of(now).isoformat(), "persons": persons}


def guide(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """引导依申请公开. Returns guide_contact: whom to ask, with telephone."""
    case = _case(session, call)
    organ = inner_organ(session, case.target_unit)
    unit = unit_name(session, case.target_unit) or "有关单位"
    contact = f"{unit}{organ.name}（电话 {organ.phone}）" if organ else f"{unit}的政府信息公开工作机构"
    case.outcome_text = f"您要的是具体的政府信息，请向{contact}提出政府信息公开申请。"
    return {"guide_contact": contact}


def close(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """办结 with the node's property `outcome` (a word, or ``${variable}``). Returns closed_on."""
    word = call.properties.get("outcome", "已办结").strip()
    if word.startswith("${") and word.endswith("}"):
        word = str(call.data.get(word[2:-1].strip()) or "已办结")
    outcome.close(session, _case(session, call), word, call.data, now)
    return {"closed_on": date_of(now).isoformat()}


def _case(session: Session, call: ServiceCall) -> Case:
    case = case_of(session, call.instance_id)
    mirror(session, case, call.data)
    return case
