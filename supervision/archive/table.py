"""When a case was archived, and what its file was then."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import UtcDateTime
from engine.store.visibility import owned_by_instance


class ArchivedFile(Base):
    """案卷: a case that was archived; once more when something came to its file later.

    Source: DOMAIN 6.3, AR-FILE; 档案法 (S:DA art.37).
    """

    __tablename__ = "archived_file"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1, and 2 for the 补充归档 …"""
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of 目录.json."""
    seq: Mapped[int]
    """Last entry of the case's chain that belongs to it."""
    retention: Mapped[str] = mapped_column(String(10))
    """永久, 30年 or 10年."""
    kept_until: Mapped[date | None]
    """None: for ever."""
    archived_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_by: Mapped[str] = mapped_column(String(100))


owned_by_instance(ArchivedFile, "instance_id")
