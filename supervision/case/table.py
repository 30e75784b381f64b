"""Cases, their number series, and how they are linked."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime
from engine.store.visibility import owned_by_instance


class Case(Base):
    """What lists, boards and the query page need of a case without opening its process state."""

    __tablename__ = "case_file"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    """案号, e.g. TS-2026-0001."""
    kind: Mapped[str] = mapped_column(String(20))
    channel: Mapped[str] = mapped_column(String(20), default="")
    identity_mode: Mapped[str] = mapped_column(String(20), default="")
    reply_mode: Mapped[str] = mapped_column(String(20), default="")
    matter_type: Mapped[str] = mapped_column(String(20), default="")
    topics: Mapped[list[str]] = mapped_column(Json)
    target_unit: Mapped[str] = mapped_column(String(40), default="", index=True)
    target_unit_name: Mapped[str] = mapped_column(String(100), default="")
    category: Mapped[str] = mapped_column(String(20), default="")
    extract: Mapped[str] = mapped_column(Text, default="")
    """案情摘要, approved by the clerk; holds nothing that says who complained."""
    handler: Mapped[str] = mapped_column(String(10), default="DCS")
    """Body that handles it: DCS, QZB or UP."""
    lead_unit: Mapped[str | None] = mapped_column(String(40), index=True)
    co_units: Mapped[list[str]] = mapped_column(Json)
    status: Mapped[str] = mapped_column(String(20), default="已登记")
    """已登记, 待补正, 办理中, 已答复, or the outcome once it is closed."""
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
    received_on: Mapped[date]
    accepted_on: Mapped[date | None]
    decided_on: Mapped[date | None]
    replied_on: Mapped[date | None]
    published_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(String(20), default="")
    conclusion: Mapped[str] = mapped_column(String(20), default="")
    outcome_text: Mapped[str] = mapped_column(Text, default="")
    """What the complainant reads on the query page."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    public_rating: Mapped[str] = mapped_column(String(10), default="")
    """满意度 the complainant gave on the query page."""


class CaseSeries(Base):
    """Last number given per kind and year; its row is the lock that keeps numbers gapless."""

    __tablename__ = "case_series"

    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class CaseLink(Base):
    """One case belongs to another: 并案 (merged into it) or 重复 (found alike)."""

    __tablename__ = "case_link"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    other_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    linked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    linked_by: Mapped[str] = mapped_column(String(100))


owned_by_instance(Case, "instance_id")
owned_by_instance(CaseLink, "instance_id")
