"""Messages without a receiver yet: kept for their time to live, taken when somebody waits for them."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.instance.follow import Post
from engine.store.base import table_of
from engine.store.hold import hold
from engine.store.jobs import drop_job, put_job
from engine.store.tables import Definition, DefinitionProcess, KeptMessage

_kept = table_of(KeptMessage)


def keep(session: Session, post: Post, keep_days: int | None, now: datetime) -> None:
    """Puts a message on the shelf, for `keep_days` or (None) until it is awaited."""
    message_id = uuid.uuid4().hex
    expires_at = now + timedelta(days=keep_days) if keep_days is not None else None
    session.execute(
        insert(_kept).values(
            id=message_id,
            name=post.name,
            correlation=post.correlation,
            payload=dict(post.data),
            status="kept",
            sender_id=post.sender_id,
            received_at=now,
            expires_at=expires_at,
            actor=post.actor,
        )
    )
    if expires_at is not None:
        put_job(session, _expiry(message_id), "expire", {"message": message_id}, expires_at, now)


def take(session: Session, name: str, correlation: str, receiver_id: str, now: datetime) -> Post | None:
    """The message kept longest that is still alive; it is the receiver's from now on."""
    found = session.execute(
        select(_kept.c.id, _kept.c.payload, _kept.c.sender_id, _kept.c.actor)
        .where(
            _kept.c.name == name,
            _kept.c.correlation == correlation,
            _kept.c.status == "kept",
            or_(_kept.c.expires_at.is_(None), _kept.c.expires_at > now),
        )
        .order_by(_kept.c.received_at, _kept.c.id)
        .limit(1)
    ).first()
    if found is None:
        return None
    mark(session, found.id, "delivered", now, receiver_id)
    return Post(name, correlation, found.payload, found.sender_id, actor=found.actor)


def mark(
    session: Session, message_id: str, status: str, now: datetime, receiver_id: str | None = None
) -> None:
    """A kept message was delivered, or expired; its expiry need not be waited for any more."""
    values = {"status": status, "delivered_to": receiver_id}
    session.execute(update(_kept).where(_kept.c.id == message_id).values(**values))
    drop_job(session, _expiry(message_id), now)


def expire(session: Session, message_id: str, now: datetime) -> None:
    """Its time to live is over. On record in the sender's history, or in the system's."""
    message = session.get_one(KeptMessage, message_id, populate_existing=True)
    hold(session, "message", message.name, message.correlation)
    session.refresh(message)
    if message.status != "kept":
        return
    message.status = "expired"
    append(
        session, message.sender_id or SYSTEM_CHAIN, "message.expired", at=now, actor=SYSTEM_ACTOR,
        name=message.name, payload={"message": message_id, "received_at": message.received_at.isoformat()},
    )  # fmt: skip


def awaiting_start(session: Session, definition_id: str, now: datetime) -> list[str]:
    """Ids of kept messages that a version which came into effect can begin with, oldest first."""
    starts = session.scalars(
        select(DefinitionProcess.start_messages)
        .join(Definition, Definition.id == DefinitionProcess.definition_id)
        .where(DefinitionProcess.definition_id == definition_id, Definition.effective_from <= now)
    )
    names = sorted({name for start in starts for name in start})
    rows = session.execute(
        select(_kept.c.id)
        .where(
            _kept.c.name.in_(names),
            _kept.c.status == "kept",
            or_(_kept.c.expires_at.is_(None), _kept.c.expires_at > now),
        )
        .order_by(_kept.c.received_at, _kept.c.id)
    )
    return [row.id for row in rows]


def resend(session: Session, message_id: str, now: datetime) -> Post | None:
    """Takes a kept message off the shelf, to be sent as if it came now; None when it is gone."""
    message = session.get_one(KeptMessage, message_id, populate_existing=True)
    hold(session, "message", message.name, message.correlation)
    session.refresh(message)
    if message.status != "kept":
        return None
    mark(session, message_id, "delivered", now)
    return Post(message.name, message.correlation, message.payload, message.sender_id, actor=message.actor)


def _expiry(message_id: str) -> str:
    return f"expire:{message_id}"
