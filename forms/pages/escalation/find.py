"""Cards and proposals as lists show them, narrowed to what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import ONE_DAY
from engine.store.tables import Instance
from engine.store.visibility import visible
from forms.database import acting
from forms.signed_in import Person
from supervision.escalation.cards import RED, YELLOW
from supervision.escalation.table import Card, FollowUp
from supervision.notice.naming import called
from supervision.organisation.table import Unit

AT_MOST = 500
"""Units and proposals listed; of either there are hardly more."""
PAGE = 50
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


class CardsSeen:
    """Of the cases the person may see, and all of the person's own unit.

    A unit keeps sight of its own cards when the case goes to another one; of others' it sees none.
    """

    def __init__(self, session: Session, person: Person, today: date) -> None:
        self._session, self._today = session, today
        self._seen: ColumnElement[bool] = Card.unit_code.in_(person.units)
        if any(not scope.startswith("unit:") for scope in person.viewer.scopes):
            self._seen = or_(self._seen, visible(Card.instance_id, person.viewer))

    def page(self, state: str, unit: str, before: int) -> list[CardLine]:
        """The newest first, `PAGE` and one more from number `before` on; `state` one of STATES, else all."""
        where = [Card.unit_code == unit] if unit else []
        where += [_in_state(state, self._today)] if state in STATES else []
        return self._lines(*where, before=before)

    def one(self, card_id: str) -> CardLine | None:
        """None where there is no such card for this person."""
        return next(iter(self._lines(Card.id == card_id)), None)

    def counts(self) -> dict[str, int]:
        """State → number of cards."""
        numbers = (func.sum(case((_in_state(state, self._today), 1), else_=0)) for state in STATES)
        with acting(self._session):
            row = self._session.execute(select(*numbers).where(self._seen)).one()
        return {state: number or 0 for state, number in zip(STATES, row, strict=True)}

    def sums(self) -> list[UnitSum]:
        """Per unit, the one with most red cards first; cards that do not count are left out."""
        yellow, red = (func.sum(case((Card.colour == colour, 1), else_=0)) for colour in (YELLOW, RED))
        counted = (
            select(Card.unit_code, Unit.name, yellow, red)
            .outerjoin(Unit, Unit.code == Card.unit_code)
            .where(self._seen, _in_state("有效", self._today))
            .group_by(Card.unit_code, Unit.name)
            .order_by(red.desc(), yellow.desc(), Card.unit_code)
        )
        with acting(self._session):
            rows = self._session.execute(counted.limit(AT_MOST)).all()
        return [UnitSum(code, name or code, yellows, reds) for code, name, yellows, reds in rows]

    def _lines(self, *where: ColumnElement[bool], before: int = 0) -> list[CardLine]:
        found = (
            select(Card, Instance, Unit.name)
            .join(Instance, Instance.id == Card.instance_id)
            .outerjoin(Unit, Unit.code == Card.unit_code)
            .where(self._seen, *where)
            .order_by(Card.issued_on.desc(), Card.recorded_at.desc(), Card.colour, Card.id)
        )
        with acting(self._session):
            rows = self._session.execute(found.offset(before).limit(PAGE + 1)).all()
        return [
            CardLine(card, called(instance), name or card.unit_code, card.state(self._today))
            for card, instance, name in rows
        ]


def waiting(session: Session) -> Sequence[tuple[FollowUp, str, str]]:
    """Proposals that nobody has decided about, the oldest first: (proposal, unit, number of its case).

    Through the session's eyes; units see none of them.
    """
    rows = session.execute(
        select(FollowUp, Instance, Unit.name)
        .join(Instance, Instance.id == FollowUp.instance_id)
        .outerjoin(Unit, Unit.code == FollowUp.unit_code)
        .where(FollowUp.status == "open")
        .order_by(FollowUp.raised_at, FollowUp.id)
        .limit(AT_MOST)
    ).all()
    return [(follow, name or follow.unit_code, called(instance)) for follow, instance, name in rows]


def _in_state(state: str, today: date) -> ColumnElement[bool]:
    """As `Card.state` says it."""
    if state == "已撤销":
        return Card.withdrawn_at.is_not(None)
    lasts = Card.expires_on > today if state == "有效" else Card.expires_on <= today
    return and_(Card.withdrawn_at.is_(None), lasts)


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
