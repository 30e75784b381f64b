"""Process instances, their state shards, and who may see them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import UtcDateTime


class Instance(Base):
    """One running or ended case of one process version."""

    __tablename__ = "instance"
    __table_args__ = (Index("ix_instance_started_at_id", "started_at", "id"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    definition_id: Mapped[str] = mapped_column(ForeignKey("definition.id"), index=True)
    process_id: Mapped[str] = mapped_column(String(100))
    business_key: Mapped[str] = mapped_column(String(100), index=True)
    title: Mapped[str] = mapped_column(String(300), default="")
    status: Mapped[str] = mapped_column(String(20), index=True)
    """active, incident, completed or terminated."""
    revision: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by: Mapped[str] = mapped_column(String(100))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_with: Mapped[str] = mapped_column(Text, default="")
    """Ids of the end events reached, comma separated."""
    cause_id: Mapped[str | None] = mapped_column(String(32), index=True)
    """The instance whose message started this one."""
    cause_head: Mapped[str] = mapped_column(String(64), default="")
    """Head of the cause's history chain when it started this one."""


class StateShard(Base):
    """Opaque engine state: '' is the instance itself, other keys are its sub-processes and calls."""

    __tablename__ = "state_shard"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    shard: Mapped[str] = mapped_column(String(32), primary_key=True)
    parent: Mapped[str] = mapped_column(String(32), default="")
    """Key of the shard that holds the owning sub-process task."""
    content: Mapped[bytes] = mapped_column(LargeBinary)


class InstanceScope(Base):
    """A group of people who may see the instance, e.g. ``body:DCS`` or ``unit:U03`` (可见范围)."""

    __tablename__ = "instance_scope"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)
