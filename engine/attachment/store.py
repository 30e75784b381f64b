"""Stores attachments in the database, each content once."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import NotFound
from engine.store.tables import Attachment, Blob


def attach(
    session: Session,
    content: bytes,
    *,
    filename: str,
    media_type: str,
    field: str,
    actor: Actor,
    now: datetime,
    instance_id: str | None = None,
    task_id: str | None = None,
    sealed: bool = False,
    size_bytes: int | None = None,
) -> Attachment:
    """`content` is what is stored (cipher text when sealed); `size_bytes` the size a person sees."""
    digest = hashlib.sha256(content).hexdigest()
    if session.get(Blob, digest) is None:
        session.add(Blob(digest=digest, size_bytes=len(content), content=content))
        session.flush()
    row = Attachment(
        id=uuid.uuid4().hex,
        instance_id=instance_id,
        task_id=task_id,
        field=field,
        filename=filename,
        media_type=media_type,
        size_bytes=len(content) if size_bytes is None else size_bytes,
        blob_digest=digest,
        sealed=sealed,
        added_at=now,
        added_by=actor.login,
    )
    session.add(row)
    session.flush()
    return row


def content_of(session: Session, attachment_id: str) -> tuple[Attachment, bytes]:
    """The row and the stored bytes. Raises NotFound when it is not there or not visible."""
    row = session.scalars(select(Attachment).where(Attachment.id == attachment_id)).first()
    if row is None:
        raise NotFound(f"Expected attachment {attachment_id}, but there is none")
    return row, session.get_one(Blob, row.blob_digest).content


def of_instance(session: Session, instance_id: str, *, sealed: bool | None = None) -> Sequence[Attachment]:
    """Attachments of a case in the order they came."""
    query = select(Attachment).where(Attachment.instance_id == instance_id)
    if sealed is not None:
        query = query.where(Attachment.sealed == sealed)
    return session.scalars(query.order_by(Attachment.added_at, Attachment.id)).all()


def remove(session: Session, attachment_id: str) -> None:
    """Deletes a draft's file; its content goes when nothing else uses it."""
    row = session.get_one(Attachment, attachment_id)
    digest = row.blob_digest
    session.delete(row)
    session.flush()
    left = session.scalar(
        select(func.count()).select_from(Attachment).where(Attachment.blob_digest == digest)
    )
    if not left:
        session.delete(session.get_one(Blob, digest))
