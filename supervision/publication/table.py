"""What was made public of a case, or why it was not.

Not under the visibility hook: what stands here was published, and the public page reads it without a viewer's
scopes. Rows with a ground against publication are left out there.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json


class Publication(Base):
    """公开处理结果. Source: R8(8)."""

    __tablename__ = "publication"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    number: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    channels: Mapped[list[str]] = mapped_column(Json)
    url: Mapped[str] = mapped_column(String(300), default="")
    published_on: Mapped[date | None] = mapped_column(index=True)
    nonpub_ground: Mapped[str] = mapped_column(String(40), default="")
    """不公开依据; '' when it was published."""
    approved_by: Mapped[str] = mapped_column(String(100))
