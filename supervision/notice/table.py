"""Notices, how each of them reached its person, and where persons can be reached."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, partial_index
from engine.store.types import Json, UtcDateTime


class Notice(Base):
    """One line for one person; the same `key` reaches a person once."""

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("login", "key"),
        Index("ix_notice_login_read_at", "login", "read_at"),
        partial_index("ix_notice_to_route", "created_at", where="routed_at IS NULL"),
        partial_index("ix_notice_subject", "subject", where="subject IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    login: Mapped[str] = mapped_column(String(100))
    key: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(String(300))
    lines: Mapped[list[list[str]] | None] = mapped_column(Json)
    """What the line sums up, for a digest: pairs of text and link."""
    link: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str | None] = mapped_column(String(32))
    """Id of the deadline that a warning is about."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    routed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When it was given to the channels that lead outside; None until then."""


class NoticeDelivery(Base):
    """A notice on its way through one channel that leads outside. In-app, the notice itself is the proof."""

    __tablename__ = "notice_delivery"
    __table_args__ = (UniqueConstraint("notice_id", "channel"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    notice_id: Mapped[str] = mapped_column(ForeignKey("notice.id"))
    channel: Mapped[str] = mapped_column(String(20))
    status: Mapped[str] = mapped_column(String(10))
    """queued, failed (and perhaps tried again), sent, or dropped (no longer wanted, or no address)."""
    address: Mapped[str] = mapped_column(String(200))
    queued_at: Mapped[datetime] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    """Why the last try failed; '' once it is sent."""


class NoticeAddress(Base):
    """Where a channel reaches a person, and whether the person wants it to."""

    __tablename__ = "notice_address"

    login: Mapped[str] = mapped_column(ForeignKey("account.login"), primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), primary_key=True)
    address: Mapped[str] = mapped_column(String(200))
    wanted: Mapped[bool] = mapped_column(default=True)
