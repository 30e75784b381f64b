"""Deadlines and everything that moved them; published versions of rules and calendars."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, partial_index
from engine.store.types import Json, UtcDateTime


class Deadline(Base):
    """A running or finished period (期限) of a task, sub-process or process."""

    __tablename__ = "deadline"
    __table_args__ = (
        Index("ix_deadline_status_due_at", "status", "due_at"),
        partial_index("ix_deadline_watch_at", "watch_at", where="watch_at IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    scope_task_id: Mapped[str] = mapped_column(String(32), index=True)
    """Token of the task, sub-process or process the deadline hangs on."""
    element_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    key: Mapped[str] = mapped_column(String(40), index=True)
    rule_version: Mapped[str] = mapped_column(String(64))
    calendar_version: Mapped[str] = mapped_column(String(64))
    unit_code: Mapped[str | None] = mapped_column(String(40), index=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    start_on: Mapped[date]
    due_on: Mapped[date]
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    amber_on: Mapped[date | None]
    levels: Mapped[dict[str, str]] = mapped_column(Json)
    provisional: Mapped[bool] = mapped_column(default=False)
    extended_by: Mapped[int] = mapped_column(default=0)
    """In the unit of the rule's extension."""
    extensions: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(10))
    """running, suspended, finished or cancelled."""
    level: Mapped[str] = mapped_column(String(4), default="L0")
    """Highest rung of the ladder that was announced."""
    watch_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the ladder must look at it next; None when it has nothing more to say. Never later than that."""
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class DeadlineEvent(Base):
    """start, extend, suspend, resume, restart, recompute, level, finish or cancel."""

    __tablename__ = "deadline_event"

    deadline_id: Mapped[str] = mapped_column(ForeignKey("deadline.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor: Mapped[str] = mapped_column(String(100))
    detail: Mapped[dict[str, Any]] = mapped_column(Json)


class RuleVersion(Base):
    """A published version of the deadline rules, whole file."""

    __tablename__ = "rule_version"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(100))


class CalendarVersion(Base):
    """A published version of one year's calendar."""

    __tablename__ = "calendar_version"
    __table_args__ = (UniqueConstraint("year", "digest"),)

    year: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(100))
