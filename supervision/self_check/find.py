"""Looks reports of 自查 up: of an instance, of a 半年自查, of the half-year before."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from supervision.self_check.table import SelfCheckReport


def demand(session: Session, child_id: str) -> SelfCheckReport:
    """The report of a 单位自查. Raises NotFound where it has not come."""
    found = session.get(SelfCheckReport, child_id)
    if found is None:
        raise NotFound(f"Expected a 自查 report of instance {child_id}, but there is none")
    return found


def reports_of(session: Session, self_check_id: str) -> Sequence[SelfCheckReport]:
    """What came for one 半年自查, by unit."""
    query = select(SelfCheckReport).where(SelfCheckReport.self_check_id == self_check_id)
    return session.scalars(query.order_by(SelfCheckReport.unit_code)).all()


def previous(session: Session, unit_code: str, label: str) -> SelfCheckReport | None:
    """The unit's report of the latest period before `label`: 2026H1 comes before 2026H2."""
    query = select(SelfCheckReport).where(
        SelfCheckReport.unit_code == unit_code, SelfCheckReport.period < label
    )
    return session.scalars(query.order_by(SelfCheckReport.period.desc()).limit(1)).first()
