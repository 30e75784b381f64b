"""One row per 整改: what lists, counts, guards and letters need without opening the process state."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json
from engine.store.visibility import owned_by_instance


class Rectification(Base):
    """A 整改 of a unit, or of a person of a unit."""

    __tablename__ = "rectification"

    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    rect_no: Mapped[str] = mapped_column(String(40), unique=True)
    """案号, e.g. ZG-2026-0001."""
    source: Mapped[str] = mapped_column(String(20))
    """年度检查, 自查, 日常督查, 投诉, 问责 or 回头看."""
    source_case_no: Mapped[str] = mapped_column(String(60), default="", index=True)
    unit_code: Mapped[str] = mapped_column(String(40), index=True)
    person: Mapped[str] = mapped_column(String(100), default="")
    """Who has to put it right; '' where the unit has."""
    items: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    """Each {fact, clause, requirement}; `result` is added once verified."""
    report_to: Mapped[list[str]] = mapped_column(Json)
    """Addressees the report must have: 领导小组, 监察机关, 督查室."""
    basis: Mapped[str] = mapped_column(Text, default="")
    repeat: Mapped[bool] = mapped_column(default=False)
    """Whether the same was put right before, and came back (反弹)."""
    opened_on: Mapped[date]
    reported_on: Mapped[date | None]
    on_time: Mapped[bool | None]
    """Whether the first report came within its period, extensions granted in time included."""
    rounds: Mapped[int] = mapped_column(default=0)
    """Times it had to be done again (再整改)."""
    result: Mapped[str] = mapped_column(String(10), default="")
    """'' while open, then 合格, 不合格, 逾期未报 or 无需整改."""
    closed_on: Mapped[date | None]
    """Day of 销号, of the failure that was found, or of the 复核 that made it needless."""
    lookback: Mapped[str] = mapped_column(String(10), default="")
    """巩固 or 反弹, once 回头看 was done."""


owned_by_instance(Rectification, "instance_id")
