"""黄牌, 红牌, and what a person decides about: 催办, 约谈, 线索."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import UtcDateTime
from engine.store.visibility import owned_by_instance


class Card(Base):
    """A card of a unit for one deadline. A management record without legal effect. Source: DOMAIN 7.4.

    Each colour at most once per unit and deadline, whatever is counted again later.
    """

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("deadline_id", "unit_code", "colour"),
        Index("ix_card_unit_code_issued_on", "unit_code", "issued_on"),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    deadline_id: Mapped[str] = mapped_column(ForeignKey("deadline.id"))
    unit_code: Mapped[str] = mapped_column(String(40))
    colour: Mapped[str] = mapped_column(String(10))
    """黄牌 or 红牌."""
    cause: Mapped[str] = mapped_column(String(40))
    """Why, in words."""
    step: Mapped[str] = mapped_column(String(200))
    """Name of the step that was late."""
    due_on: Mapped[date]
    """The last legal day, as it was when the card was issued; what is moved later does not change it."""
    issued_on: Mapped[date]
    """First day of the level, whenever the server got to it."""
    expires_on: Mapped[date]
    """From this day on it no longer counts."""
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    withdrawn_by: Mapped[str] = mapped_column(String(100), default="")
    withdrawn_why: Mapped[str] = mapped_column(Text, default="")

    def state(self, today: date) -> str:
        """有效, 已到期 or 已撤销."""
        if self.withdrawn_at is not None:
            return "已撤销"
        return "有效" if today < self.expires_on else "已到期"


class FollowUp(Base):
    """催办, 约谈 or 线索 about one unit's late deadline. The system proposes; a person decides."""

    __tablename__ = "follow_up"
    __table_args__ = (UniqueConstraint("deadline_id", "unit_code", "kind", "serial"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    deadline_id: Mapped[str] = mapped_column(ForeignKey("deadline.id"))
    unit_code: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(10))
    """催办, 约谈 or 线索."""
    serial: Mapped[int] = mapped_column(default=1)
    """1 is the ladder's own; a person may send 催办 again."""
    status: Mapped[str] = mapped_column(String(10), index=True)
    """open, done or declined."""
    step: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    grounds: Mapped[str] = mapped_column(String(20), default="")
    """Clause of a clue, e.g. R8(8)."""
    number: Mapped[str | None] = mapped_column(String(40), unique=True)
    """线索编号, given when a clue is confirmed."""
    raised_at: Mapped[datetime] = mapped_column(UtcDateTime)
    raised_by: Mapped[str] = mapped_column(String(100))
    letter_id: Mapped[str | None] = mapped_column(String(32))
    """Instance that draws up the document."""
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[str] = mapped_column(String(100), default="")
    reason: Mapped[str] = mapped_column(Text, default="")


owned_by_instance(Card, "instance_id")
owned_by_instance(FollowUp, "instance_id")
