"""The vault's tables: one key per case, sealed fields, who opened them; receipts and tries of the public."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime
from engine.store.visibility import owned_by_instance


class IdentityKey(Base):
    """The key of one case, sealed by the district's key. Destroying it closes the case's vault for good.

    Source: 个人信息保护法第四十七条 (deletion when the period of keeping has ended).
    """

    __tablename__ = "identity_key"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    key_id: Mapped[str] = mapped_column(String(16))
    """Which key of the key file sealed it."""
    wrapped: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    destroyed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class IdentityField(Base):
    """One sealed value: AES-GCM over its JSON, bound to table, column, case and field."""

    __tablename__ = "identity_field"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_at: Mapped[datetime] = mapped_column(UtcDateTime)


class IdentityAccess(Base):
    """Who opened the vault of a case, when, and why."""

    __tablename__ = "identity_access"
    __table_args__ = (Index("ix_identity_access_login_at", "login", "at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    login: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text)
    fields: Mapped[list[str]] = mapped_column(Json)


class Receipt(Base):
    """受理回执: what the public needs to follow a case, besides the code itself."""

    __tablename__ = "receipt"

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), unique=True)
    code_hash: Mapped[str] = mapped_column(String(200))
    """argon2id over the code, and the phone's last four digits where one was given."""
    with_phone: Mapped[bool]
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime)


class QueryTry(Base):
    """Failed tries per receipt number, whether or not such a number exists."""

    __tablename__ = "query_try"

    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    tries: Mapped[int]
    locked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


for _owned in (IdentityKey, IdentityField, IdentityAccess, Receipt):
    owned_by_instance(_owned, "instance_id")
