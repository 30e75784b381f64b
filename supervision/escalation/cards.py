"""黄牌, 红牌: recorded once per unit and deadline, counted for twelve months, withdrawn with a reason."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR, Actor
from engine.deadline.shanghai import ONE_DAY, last_day_before
from engine.deadline.span import add_months
from engine.errors import Conflict, InvalidData, NotAllowed, NotFound
from engine.history.append import append
from engine.store.base import table_of
from engine.store.once import insert_once
from engine.store.tables import Deadline
from supervision.case.assign import acting_role
from supervision.case.find import find_case
from supervision.escalation.table import Card
from supervision.notice import holders, notify
from supervision.organisation.table import Unit

YELLOW, RED = "黄牌", "红牌"
LATE, LONG_LATE, SECOND = "逾期", "逾期较久", "同一案件第二张黄牌"
COUNTS_MONTHS = 12
MIN_REASON = 5
_cards = table_of(Card)


def show_yellow(session: Session, row: Deadline, unit: Unit, on: date, now: datetime) -> None:
    """The card of L2; a second one on the same case gives a red one too. Source: DOMAIN 7.4."""
    if _issue(session, row, unit, YELLOW, LATE, on, now) and _others(session, row, unit, on):
        _issue(session, row, unit, RED, SECOND, on, now)


def show_red(session: Session, row: Deadline, unit: Unit, on: date, now: datetime) -> None:
    """The card of L3."""
    _issue(session, row, unit, RED, LONG_LATE, on, now)


def cards_of(session: Session, deadline_id: str) -> Sequence[Card]:
    """All cards of a deadline, withdrawn ones too, the oldest first."""
    return session.scalars(
        select(Card).where(Card.deadline_id == deadline_id).order_by(Card.issued_on, Card.colour.desc())
    ).all()


def may_withdraw(session: Session, card: Card, actor: Actor) -> bool:
    """Whether the person leads the body that handles the case."""
    return actor.has(acting_role(find_case(session, card.instance_id), "DCS_LEAD"))


def withdraw(session: Session, card_id: str, reason: str, *, actor: Actor, now: datetime) -> Card:
    """撤销: the card stays on record with the reason. The session sees every row; the caller commits.

    Raises:
        NotFound, NotAllowed, Conflict (withdrawn already), InvalidData (`reason`).
    """
    card = session.get(Card, card_id, with_for_update=True, populate_existing=True)
    if card is None:
        raise NotFound(f"Expected a card {card_id}, but there is none")
    if not may_withdraw(session, card, actor):
        raise NotAllowed("撤销黄牌、红牌由承办本案的督查室负责人决定")
    if card.withdrawn_at is not None:
        raise Conflict("这张牌已经撤销，不必再撤")
    if len(reason.strip()) < MIN_REASON:
        raise InvalidData({"reason": [f"请写明撤销的理由（至少 {MIN_REASON} 个字）。"]})
    card.withdrawn_at, card.withdrawn_by, card.withdrawn_why = now, actor.login, reason.strip()
    session.flush()
    _record(session, card, "card.withdrawn", actor, now, {"reason": card.withdrawn_why})
    people = holders(session, "U_CONTACT", card.unit_code, now)
    people |= holders(session, "U_HEAD", card.unit_code, now)
    text = f"“{card.step}”的{card.colour}（{card.issued_on}）已撤销"
    notify(session, people, text, "/cards", now, f"card:withdrawn:{card.id}")
    return card


def _issue(
    session: Session, row: Deadline, unit: Unit, colour: str, cause: str, on: date, now: datetime
) -> bool:
    """False when the unit has this card for this deadline already."""
    values = {
        "id": uuid.uuid4().hex, "instance_id": row.instance_id, "deadline_id": row.id,
        "unit_code": unit.code, "colour": colour, "cause": cause, "step": row.name or row.key,
        "due_on": last_day_before(row.due_at), "issued_on": on,
        "expires_on": add_months(on, COUNTS_MONTHS) + ONE_DAY, "recorded_at": now,
        "withdrawn_by": "", "withdrawn_why": "",
    }  # fmt: skip
    if not insert_once(session, _cards, values):
        return False
    card = session.get_one(Card, values["id"])
    _record(session, card, "card.issued", SYSTEM_ACTOR, now, {"cause": cause, "key": row.key})
    return True


def _others(session: Session, row: Deadline, unit: Unit, on: date) -> int:
    """Yellow cards of this unit on this case for other deadlines, which count on that day."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Card)
            .where(
                Card.instance_id == row.instance_id,
                Card.unit_code == unit.code,
                Card.colour == YELLOW,
                Card.deadline_id != row.id,
                Card.withdrawn_at.is_(None),
                Card.expires_on > on,
            )
        )
        or 0
    )


def _record(
    session: Session, card: Card, kind: str, actor: Actor, now: datetime, more: dict[str, str]
) -> None:
    payload = {
        "card": card.id, "colour": card.colour, "unit": card.unit_code,
        "due_on": card.due_on.isoformat(), "issued_on": card.issued_on.isoformat(), **more,
    }  # fmt: skip
    name = f"{card.colour}：{card.step}"[:200]  # not the unit: co-units read the case's record too
    append(session, card.instance_id, kind, at=now, actor=actor, name=name, payload=payload)
