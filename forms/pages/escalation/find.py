"""Cards and proposals as lists show them, narrowed to what the person may see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import ONE_DAY
from forms.database import acting
from forms.signed_in import Person
from supervision.escalation.cards import RED, YELLOW
from supervision.escalation.naming import called
from supervision.escalation.table import Card, FollowUp
from supervision.organisation.units import unit_name

AT_MOST = 500
STATES = ("有效", "已到期", "已撤销")


@dataclass(frozen=True)
class CardLine:
    """One card."""

    card: Card
    number: str
    """What its case is called."""
    unit: str
    state: str

    @property
    def last_day(self) -> date:
        """The last day on which it counts."""
        return self.card.expires_on - ONE_DAY


@dataclass(frozen=True)
class UnitSum:
    """Cards of one unit that count today."""

    code: str
    unit: str
    yellow: int
    red: int


def cards_seen(session: Session, person: Person, today: date) -> list[CardLine]:
    """The newest first: of the cases the person may see, and all of the person's own unit.

    A unit keeps sight of its own cards when the case goes to another one; of others' it sees none.
    """
    own = person.units
    watching = any(not scope.startswith("unit:") for scope in person.viewer.scopes)
    visible = select(Card.id) if watching else select(Card.id).where(Card.unit_code.in_(own))
    ids = list(session.scalars(visible))
    with acting(session):
        rows = session.scalars(
            select(Card)
            .where(or_(Card.id.in_(ids), Card.unit_code.in_(own)))
            .order_by(Card.issued_on.desc(), Card.recorded_at.desc(), Card.colour)
            .limit(AT_MOST)
        ).all()
        return [line(session, card, today) for card in rows]


def line(session: Session, card: Card, today: date) -> CardLine:
    """The card with its words."""
    return CardLine(
        card, called(session, card.instance_id), unit_name(session, card.unit_code), card.state(today)
    )


def sums(lines: Iterable[CardLine]) -> list[UnitSum]:
    """Per unit, the one with most red cards first; cards that do not count are left out."""
    counted: dict[str, list[CardLine]] = {}
    for each in lines:
        if each.state == "有效":
            counted.setdefault(each.card.unit_code, []).append(each)
    found = [
        UnitSum(
            code, mine[0].unit,
            sum(each.card.colour == YELLOW for each in mine), sum(each.card.colour == RED for each in mine),
        )
        for code, mine in counted.items()
    ]  # fmt: skip
    return sorted(found, key=lambda each: (-each.red, -each.yellow, each.code))


def waiting(session: Session) -> Sequence[tuple[FollowUp, str, str]]:
    """Proposals that nobody has decided about, the oldest first: (proposal, unit, number of its case).

    Through the session's eyes; units see none of them.
    """
    rows = session.scalars(
        select(FollowUp)
        .where(FollowUp.status == "open")
        .order_by(FollowUp.raised_at, FollowUp.id)
        .limit(AT_MOST)
    ).all()
    return [
        (follow, unit_name(session, follow.unit_code), called(session, follow.instance_id)) for follow in rows
    ]


def by_deadline(
    session: Session, deadline_ids: Sequence[str]
) -> tuple[dict[str, list[Card]], dict[str, list[FollowUp]]]:
    """Cards and proposals of these deadlines, through the session's eyes, the oldest first."""
    cards: dict[str, list[Card]] = {}
    for card in session.scalars(
        select(Card).where(Card.deadline_id.in_(deadline_ids)).order_by(Card.issued_on, Card.colour.desc())
    ):
        cards.setdefault(card.deadline_id, []).append(card)
    follow_ups: dict[str, list[FollowUp]] = {}
    for follow in session.scalars(
        select(FollowUp).where(FollowUp.deadline_id.in_(deadline_ids)).order_by(FollowUp.raised_at)
    ):
        follow_ups.setdefault(follow.deadline_id, []).append(follow)
    return cards, follow_ups
