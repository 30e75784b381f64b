"""Secret addresses of feeds. An address is shown once; here lies the SHA-256 of its token."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import UtcDateTime


class CalendarFeed(Base):
    """The address of one person; of several only the newest is not revoked."""

    __tablename__ = "calendar_feed"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    login: Mapped[str] = mapped_column(ForeignKey("account.login"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    used_on: Mapped[date | None]
    """Last day (Asia/Shanghai) it was fetched: the day is enough to see whether anybody uses it."""
