"""What became of each occasion of a cycle, and whether a cycle is paused."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import UtcDateTime


class CycleState(Base):
    """A cycle as this database knows it; what it is stands in cycles.toml."""

    __tablename__ = "cycle_state"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    """When it was first looked at: occasions of days before are none of ours."""
    looked_on: Mapped[date]
    """Day up to which occasions have been looked for."""
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    paused_by: Mapped[str] = mapped_column(String(100), default="")
    pause_reason: Mapped[str] = mapped_column(Text, default="")
    changes: Mapped[int] = mapped_column(default=0)
    """How often it was paused or continued: what subscribers of its days go by."""


class CycleRun(Base):
    """One occasion (一期) that came round: its UNIQUE key makes it happen once."""

    __tablename__ = "cycle_run"
    __table_args__ = (Index("ix_cycle_run_cycle_drawn_on", "cycle", "drawn_on"),)

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    cycle: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(40))
    process: Mapped[str] = mapped_column(String(100))
    drawn_on: Mapped[date]
    """The day in the file, before rest days were looked at."""
    cycle_on: Mapped[date]
    """The day of the cycle (周期日), which the process counts from."""
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    """When its process had to begin."""
    moved: Mapped[str] = mapped_column(String(200), default="")
    """Why the day is not the drawn one, as known when it came round."""
    status: Mapped[str] = mapped_column(String(10))
    """planned (its job is put), started or skipped."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was skipped, or started by hand."""
    instance_id: Mapped[str | None] = mapped_column(String(32), index=True)
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    started_by: Mapped[str] = mapped_column(String(100), default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
