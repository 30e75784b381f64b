"""Whether a 整改 failed: the second element of R8(10) and R9(6), without which neither may be chosen.

Source: R8(10) “且不按要求整改”, R9(6) “且拒不改正”; DOMAIN finding 4, RQ-35, RQ-42.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.store.tables import Deadline
from supervision.rectification.find import by_number
from supervision.rectification.table import Rectification

FAILED, UNREPORTED = "不合格", "逾期未报"
PERIODS = ("RC-DUE", "RC-AGAIN")
"""Rules of the period in which the report is due."""
FINAL = "L4"
"""Rung of the ladder at which a report counts as not made: 150 % of the period. Source: DOMAIN 7.4."""


def failed(session: Session, rect_no: str) -> str | None:
    """不合格 or 逾期未报; None where it was put right, is still under way, or is unknown to the viewer."""
    found = by_number(session, rect_no)
    if found is None:
        return None
    if found.result in (FAILED, UNREPORTED):
        return found.result
    return UNREPORTED if not found.result and overdue_at_last_rung(session, found) else None


def overdue_at_last_rung(session: Session, found: Rectification) -> bool:
    """Whether its report is awaited still and the last rung of the ladder was announced for it."""
    return (
        session.scalar(
            select(Deadline.id)
            .where(
                Deadline.instance_id == found.instance_id,
                Deadline.key.in_(PERIODS),
                Deadline.status == "running",
                Deadline.level >= FINAL,
            )
            .limit(1)
        )
        is not None
    )
