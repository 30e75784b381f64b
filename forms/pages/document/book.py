"""The page 公文登记: one series of one year, every number with what became of it."""

from __future__ import annotations

from typing import Any

from flask import render_template, request

from forms.chinese import name_of
from forms.database import acting, request_session
from forms.pages.blueprints import staff
from forms.signed_in import demand
from supervision.document.book import books, lines, lost

READERS = (
    "DCS_CLERK", "DCS_LEAD", "LSG_HEAD", "LSG_DEPUTY", "QZB_CLERK", "QZB_HEAD", "DOC_CLERK", "ARCHIVIST",
    "LEGAL", "AUDITOR", "MANAGER", "UP_LIAISON",
)  # fmt: skip
WHY = "公文登记供承办机构、编号用印、档案和审计人员查看"
FURTHEST = 10_000
STATES = {"": "全部", "issued": "有效", "void": "作废"}


@staff.get("/documents")
def documents() -> Any:
    demand(WHY, *READERS)
    session, known = request_session(), books(request_session())
    asked = request.args.get("book", "")
    book = next((one for one in known if key_of(one) == asked), known[0] if known else None)
    state = request.args.get("state", "") if request.args.get("state", "") in STATES else ""
    page = min(max(0, request.args.get("page", 0, type=int)), FURTHEST)
    found, more = lines(session, book, page, state) if book else ((), False)
    with acting(session):
        missing = lost(session, book) if book else ()
        names = {
            login: name_of(session, login)
            for line in found
            if line.document
            for login in (line.document.signed_by, line.document.detail.get("void_by") or "")
            if login
        }
    return render_template(
        "documents.html", books=[(key_of(one), one) for one in known], book=book, chosen=key_of(book),
        lines=found, missing=missing, more=more, page=page, names=names, states=STATES, state=state,
    )  # fmt: skip


def key_of(book: Any) -> str:
    """How an address names it."""
    return f"{book.year}-{book.series}-{book.issuing_body}" if book else ""
