"""Incidents: steps that failed and wait for a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime


class Incident(Base):
    """Where an instance or a job failed, and the data at that point."""

    __tablename__ = "incident"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    job_id: Mapped[str | None] = mapped_column(String(32), index=True)
    element_id: Mapped[str] = mapped_column(String(100), default="")
    message: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    command: Mapped[str] = mapped_column(Text, default="", server_default="")
    """What failed, so that it can be tried again (`engine.instance.stored`); '' for jobs."""
    task_id: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """The token the command was for."""
    status: Mapped[str] = mapped_column(String(10), index=True)
    """open or resolved."""
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    resolved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    resolved_by: Mapped[str | None] = mapped_column(String(100))
    resolution: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """retried, moved, cancelled or closed."""
    reason: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Why whoever resolved it did so."""
