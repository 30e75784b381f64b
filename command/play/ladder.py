"""What a step of a scenario decides about a proposal of the ladder, and what a story expects of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from command.play.script import Step
from engine.actor import Actor
from engine.errors import NotFound
from engine.instance import Context
from supervision.escalation.decide import accept_talk, confirm_clue, decline
from supervision.escalation.follow_ups import TALK
from supervision.escalation.table import Card, FollowUp

WORDS = {"open": "待决定", "done": "已采纳", "declined": "未采纳"}


def decide(
    session: Session, context: Context, instance_id: str, step: Step, actor: Actor, now: datetime
) -> None:
    """`accept` in the step's data says yes or no, `reason` why, `grounds` the clause of a clue."""
    follow = session.scalars(
        select(FollowUp)
        .where(FollowUp.instance_id == instance_id, FollowUp.kind == step.decide)
        .order_by(FollowUp.raised_at.desc())
    ).first()
    if follow is None:
        raise NotFound(f"本案没有{step.decide}")
    reason = str(step.data.get("reason", ""))
    if not step.data.get("accept"):
        decline(session, follow.id, step.decide, reason, actor=actor, now=now)
    elif step.decide == TALK:
        accept_talk(session, context, follow.id, reason=reason, actor=actor, now=now)
    else:
        grounds = str(step.data.get("grounds", ""))
        confirm_clue(session, context, follow.id, grounds, reason, actor=actor, now=now)


def cards(session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    """As ``黄牌 2026-03-24``, in the order of their days."""
    rows = session.scalars(
        select(Card).where(Card.instance_id == instance_id).order_by(Card.issued_on, Card.colour.desc())
    )
    found = [f"{card.colour} {card.issued_on}{'（已撤销）' if card.withdrawn_at else ''}" for card in rows]
    if found != list(wanted):
        yield f"亮牌应为 {'、'.join(wanted) or '没有'}，但是 {'、'.join(found) or '没有'}"


def proposed(session: Session, instance_id: str, wanted: Any) -> Iterator[str]:
    """As ``约谈 待决定``, in the order they were raised."""
    rows = session.scalars(
        select(FollowUp).where(FollowUp.instance_id == instance_id).order_by(FollowUp.raised_at, FollowUp.id)
    )
    found = [f"{follow.kind} {WORDS[follow.status]}" for follow in rows]
    if sorted(found) != sorted(wanted):
        yield f"催办、约谈和线索应为 {'、'.join(wanted) or '没有'}，但是 {'、'.join(found) or '没有'}"
