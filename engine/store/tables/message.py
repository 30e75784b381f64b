"""Messages: who waits for which, and those that came before their receiver."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime


class Subscription(Base):
    """A token of an instance that waits for a message or signal."""

    __tablename__ = "subscription"
    __table_args__ = (Index("ix_subscription_message_correlation", "message", "correlation"),)

    task_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    shard: Mapped[str] = mapped_column(String(32))
    element_id: Mapped[str] = mapped_column(String(100))
    message: Mapped[str] = mapped_column(String(100), primary_key=True)
    """The name of the message or signal."""
    kind: Mapped[str] = mapped_column(String(10), default="message", server_default="message")
    """message or signal; a signal has no correlation."""
    place: Mapped[int] = mapped_column(default=0, server_default="0")
    """Order among those of one step."""
    correlation: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class KeptMessage(Base):
    """A message without a receiver yet. Delivered when one subscribes, or left until it expires."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_name_correlation_status", "name", "correlation", "status"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    correlation: Mapped[str] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    status: Mapped[str] = mapped_column(String(10))
    """kept, delivered or expired."""
    sender_id: Mapped[str | None] = mapped_column(String(32))
    """The instance that threw it, if one did."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_to: Mapped[str | None] = mapped_column(String(32))
    actor: Mapped[str] = mapped_column(String(100))
