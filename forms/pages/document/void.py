"""The page 作废: one person asks with a reason, another decides."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import select

from engine.errors import Conflict, InvalidData, NotAllowed, NotFound
from forms.chinese import name_of
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.pages.case.access import open_case
from forms.pages.document.book import READERS, WHY
from forms.services import now, services
from forms.signed_in import demand, person
from supervision.document.table import Document
from supervision.document.void import ask_to_void, decide_void
from supervision.guards import demand_unnamed
from supervision.once import outcome_of, remember

LONGEST = 500


@staff.get("/documents/<document_id>/void")
def documents_void(document_id: str) -> Any:
    return _page(_found(document_id))


@staff.post("/documents/<document_id>/void")
def documents_void_post(document_id: str) -> Any:
    """A second click finds what the first did and shows it."""
    row, session = _found(document_id), request_session()
    back = redirect(url_for("staff.documents_void", document_id=document_id), 303)
    key = request.form.get("_key", "")[:64]
    if outcome_of(session, key):
        return back
    reason, decision = request.form.get("reason", "").strip()[:LONGEST], request.form.get("decision", "")
    actor = person().actor
    try:
        with acting(session):
            if decision in ("yes", "no"):
                decide_void(session, document_id, decision == "yes", actor=actor, now=now())
            else:
                demand_unnamed(session, services().keys, row.instance_id, actor, {"reason": reason})
                ask_to_void(session, document_id, reason, actor=actor, now=now())
            remember(session, key, document_id, now())
    except InvalidData as wrong:
        session.rollback()
        return _page(_found(document_id), reason, wrong.errors["reason"][0]), 422
    except NotAllowed as refused:
        session.rollback()
        return _page(_found(document_id), reason, str(refused)), 403
    except Conflict as refused:
        session.rollback()
        return _page(_found(document_id), reason, str(refused)), 409
    session.commit()
    done = {"yes": "公文已作废，文号留存。", "no": "没有作废，公文继续有效。"}
    flash(done.get(decision, "已提出，由另一人审批。"), "success")
    return back


def _found(document_id: str) -> Document:
    """A numbered document of a case the person may open."""
    demand(WHY, *READERS)
    session = request_session()
    row = session.scalars(select(Document).where(Document.id == document_id)).first()
    if row is None or not row.doc_no:
        raise NotFound(f"Expected a numbered document {document_id}, but there is none")
    open_case(session, row.instance_id, person())
    return row


def _page(row: Document, typed: str = "", wrong: str = "") -> str:
    session = request_session()
    asked = row.detail.get("void_asked") or {}
    return render_template(
        "document_void.html", document=row, asked=asked, typed=typed, wrong=wrong,
        asked_by=name_of(session, str(asked.get("by") or row.detail.get("void_asked_by") or "")),
        void_by=name_of(session, str(row.detail.get("void_by") or "")), key=secrets.token_hex(16),
    )  # fmt: skip
