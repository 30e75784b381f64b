"""Remembers what a post did, in the transaction that did it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.errors import Conflict
from supervision.once.table import PostedOnce

KEPT = timedelta(days=7)
"""A page older than this is filled in anew anyway."""


def outcome_of(session: Session, key: str) -> str | None:
    """What the post with this key did, or None when it comes for the first time."""
    row = session.get(PostedOnce, key) if key else None
    return row.outcome if row else None


def remember(session: Session, key: str, outcome: str, now: datetime) -> None:
    """Raises Conflict when the same post is being done at this moment by another request."""
    if not key:
        return
    session.execute(delete(PostedOnce).where(PostedOnce.at < now - KEPT))
    session.add(PostedOnce(key=key, at=now, outcome=outcome))
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("同一份表单已经提交，请稍候查看结果，不要重复提交") from error
