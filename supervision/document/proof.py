"""公告和送达回证: the documents that are made beside a delivery. Topics of 送达.

Source: S:MSS art.87, art.95 (民事诉讼法, applied alike).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from lxml import html
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import StepFailed
from engine.instance.context import ServiceCall
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from supervision.case.deeds import acted_as, last_who_completed
from supervision.case.find import case_concerned
from supervision.document import desk
from supervision.document.table import Document
from supervision.document.titles import series_of, title_of
from supervision.document.variables import issuing_body, variables
from supervision.house import House

RECEIPT, NOTICE = "D32", "D44"
SERVING = ("ut_announce", "ut_receipt", "ut_serve", "ut_deliver")
"""Tasks in which a person says how a document was served, the last of them first."""
APPROVALS = ("ut_public",)
"""Tasks in which 公告送达 is approved."""


def announce(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Issues the 公告 that a document waits to be collected. Reads doc_id; returns notice_no.

    It names the document by title and number: nothing of what it says.
    """
    signed_as = acted_as(session, call.instance_id, APPROVALS, call.actor)
    return {"notice_no": _made(house, session, call, NOTICE, call.actor, signed_as, now).doc_no}


def receipt(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Makes the 送达回证 of what was served. Reads doc_id and what 送达 registered; returns receipt_id.

    It has no number. Who signed for the document is sealed: the line for the signature stays empty.
    """
    by = _who_served(session, call, now)
    return {"receipt_id": _made(house, session, call, RECEIPT, by, "", now).id}


def addressee(page: str) -> str:
    """受送达人 as the document's page (HTML) addresses it; '' where it addresses nobody."""
    if not page.strip():
        return ""
    found = html.fragment_fromstring(page, create_parent="div").find_class("to")
    return str(found[0].text_content()).strip().rstrip("：:") if found else ""


def _made(
    house: House,
    session: Session,
    call: ServiceCall,
    code: str,
    by: Actor,
    signed_as: str,
    now: datetime,
) -> Document:
    served = session.get(Document, str(call.data.get("doc_id") or ""))
    if served is None:
        raise StepFailed(call.element_id, "没有可送达的公文：请先签发，再登记送达", call.data)
    register, case = house.templates.register, case_concerned(session, call.instance_id, call.data)
    values = variables(house, session, call, now)
    values |= {
        "served_title": served.title, "served_no": served.doc_no, "served_to": addressee(served.body_html),
        "case_no": case.number if case else "—", "deliverers_words": _names(session, call.data),
        "witnesses_words": call.data.get("witnesses") or "", "issuing_body": served.issuing_body,
    }  # fmt: skip
    title = title_of(register, code, {})
    drafted = desk.draft(
        session, house.templates, served.instance_id, code, title, values,
        issuing_body=issuing_body(session, case), series=series_of(register, code, {}), actor=by, now=now,
    )  # fmt: skip
    document = desk.issue(
        session, house.templates, drafted.document.id, title, drafted.text, values,
        drafted_by=last_who_completed(session, call.instance_id, SERVING) or "", signed_as=signed_as,
        actor=by, now=now,
    )  # fmt: skip
    document.detail = {**document.detail, "serves": served.id}
    session.flush()
    return document


def _names(session: Session, data: Mapping[str, Any]) -> str:
    """送达人 by name, in the order they were entered; whoever has no account as entered."""
    given = [str(one) for one in data.get("deliverers") or ()]
    if data.get("mode") not in ("直接", "留置", "委托"):
        return ""
    rows = session.execute(select(Account.login, Account.name).where(Account.login.in_(given)))
    known = {row.login: row.name for row in rows}
    return "、".join(known.get(one, one) for one in given)


def _who_served(session: Session, call: ServiceCall, now: datetime) -> Actor:
    """Whoever registered it: a timer ends 公告, and no receipt is signed by the clock."""
    login = next(
        (who for task in SERVING if (who := last_who_completed(session, call.instance_id, (task,)))), None
    )
    account = session.get(Account, login) if login else None
    return actor_of(session, account, now) if account is not None else call.actor
