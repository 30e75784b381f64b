"""A complaint comes in: the instance starts, who complained goes to the vault, a receipt goes out.

All in the caller's one transaction: a case with its sealed identity and a receipt, or nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.history.append import append
from engine.instance.context import Context
from engine.instance.start import start
from supervision.case.find import case_of
from supervision.complaint.evidence import Upload, keep_uploads
from supervision.eyes import with_system_eyes
from supervision.identity.key import Keys
from supervision.identity.receipt import issue_receipt
from supervision.identity.vault import seal

PROCESS = "complaint"
CHANNELS = {"st_web": "网站", "st_phone": "电话", "st_visit": "来访", "st_letter": "来信", "st_box": "意见箱"}
"""Start event → 来源渠道; `st_msg` says its channel itself."""

PUBLIC = Actor("public", "投诉人", kind="public")
"""Nobody in particular: who complained is not written into any row in clear."""

UNKNOWN = "UNKNOWN"
"""被投诉单位 “不清楚”."""


@dataclass(frozen=True)
class NewReceipt:
    """受理回执. The code is shown now and never again."""

    number: str
    code: str
    instance_id: str
    with_phone: bool
    """Whether the query page also asks for the last four digits of the phone."""


@with_system_eyes
def register(
    session: Session,
    context: Context,
    keys: Keys,
    data: Mapping[str, Any],
    sealed: Mapping[str, Any],
    uploads: Sequence[Upload],
    *,
    actor: Actor,
    now: datetime,
    start_event: str = "st_web",
) -> NewReceipt:
    """Files a complaint: by the public (`actor=PUBLIC`) or by the clerk who took the call, visit or letter.

    `data` become process variables; `sealed` (name, phone, facts, request …) and `uploads` never do.

    Raises:
        NotFound: the process is not published. StepFailed: its first steps failed.
    """
    phone = str(sealed.get("phone") or "")
    given = {
        "channel": CHANNELS.get(start_event, ""),
        **data,
        "target_unit": data.get("target_unit") or UNKNOWN,
        "has_evidence": bool(uploads),
    }
    instance_id = start(session, context, PROCESS, given, actor=actor, now=now, start_event=start_event)
    case = case_of(session, instance_id)
    add_sealed(session, keys, instance_id, sealed, actor=actor, now=now)
    keep_uploads(session, keys, instance_id, uploads, actor=actor, now=now)
    if given.get("identity_mode") == "匿名":
        phone = ""
    code = issue_receipt(session, case.number, instance_id, phone, now)
    return NewReceipt(case.number, code, instance_id, bool(phone))


@with_system_eyes
def add_sealed(
    session: Session,
    keys: Keys,
    instance_id: str,
    sealed: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Seals what a form marks as identity, at intake or when the clerk completes the record."""
    fields = seal(session, keys, instance_id, sealed, now)
    if fields:
        append(
            session, instance_id, "identity.sealed", at=now, actor=actor,
            name="登记投诉人信息", payload={"fields": fields},
        )  # fmt: skip
