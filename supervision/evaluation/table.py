"""Who was invited to a 公开评议, the ballots, and what each unit came to. Source: R7¶2; RQ-22.

A ballot names nobody and no moment: which of the people invited gave it is known to nobody.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from engine.store.base import Base
from engine.store.types import Json
from engine.store.visibility import owned_by_instance


class Evaluator(Base):
    """Somebody who was proposed for a 公开评议."""

    __tablename__ = "evaluator"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    evaluation_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(100))
    category: Mapped[str] = mapped_column(String(20))
    """人大代表, 政协委员, 新闻媒体 or 社会人士."""
    employer: Mapped[str] = mapped_column(String(100), default="")
    barred_for: Mapped[list[str]] = mapped_column(Json)
    """Units that employ, run or are otherwise close to the person. Source: AV-4."""
    state: Mapped[str] = mapped_column(String(10), default="")
    """'' as proposed, 不邀请 (close to every unit), 已邀请, 参加 or 不参加."""


class Ballot(Base):
    """One 评议票 about one unit. `id` is drawn at random, so that no order is kept."""

    __tablename__ = "evaluation_ballot"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    evaluation_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), index=True)
    unit_code: Mapped[str] = mapped_column(String(40))
    category: Mapped[str] = mapped_column(String(20))
    total: Mapped[int]
    """Five dimensions of 0 to 20."""
    grade: Mapped[str] = mapped_column(String(10))
    opinion: Mapped[str] = mapped_column(Text, default="")


class EvaluationResult(Base):
    """What one unit came to, of 100; None where it has no valid answers."""

    __tablename__ = "evaluation_result"

    evaluation_id: Mapped[str] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    unit_code: Mapped[str] = mapped_column(String(40), primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    ballots: Mapped[int] = mapped_column(default=0)
    invited_score: Mapped[float | None]
    answers: Mapped[int] = mapped_column(default=0)
    """Valid answers of the public."""
    public_score: Mapped[float | None]
    satisfied: Mapped[float | None]
    """Per cent of the public that said 满意 or 基本满意."""
    score: Mapped[float | None]


owned_by_instance(Evaluator, "evaluation_id")
owned_by_instance(Ballot, "evaluation_id")
owned_by_instance(EvaluationResult, "evaluation_id")
