"""What the complainant did after filing: added material, withdrew, rated, asked for 复核."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json, UtcDateTime
from engine.store.visibility import owned_by_instance


class PublicAct(Base):
    """One act; its words are sealed, for they may say who complained."""

    __tablename__ = "public_act"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    """补充材料, 撤回, 评价 or 申请复核."""
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    text: Mapped[bytes] = mapped_column(LargeBinary)
    attachments: Mapped[list[str]] = mapped_column(Json)
    """Ids of sealed attachments."""


owned_by_instance(PublicAct, "instance_id")
