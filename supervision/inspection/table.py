"""Tables of 全区性检查: checklist versions, one inspection a year, its teams, results, scores per item."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime
from engine.store.visibility import owned_by_instance


class ChecklistVersion(Base):
    """A published version of the checklist; never changed."""

    __tablename__ = "checklist_version"

    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(100))
    effective_from: Mapped[date]
    content: Mapped[str] = mapped_column(Text)
    digest: Mapped[str] = mapped_column(String(64))
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)
    published_by: Mapped[str] = mapped_column(String(100))
    reason: Mapped[str] = mapped_column(Text, default="")


class Inspection(Base):
    """全区性检查 of a year: one that is not cancelled. Source: R7¶1; RQ-18."""

    __tablename__ = "inspection"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    year: Mapped[int]
    holds_year: Mapped[int | None] = mapped_column(unique=True)
    """The year, until it is cancelled: nobody else may have it meanwhile."""
    checklist: Mapped[str] = mapped_column(String(20), default="")
    cancelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    bulletin_no: Mapped[str] = mapped_column(String(60), default="")
    """发文字号 of the 督查通报, once it is issued."""


class InspectionTeam(Base):
    """督查组 of an inspection: who inspects which units. Source: AV-4, AV-10."""

    __tablename__ = "inspection_team"

    inspection_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    team_no: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    lead: Mapped[str] = mapped_column(String(100))
    """Logins, here and below."""
    members: Mapped[list[str]] = mapped_column(Json)
    invitees: Mapped[list[str]] = mapped_column(Json)
    units: Mapped[list[str]] = mapped_column(Json)
    """Codes."""
    set_up_at: Mapped[datetime] = mapped_column(UtcDateTime)
    set_up_by: Mapped[str] = mapped_column(String(100))

    @property
    def people(self) -> list[str]:
        """Head and members, each once."""
        return list(dict.fromkeys((self.lead, *self.members)))


class UnitResult(Base):
    """What one unit came to in one inspection. `child_id` is its 单位检查."""

    __tablename__ = "inspection_result"

    child_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    inspection_id: Mapped[str] = mapped_column(String(32), index=True)
    year: Mapped[int] = mapped_column(index=True)
    checklist: Mapped[str] = mapped_column(String(20))
    unit_code: Mapped[str] = mapped_column(String(40), index=True)
    unit_name: Mapped[str] = mapped_column(String(100))
    unit_type: Mapped[str] = mapped_column(String(20))
    silent: Mapped[bool] = mapped_column(default=False)
    """The inspection went on without its materials."""
    self_total: Mapped[float | None]
    first_total: Mapped[float | None]
    """Before calibration."""
    total: Mapped[float | None]
    grade: Mapped[str] = mapped_column(String(20), default="")
    rank: Mapped[int | None]
    bonus: Mapped[float] = mapped_column(default=0.0)
    vetoes: Mapped[list[str]] = mapped_column(Json)
    inflated: Mapped[bool] = mapped_column(default=False)
    """自评虚高."""
    findings: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """Rows of F-P0-2: item_id, fact, severity, result, grounds."""
    scored_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    served_on: Mapped[date | None]
    """When its 督查结论反馈书 was served: from then on the unit reads its own scores."""


class ItemScore(Base):
    """One item of one unit: what it said, what the inspectors found, what calibration made of it."""

    __tablename__ = "inspection_score"

    child_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(10), primary_key=True)
    self_score: Mapped[float | None]
    score: Mapped[float | None]
    """As inspected, after the unit's objection; None where the item does not apply."""
    original: Mapped[float | None]
    """As first inspected."""
    calibrated: Mapped[float | None]
    comment: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[list[str]] = mapped_column(Json)
    inspectors: Mapped[list[str]] = mapped_column(Json)
    scored_by: Mapped[str] = mapped_column(String(100), default="")
    scored_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_by: Mapped[str] = mapped_column(String(100), default="")
    changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    reason: Mapped[str] = mapped_column(Text, default="")
    """Why it was changed after the inspectors gave it."""


owned_by_instance(Inspection, "instance_id")
owned_by_instance(InspectionTeam, "inspection_id")
owned_by_instance(UnitResult, "child_id")
owned_by_instance(ItemScore, "child_id")
