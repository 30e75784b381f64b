"""Which units a step is for: by type, by self-check duty, or those that a variable names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from engine.errors import StepFailed
from engine.instance.context import Member
from supervision.organisation.table import Unit
from supervision.organisation.units import SUPERVISED

DUTIES = ("mandatory", "invited", "none")
"""Values of `Unit.self_check_duty`. Source: R7¶1; DOMAIN finding 2."""

GIVEN = {
    "unit_code": "code",
    "unit_name": "name",
    "unit_type": "unit_type",
    "self_check_duty": "self_check_duty",
}
"""Variable of a unit's process → column."""


def members(session: Session, selection: Mapping[str, str]) -> Sequence[Member]:
    """Active units under supervision, in list order, each with unit_code, unit_name, unit_type and duty.

    `selection`: types, duty and units, each comma separated, each optional. Raises StepFailed for a type or
    duty that there is not.
    """
    rows = session.execute(_wanted(selection)).all()
    return [Member(row.code, row.name, _given(row)) for row in rows]


def _given(row: Any) -> dict[str, str]:
    return {name: getattr(row, column) for name, column in GIVEN.items()}


def words_of(selection: Mapping[str, str]) -> str:
    """The selection as people read it: 街办、管理处；有自查义务或受邀."""
    duties = {"mandatory": "有自查义务", "invited": "受邀自查", "none": "不参加自查"}
    parts = ["、".join(_words(selection, "types")), "或".join(duties[d] for d in _words(selection, "duty"))]
    if selection.get("units"):
        parts.append("方案所列单位")
    return "；".join(part for part in parts if part) or "全部督查对象"


def _wanted(selection: Mapping[str, str]) -> Select[str, str, str, str]:
    types, duties = _words(selection, "types"), _words(selection, "duty")
    for value, known, what in ((types, SUPERVISED, "类型"), (duties, DUTIES, "自查义务")):
        if wrong := next((word for word in value if word not in known), None):
            raise StepFailed("", f"下发范围的{what}“{wrong}”不存在：可用的有 {'、'.join(known)}")
    query = (
        select(Unit.code, Unit.name, Unit.unit_type, Unit.self_check_duty)
        .where(Unit.active, Unit.unit_type.in_(types or SUPERVISED))
        .order_by(Unit.position, Unit.code)
    )
    if duties:
        query = query.where(Unit.self_check_duty.in_(duties))
    if units := _words(selection, "units"):
        query = query.where(Unit.code.in_(units))
    return query


def _words(selection: Mapping[str, str], name: str) -> list[str]:
    return [word.strip() for word in selection.get(name, "").split(",") if word.strip()]
