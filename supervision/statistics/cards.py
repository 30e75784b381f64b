"""黄牌、红牌: issued in the period; withdrawn ones do not count. Source: DOMAIN 7.4, 8.1."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.escalation.table import Card
from supervision.statistics.figure import Figure, Period, Query, count


def cards_of(colour: str) -> Query:
    """The count of cards of one colour."""

    def of(session: Session, period: Period, unit: str | None) -> Figure:
        query = (
            select(Card).where(Card.colour == colour, Card.withdrawn_at.is_(None)).order_by(Card.issued_on)
        )
        rows = session.scalars(query.where(Card.unit_code == unit) if unit else query)
        return count(row.instance_id for row in rows if period.holds(row.issued_on))

    of.__doc__ = f"{colour}: issued in the period and not withdrawn."
    return of
