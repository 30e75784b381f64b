"""回避声明 and 回避申请: who said what about a case, and what was decided."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime
from engine.store.visibility import owned_by_instance


class Declaration(Base):
    """回避声明 (F-AV-1): one per person and case, before the first task. Source: AV-1, AV-2."""

    __tablename__ = "declaration"
    __table_args__ = (UniqueConstraint("case_id", "login"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("instance.id"))
    """The instance of the case; that of the process itself where it is no case."""
    login: Mapped[str] = mapped_column(String(100))
    has_conflict: Mapped[bool]
    conflict_type: Mapped[list[str]] = mapped_column(Json)
    detail: Mapped[str] = mapped_column(Text, default="")
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Recusal(Base):
    """回避申请和决定 (F-AV-2): one per request, kept whatever was decided. Source: AV-11."""

    __tablename__ = "recusal"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    """The instance of the recusal process."""
    case_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    login: Mapped[str] = mapped_column(String(100))
    """Who is asked to stand aside."""
    applicant: Mapped[str] = mapped_column(String(100))
    origin: Mapped[str] = mapped_column(String(10))
    """声明, 申请 or 依职权."""
    reason: Mapped[str] = mapped_column(Text)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    decision: Mapped[str] = mapped_column(String(10), default="")
    """'' while it is pending; 同意回避, 驳回 or 依职权决定回避."""
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(100), default="")
    decided_on: Mapped[date | None]
    replacement: Mapped[str] = mapped_column(String(100), default="")


owned_by_instance(Declaration, "case_id")
owned_by_instance(Recusal, "case_id")
