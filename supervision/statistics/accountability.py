"""问责: cases, respondents by clause, level and measure, as decided. Source: R8–R11; DOMAIN 8.1."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.accountability.table import Clue, Respondent
from supervision.statistics.figure import Figure, Period, Query, count, ratio

HELD = "予以问责"


def clues(session: Session, period: Period, unit: str | None) -> Figure:
    """线索: registered in the period."""
    return count(row.instance_id for row in _clues(session, period, unit))


def clues_of(ground: str) -> Query:
    """The count of clues that name one clause of R8 or R9."""

    def of(session: Session, period: Period, unit: str | None) -> Figure:
        return count(row.instance_id for row in _clues(session, period, unit) if ground in row.grounds)

    of.__doc__ = f"涉{ground}的线索: registered in the period."
    return of


def respondents_of(field: str, word: str) -> Query:
    """The count of respondents held accountable in the period of whom a column says `word`."""

    def of(session: Session, period: Period, unit: str | None) -> Figure:
        rows = _decided(session, period, unit)
        return count(row.instance_id for row in rows if row.decision == HELD and getattr(row, field) == word)

    of.__doc__ = f"{word}: respondents held accountable in the period."
    return of


def decisions_of(word: str) -> Query:
    """The count of respondents about whom it was so decided in the period."""

    def of(session: Session, period: Period, unit: str | None) -> Figure:
        return count(row.instance_id for row in _decided(session, period, unit) if row.decision == word)

    of.__doc__ = f"{word}: respondents so decided in the period."
    return of


def correction(session: Session, period: Period, unit: str | None) -> Figure:
    """纠错率: decisions changed or annulled by a 复核 ÷ decisions that held somebody accountable."""
    rows = [row for row in _decided(session, period, unit) if row.decision == HELD or row.changed_by]
    return ratio((r.instance_id for r in rows if r.changed_by), (r.instance_id for r in rows))


def _clues(session: Session, period: Period, unit: str | None) -> list[Clue]:
    query = select(Clue).order_by(Clue.number)
    rows = session.scalars(query.where(Clue.unit_code == unit) if unit else query)
    return [row for row in rows if period.holds(row.registered_at)]


def _decided(session: Session, period: Period, unit: str | None) -> Sequence[Respondent]:
    query = select(Respondent).order_by(Respondent.instance_id, Respondent.position)
    rows = session.scalars(query.where(Respondent.unit_code == unit) if unit else query)
    return [row for row in rows if period.holds(row.decided_on)]
