"""Fan-outs: one instance for each member of a group, started by message and joined by the parent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base, partial_index, word
from engine.store.types import Json, UtcDateTime

PENDING = word("pending")
"""`FanOutMember.status == PENDING` finds who is still to be started through its own small index."""


class FanOut(Base):
    """What a parent asked for in one step. Its counters make joining cost the same for 10 and 10,000."""

    __tablename__ = "fan_out"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    """The parent."""
    element_id: Mapped[str] = mapped_column(String(100))
    name: Mapped[str] = mapped_column(String(200), default="")
    """Of the element."""
    message: Mapped[str] = mapped_column(String(100))
    """Starts each child."""
    joined_by: Mapped[str] = mapped_column(String(100))
    """The message the parent gets, once, when all have reported; '' for none."""
    correlation: Mapped[str] = mapped_column(String(100))
    selection: Mapped[dict[str, str]] = mapped_column(Json)
    """Says who is meant, in the words of `Context.members`."""
    handed: Mapped[dict[str, Any]] = mapped_column(Json)
    """Variables that every child begins with."""
    status: Mapped[str] = mapped_column(String(10))
    """How far starting has come: listing, starting, running, or cancelled when the parent ended before."""
    total: Mapped[int] = mapped_column(default=0)
    started: Mapped[int] = mapped_column(default=0)
    reported: Mapped[int] = mapped_column(default=0)
    """Children that completed, however late."""
    dropped: Mapped[int] = mapped_column(default=0)
    """Children that were cancelled: nobody waits for them."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    joined_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the parent was told that all have reported."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """When the parent went on: from then on nobody is waited for."""


class FanOutMember(Base):
    """One member of the group and its child, if that has been started."""

    __tablename__ = "fan_out_member"
    __table_args__ = (
        UniqueConstraint("fan_out_id", "item"),
        partial_index("ix_fan_out_member_pending", "fan_out_id", "position", where="status = 'pending'"),
        partial_index("ix_fan_out_member_open", "fan_out_id", "position", where="ended_at IS NULL"),
    )

    fan_out_id: Mapped[str] = mapped_column(ForeignKey("fan_out.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[str] = mapped_column(String(32))
    """Who may see the parent may see this row; the child has its own scopes."""
    item: Mapped[str] = mapped_column(String(60))
    """What stands once in a group, e.g. a unit's code."""
    name: Mapped[str] = mapped_column(String(100), default="")
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    """Variables of this child alone."""
    status: Mapped[str] = mapped_column(String(10))
    """pending, started, completed or terminated."""
    instance_id: Mapped[str | None] = mapped_column(String(32), unique=True)
    """The child."""
    started_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
