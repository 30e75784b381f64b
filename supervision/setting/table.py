"""Settings of the district, one row each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json


class Setting(Base):
    """``district``, ``issuing_body``, ``organ_word`` (机关代字), ``is_demo`` …"""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(Json)
