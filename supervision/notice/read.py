"""Reads a person's notices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from supervision.notice.table import Notice


def notices_of(session: Session, login: str, limit: int = 50) -> Sequence[Notice]:
    """The newest first."""
    return session.scalars(
        select(Notice).where(Notice.login == login).order_by(Notice.created_at.desc(), Notice.id).limit(limit)
    ).all()


def unread_count(session: Session, login: str) -> int:
    """For the number beside the bell."""
    unread = select(func.count()).select_from(Notice).where(Notice.login == login, Notice.read_at.is_(None))
    return session.scalar(unread) or 0


def mark_read(session: Session, login: str, now: datetime, notice_id: str | None = None) -> None:
    """One notice, or all; somebody else's stay untouched."""
    mine = update(Notice).where(Notice.login == login, Notice.read_at.is_(None))
    session.execute((mine.where(Notice.id == notice_id) if notice_id else mine).values(read_at=now))
