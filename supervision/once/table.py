"""Idempotency keys of posts that start something; completing a task keeps its own on the task."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import UtcDateTime


class PostedOnce(Base):
    """One post that was done. `outcome` is what to say when it comes again, such as a 案号."""

    __tablename__ = "posted_once"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[str] = mapped_column(String(200))
