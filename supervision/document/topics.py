"""Service topics of 公文制发 and 送达. Each says what it reads and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import NotFound, StepFailed
from engine.instance.context import Handler, ServiceCall
from engine.store.tables import Deadline
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from supervision.basis.guard import Override
from supervision.case import outcome
from supervision.case.deeds import acted_as, last_who_completed
from supervision.case.find import case_concerned, find_case
from supervision.case.table import Case
from supervision.document import desk
from supervision.document.chain import opinions, said_of, seal
from supervision.document.course import KEPT, course_of, signer_of
from supervision.document.delivery import record_delivery
from supervision.document.proof import announce, receipt
from supervision.document.record import record
from supervision.document.table import Document
from supervision.document.titles import series_of, title_of
from supervision.document.variables import issuing_body, variables
from supervision.document.void import void
from supervision.escalation.letters import TEMPLATE as LATE_UNIT
from supervision.escalation.letters import tell_unit
from supervision.house import House

SIGNINGS = ("ut_sign", "ut_sign_head")
"""Tasks of the diagram in which a document is signed."""
REVIEWS = ("ut_legal",)
"""Tasks in which 合法性审核 looks at it."""


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler."""
    return {
        "document.draft": partial(draft, house),
        "document.opinions": opinions,
        "document.issue": partial(issue, house),
        "document.seal": seal,
        "document.void": void,
        "document.refuse": refuse,
        "document.served": partial(served, house),
        "document.announce": partial(announce, house),
        "document.receipt": partial(receipt, house),
        "document.record": partial(record, house),
    }


def draft(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads template_code, and title, series and signer where they differ from the register.

    Returns doc_id, title, body, signer and checker (roles), chain, and what its forms show at first; doc_no
    and the answers of an enclosing process of the same name are emptied.
    A letter about an extension belongs to the case whose period is extended.
    """
    register = house.templates.register
    code = str(call.data.get("template_code") or call.properties.get("template_code") or "")
    title = str(call.data.get("title") or title_of(register, code, call.data))
    series = str(
        call.data.get("series") or call.properties.get("series") or series_of(register, code, call.data)
    )
    case = case_concerned(session, call.instance_id, call.data)
    values = variables(house, session, call, now)
    drafted = desk.draft(
        session, house.templates, case.instance_id if case else _home(session, call), code, title,
        values, issuing_body=issuing_body(session, case),
        series=series, actor=call.actor, now=now,
    )  # fmt: skip
    if unit := str(call.data.get("unit_code") or ""):  # a case about many units has letters to each
        drafted.document.detail = {**drafted.document.detail, "unit": unit}
    entry = register.get(code)
    signer = signer_of(entry, case, call)
    return {
        **course_of(session, drafted.document, entry, signer, now), "title": title, "body": drafted.text,
        "main_to": values["main_to"],
    }  # fmt: skip


def issue(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads doc_id, title, body, basis_override (what 合法性审核 wrote). Returns doc_no and issued_on; marks
    what the document means for the case.
    """
    document = desk.issue(
        session, house.templates, str(call.data.get("doc_id") or ""), str(call.data.get("title") or ""),
        str(call.data.get("body") or ""), variables(house, session, call, now),
        drafted_by=last_who_completed(session, call.instance_id, ("ut_draft",)) or "",
        signed_as=acted_as(session, call.instance_id, SIGNINGS, call.actor),
        actor=call.actor, now=now, override=_override(session, call, now),
    )  # fmt: skip
    _keep_chain(session, document, call, now)
    case = case_concerned(session, call.instance_id, call.data)
    if case is not None:
        _mark_issued(session, case, document, call.data, now)
    if document.template_code == LATE_UNIT:
        tell_unit(session, document, str(call.data.get("lead_unit") or ""), now)
    return {"doc_no": document.doc_no, "issued_on": date_of(now).isoformat()}


def _keep_chain(session: Session, document: Document, call: ServiceCall, now: datetime) -> None:
    """Writes to the document who drafted, checked, countersigned and signed it, and what its form said."""
    said = said_of(session, call, now)
    kept = {name: call.data.get(name) for name in KEPT if call.data.get(name)}
    document.detail = {
        **document.detail, **kept,
        "chain": [
            {"step": one.step, "by": one.by, "at": one.at.isoformat(), "result": one.result} for one in said
        ],
    }  # fmt: skip
    session.flush()


def _override(session: Session, call: ServiceCall, now: datetime) -> Override | None:
    """What 合法性审核 wrote about a repealed basis, by whoever reviewed this document."""
    reason = str(call.data.get("basis_override") or "")
    login = last_who_completed(session, call.instance_id, REVIEWS)
    account = session.get(Account, login) if reason and login else None
    return Override(reason, actor_of(session, account, now)) if account is not None else None


def refuse(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """不予签发: reads doc_id; the draft stays on file without a number. Returns doc_no empty."""
    desk.refuse(session, str(call.data.get("doc_id") or ""))
    return {"doc_no": ""}


def served(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads doc_id, mode, served_at (date or instant; today where it is missing). Returns served_on."""
    on = _day(call, "served_at", now)
    try:
        delivery = record_delivery(
            session, house.keys, str(call.data.get("doc_id") or ""), str(call.data.get("mode") or "自行查询"),
            on, sealed_at=call.instance_id, actor=call.actor, now=now,
        )  # fmt: skip
    except NotFound as missing:
        raise StepFailed(call.element_id, "没有可送达的公文：请先签发，再登记送达", call.data) from missing
    document = session.get_one(Document, delivery.document_id)
    case = find_case(session, document.instance_id)
    if case is not None and document.template_code == "D15":
        outcome.reply(session, case, str(call.data.get("reply") or ""), on)
    return {"served_on": on.isoformat()}


def _home(session: Session, call: ServiceCall) -> str:
    """The instance whose deadline the letter is about, be it a case or not; else the letter's own."""
    about = str(call.data.get("deadline_id") or "")
    found = session.scalar(select(Deadline.instance_id).where(Deadline.id == about)) if about else None
    return found or call.instance_id


def _mark_issued(
    session: Session, case: Case, document: Document, data: Mapping[str, Any], now: datetime
) -> None:
    if document.template_code == "D10":
        outcome.accept(case, now)
    elif document.template_code == "D11":
        case.status = "待补正"
    elif document.template_code == "D15":
        case.decided_on = case.decided_on or _decided_on(data, now)
        if case.identity_mode == "匿名" or case.withdrawn_on:
            outcome.reply(session, case, str(data.get("reply") or ""), date_of(now))
    session.flush()


def _decided_on(data: Mapping[str, Any], now: datetime) -> date:
    text = str(data.get("decided_on") or "")[:10]
    return date.fromisoformat(text) if text else date_of(now)


def _day(call: ServiceCall, name: str, now: datetime) -> date:
    text = str(call.data.get(name) or "")
    if not text:
        return date_of(now)
    try:
        given = datetime.fromisoformat(text)
    except ValueError as error:
        raise StepFailed(call.element_id, f"变量“{name}”应为日期，但是“{text}”", call.data) from error
    return date_of(given) if given.tzinfo else given.date()  # a form's time is the district's own
