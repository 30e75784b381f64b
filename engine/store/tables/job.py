"""Jobs: timers, reminders, sends and retries in one table; and the lease of the one pump."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, partial_index, word
from engine.store.types import Json, UtcDateTime

READY = word("ready")
"""`Job.status == READY` finds waiting jobs through their own small index."""


class Job(Base):
    """Something to be done at an instant, written in the transaction that caused it."""

    __tablename__ = "job"
    __table_args__ = (
        partial_index("ix_job_ready_queue_due_at", "queue", "due_at", where="status = 'ready'"),
        partial_index("ix_job_ready_instance_id", "instance_id", where="status = 'ready'"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    """timer, service, act, expire, kept, resend, fan_out, fan_in (`engine.job.steps`), or a runner's own."""
    queue: Mapped[str] = mapped_column(String(10))
    """engine, or send for what talks to the outside."""
    instance_id: Mapped[str | None] = mapped_column(String(32))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    status: Mapped[str] = mapped_column(String(10))
    """ready, done, cancelled or incident."""
    attempts: Mapped[int] = mapped_column(default=0)
    lease_owner: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Lease(Base):
    """A named role only one process may hold at a time, such as the pump of a SQLite file."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(80))
    until: Mapped[datetime] = mapped_column(UtcDateTime)
