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

SUGGEST, FORBIDDEN = "建议", "不得"
"""What the table of R12 says of a measure the body may not decide itself."""
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


def numbered(rows: Sequence[Respondent], number: Any) -> Respondent | None:
    """The one of that 序号, as forms and messages name respondents: two of them may share a name."""
    text = str(number or "").strip()
    return next((row for row in rows if str(row.position + 1) == text), None)


def suggested(row: Respondent) -> list[str]:
    """Of the measures that stand, those the body only suggests to who may decide them. Source: R12."""
    return [one for one in _standing(row) if power_of(row, one) == SUGGEST]


def power_of(row: Respondent, measure: str) -> str:
    """决定, 建议 or 不得; '' where the table was not asked."""
    return (row.powers.get(measure) or [""])[0]


def _standing(row: Respondent) -> list[str]:
    return list(row.final or row.proposed)


def evidence_count(session: Session, instance_id: str) -> int:
    """Pieces of evidence on file."""
    found = session.scalar(
        select(func.count()).select_from(Evidence).where(Evidence.instance_id == instance_id)
    )
    return found or 0


def as_variables(session: Session, row: Respondent) -> dict[str, Any]:
    """What diagrams, forms and documents know of a respondent."""
    unit, measures, hints = unit_name(session, row.unit_code), _standing(row), suggested(row)
    own = [one for one in measures if one not in hints]
    return {
        "id": row.id,
        "no": row.position + 1,
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
        "measures": measures,
        "measures_words": "、".join(measures),
        "own": own,
        "own_words": "、".join(own),
        "suggested": hints,
        "suggested_words": "、".join(hints),
        "told": list(row.told),
        "told_words": "、".join(row.told),
        "told_rounds": row.told_rounds,
        "defence_words": row.defence_words,
        "defence": row.defence,
        "decision": row.decision,
        "decision_no": row.decision_no,
        "decided_on": row.decided_on.isoformat() if row.decided_on else "",
        "served_on": row.served_on.isoformat() if row.served_on else "",
    }
