"""制发的走法: who signs and checks a new draft, what else it must pass, and what its forms show at first.

Source: DOMAIN C1, AV-7.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.instance.context import ServiceCall
from supervision.basis.guard import repealed
from supervision.case.assign import UNIT_ITSELF
from supervision.case.table import Case
from supervision.document.register import FULL, Entry
from supervision.document.table import Document

HEAD, LEAD, CLERK = "LSG_HEAD", "DCS_LEAD", "DCS_CLERK"
KEPT = ("main_to", "cc", "publicity", "nonpub_reason", "urgency")
"""Answers of the drafter that stay with the document."""
NOTHING_SAID: Mapping[str, Any] = {
    "doc_no": "",
    "check_result": "",
    "sign_result": "",
    "opinions": "",
    "examined": True,
    "basis_override": "",
    "urgency": "平件",
    "cc": "",
}
"""A new document starts clean, whatever an enclosing process left in variables of these names."""


def signer_of(entry: Entry | None, case: Case | None, call: ServiceCall) -> str:
    """The diagram's role, else the register's. A unit that decides itself has its head sign. Source: R12."""
    if case is not None and case.handler == UNIT_ITSELF:
        return HEAD
    return str(call.data.get("signer") or (entry.signer if entry else ""))


def checker_of(entry: Entry | None, signer: str) -> str:
    """The role that checks: the register's, else the one below the signer: three people for a document."""
    if entry is not None and entry.checker:
        return entry.checker
    return LEAD if signer == HEAD else CLERK


def course_of(
    session: Session, document: Document, entry: Entry | None, signer: str, now: datetime
) -> Mapping[str, Any]:
    """Variables of the diagram. What cites a repealed basis takes the full chain, with 合法性审核."""
    gone = "、".join(one.name for one in repealed(session, document.basis, date_of(now)))
    public = entry is not None and entry.public
    return {
        **NOTHING_SAID,
        "doc_id": document.id,
        "issuing_body": document.issuing_body,
        "signer": signer,
        "checker": checker_of(entry, signer),
        "chain": FULL if gone else entry.chain if entry else "",
        "repealed": gone,
        "legal_needed": bool(gone) or (entry is not None and entry.legal),
        "countersign": list(entry.countersign) if entry else [],
        "cited": "\n".join(f"{one['code']} {one['text']}"[:200] for one in document.basis),
        "publicity": "主动公开" if public else "不予公开",
        "nonpub_reason": "" if public else "过程性信息执法案卷",
    }
