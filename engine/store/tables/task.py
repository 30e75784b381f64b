"""User tasks, who may take them, and what somebody has typed so far."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, partial_index, word
from engine.store.types import Json, UtcDateTime

OPEN = word("open")
"""`Task.status == OPEN` finds open tasks through their own small index."""


class Task(Base):
    """A user task (人工任务). Its id is that of the token in the engine."""

    __tablename__ = "task"
    __table_args__ = (
        partial_index("ix_task_open_due_at_id", "due_at", "id", where="status = 'open'"),
        partial_index("ix_task_assignee_status", "assignee", "status", where="assignee IS NOT NULL"),
        partial_index("ix_task_completed_by", "completed_by", where="completed_by IS NOT NULL"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    shard: Mapped[str] = mapped_column(String(32))
    process_id: Mapped[str] = mapped_column(String(100))
    element_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200))
    lane: Mapped[str] = mapped_column(String(100), default="")
    form: Mapped[str] = mapped_column(String(100), default="")
    status: Mapped[str] = mapped_column(String(20))
    """open, completed or cancelled."""
    assignee: Mapped[str | None] = mapped_column(String(100))
    """Login of the person who claimed it or was assigned."""
    unit_code: Mapped[str | None] = mapped_column(String(40))
    """Unit whose people do it, where the diagram says so."""
    priority: Mapped[int] = mapped_column(Integer, default=50)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None]
    """Last day (Asia/Shanghai) of the nearest deadline that covers the task."""
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    amber_on: Mapped[date | None]
    deadline_id: Mapped[str | None] = mapped_column(String(32))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    completed_by: Mapped[str | None] = mapped_column(String(100))
    completion_key: Mapped[str | None] = mapped_column(String(64))
    """Idempotency key of the post that completed it."""


class TaskCandidate(Base):
    """A role (in a unit, or district-wide) or a person that may claim the task."""

    __tablename__ = "task_candidate"
    __table_args__ = (
        Index("ix_task_candidate_kind_value_unit_code", "kind", "value", "unit_code"),
        {"sqlite_with_rowid": False},
    )

    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    """role or user."""
    value: Mapped[str] = mapped_column(String(100), primary_key=True)
    unit_code: Mapped[str] = mapped_column(String(40), primary_key=True, default="")


class TaskDraft(Base):
    """What a person has typed into a task's form and not submitted (暂存)."""

    __tablename__ = "task_draft"

    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), primary_key=True)
    login: Mapped[str] = mapped_column(String(100), primary_key=True)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
