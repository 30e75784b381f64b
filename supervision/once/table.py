"""Idempotency keys of posts that start something; completing a task keeps its own on the task."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import UtcDateTime


class PostedOnce(Base):
    """One post that was done. `outcome` is what to say when it comes again, such as a 案号."""

    __tablename__ = "posted_once"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    outcome: Mapped[str] = mapped_column(String(200))


class AnsweredOnce(Base):
    """One request of a program that was done, with the answer it got: the same one again gets the same."""

    __tablename__ = "answered_once"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the login and its idempotency key."""
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    request: Mapped[str] = mapped_column(String(64))
    """SHA-256 of method, address and body: what was sent is not kept."""
    status: Mapped[int] = mapped_column(Integer)
    """HTTP code; 0 while the request is being done."""
    body: Mapped[bytes] = mapped_column(LargeBinary)
