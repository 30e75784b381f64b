"""Looks respondents up, and tells a diagram about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import StepFailed
from engine.instance.context import ServiceCall
from supervision.accountability.table import Evidence, Respondent
from supervision.organisation.units import unit_name

CLOSED = ("heard", "waived", "lapsed", "none")
"""States of 陈述申辩 that are closed."""
KIND = "accountability"
"""The kind of case."""


def respondents_of(session: Session, instance_id: str) -> Sequence[Respondent]:
    """All of a case, in their order."""
    return session.scalars(
        select(Respondent).where(Respondent.instance_id == instance_id).order_by(Respondent.position)
    ).all()


def respondent_of(session: Session, call: ServiceCall) -> Respondent:
    """The one a step is about: variable `respondent`. Raises StepFailed where it is none of this case."""
    given = call.data.get("respondent")
    row = session.get(Respondent, str(given.get("id"))) if isinstance(given, Mapping) else None
    if row is None or row.instance_id != call.instance_id:
        raise StepFailed(
            call.element_id,
            "变量“respondent”应为本案的一个被问责对象：请在多实例中写 elementVariable",
            call.data,
        )
    return row


def evidence_count(session: Session, instance_id: str) -> int:
    """Pieces of evidence on file."""
    found = session.scalar(
        select(func.count()).select_from(Evidence).where(Evidence.instance_id == instance_id)
    )
    return found or 0


def as_variables(session: Session, row: Respondent) -> dict[str, Any]:
    """What diagrams, forms and documents know of a respondent."""
    unit = unit_name(session, row.unit_code)
    return {
        "id": row.id,
        "name": row.name,
        "subject_kind": row.subject_kind,
        "unit_code": row.unit_code,
        "unit_name": unit,
        "post": row.post,
        "person_type": row.person_type,
        "title": row.name if row.subject_kind == "单位" else f"{unit}{row.post}{row.name}",
        "case_role": list(row.case_role),
        "approval_path": row.approval_path,
        "responsibility": row.responsibility,
        "level": row.level,
        "crime_suspected": row.crime_suspected,
        "outcome": row.outcome,
        "measures": list(row.final or row.proposed),
        "measures_words": "、".join(row.final or row.proposed),
        "told": list(row.told),
        "defence": row.defence,
        "decision": row.decision,
        "decision_no": row.decision_no,
        "decided_on": row.decided_on.isoformat() if row.decided_on else "",
        "served_on": row.served_on.isoformat() if row.served_on else "",
    }
