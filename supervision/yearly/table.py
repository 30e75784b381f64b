"""What a unit reported for a year. Source: 政府信息公开条例第四十九条、第五十条."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json
from engine.store.visibility import owned_by_instance


class YearFigures(Base):
    """The newest figures of a unit; `year` is the year they are about."""

    __tablename__ = "year_figures"

    unit_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    """Where they were given."""
    figures: Mapped[dict[str, Any]] = mapped_column(Json)
    """By the keys of form F-P2-2; tables as ``{row: {column: number}}``."""
    confirmed_on: Mapped[date | None]
    """None while they are only filled in beforehand (自查 H2)."""


owned_by_instance(YearFigures, "instance_id")
