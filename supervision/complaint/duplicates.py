"""重复件: earlier complaints that may be about the same matter, for the clerk to look at."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.case.table import Case

WINDOW = timedelta(days=90)
ALIKE = 0.6
"""Share of the 案情摘要 that two cases have in common."""
MOST = 200
"""Cases compared; a unit with more within 90 days has other worries."""


def duplicates(session: Session, case: Case, now: datetime, limit: int = 5) -> Sequence[Case]:
    """Cases of the last 90 days with target and a topic in common, or an alike 案情摘要; likeliest first.

    Source: DOMAIN P3-1.
    """
    earlier = session.scalars(
        select(Case)
        .where(
            Case.kind == case.kind,
            Case.handler == case.handler,
            Case.instance_id != case.instance_id,
            Case.received_at >= now - WINDOW,
            Case.received_at <= case.received_at,
        )
        .order_by(Case.received_at.desc())
        .limit(MOST)
    ).all()
    scored = [(likeness(case, other), other.received_at, other) for other in earlier]
    found = sorted((s for s in scored if s[0] > 0), key=lambda s: (s[0], s[1]), reverse=True)
    return [other for _, _, other in found[:limit]]


def likeness(case: Case, other: Case) -> float:
    """0 for nothing in common; above 1 when target and topic agree as well."""
    same = case.target_unit == other.target_unit and bool(set(case.topics) & set(other.topics))
    text = (
        SequenceMatcher(None, case.extract, other.extract).ratio() if case.extract and other.extract else 0.0
    )
    return float(same) + (text if text >= ALIKE else 0.0)
