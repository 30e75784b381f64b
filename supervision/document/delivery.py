"""送达: records how a document reached its addressee; who signed for it is sealed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import NotFound
from engine.history.append import append
from supervision.document.table import Delivery, Document
from supervision.identity.key import Keys
from supervision.identity.vault import seal_bytes, take

PLACE = "delivery.receiver"


def record_delivery(
    session: Session,
    keys: Keys,
    document_id: str,
    mode: str,
    served_on: date,
    *,
    sealed_at: str,
    actor: Actor,
    now: datetime,
) -> Delivery:
    """Moves a `receiver` into the record. Raises NotFound.

    `sealed_at` is the instance whose form sealed it: the document's own case, or the extension or main case
    that sends the document for it.
    """
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound(f"Expected a document {document_id}, but there is none")
    receiver = str(take(session, keys, sealed_at, "receiver") or "")
    sealed = (
        seal_bytes(session, keys, document.instance_id, PLACE, receiver.encode(), now) if receiver else b""
    )
    row = Delivery(
        id=uuid.uuid4().hex,
        document_id=document_id,
        instance_id=document.instance_id,
        mode=mode,
        served_on=served_on,
        receiver=sealed,
        recorded_at=now,
        recorded_by=actor.login,
    )
    session.add(row)
    payload = {"document": document_id, "mode": mode, "served_on": served_on.isoformat()}
    append(
        session, document.instance_id, "document.served", at=now, actor=actor,
        name=document.title, payload=payload,
    )  # fmt: skip
    session.flush()
    return row


def deliveries_of(session: Session, instance_id: str) -> Sequence[Delivery]:
    """In the order they were recorded."""
    return session.scalars(
        select(Delivery)
        .where(Delivery.instance_id == instance_id)
        .order_by(Delivery.recorded_at, Delivery.id)
    ).all()
