"""What a unit reported of one half-year, and what 督查室 found of it. Source: R7¶1; RQ-20, RQ-21."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime
from engine.store.visibility import owned_by_instance


class SelfCheckReport(Base):
    """One 单位自查. What the unit filled in per item stays with its instance; here is what others ask for."""

    __tablename__ = "self_check_report"

    child_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    self_check_id: Mapped[str] = mapped_column(String(32), index=True)
    """The 半年自查 that asked; '' where a unit was asked alone."""
    period: Mapped[str] = mapped_column(String(20), index=True)
    """E.g. 2026H1."""
    unit_code: Mapped[str] = mapped_column(String(40), index=True)
    unit_name: Mapped[str] = mapped_column(String(100))
    duty: Mapped[str] = mapped_column(String(20), default="")
    submitted_on: Mapped[date]
    """Of the first report; a supplement does not make it later."""
    on_time: Mapped[bool]
    self_total: Mapped[float | None]
    """What it gave itself, of 100; None where nothing applies to it."""
    verified_total: Mapped[float | None]
    """The same with the scores that were checked by sample; None until it is reviewed."""
    inner_notice: Mapped[dict[str, str]] = mapped_column(Json)
    """Its own 通报: no, date, scope."""
    problems: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """Rows item_id, problem, fix_plan, fix_due of what it has not put right."""
    mismatches: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """Rows item_id, fact of what a sample found otherwise."""
    review: Mapped[str] = mapped_column(String(10), default="")
    """通过 or 抽查不符."""
    reviewed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


owned_by_instance(SelfCheckReport, "child_id")
