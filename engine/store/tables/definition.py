"""Published process bundles: immutable versions by digest, their files and the processes in them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime


class Definition(Base):
    """One version of one process folder (流程版本)."""

    __tablename__ = "definition"
    __table_args__ = (UniqueConstraint("key", "version"), UniqueConstraint("key", "digest"))

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]
    version_tag: Mapped[str] = mapped_column(String(100), default="")
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    effective_from: Mapped[datetime] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(100))
    approved_by: Mapped[str] = mapped_column(String(100))
    note: Mapped[str] = mapped_column(Text, default="")
    calls: Mapped[dict[str, str]] = mapped_column(Json)
    """Bundles whose processes this one calls, pinned: key → definition id."""


class DefinitionFile(Base):
    """One file of a version, byte for byte."""

    __tablename__ = "definition_file"

    definition_id: Mapped[str] = mapped_column(ForeignKey("definition.id"), primary_key=True)
    path: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DefinitionProcess(Base):
    """An executable BPMN process of a version and the messages and signals that start it."""

    __tablename__ = "definition_process"

    definition_id: Mapped[str] = mapped_column(ForeignKey("definition.id"), primary_key=True)
    process_id: Mapped[str] = mapped_column(String(100), primary_key=True, index=True)
    name: Mapped[str] = mapped_column(String(200))
    start_messages: Mapped[dict[str, str]] = mapped_column(Json)
    """Message name → id of the start event."""
    start_signals: Mapped[dict[str, str]] = mapped_column(Json, default=dict, server_default="{}")
    """Signal name → id of the start event."""
