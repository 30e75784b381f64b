"""两人以上: investigations and box openings take two people or more (AV-10), none of the unit (AV-4)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.instance.context import GuardCall
from supervision.account.table import Account
from supervision.case.find import find_case

FIELDS = {"investigators": "调查人", "openers": "开箱人"}


def two_people(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Raises InvalidData on the field.

    Source: 行政机关公务员处分条例第四十一条 for investigations; the rest is a default.
    """
    if call.act != "complete":
        return
    for field, label in FIELDS.items():
        if field in call.data:
            _check(session, call, field, label)


def _check(session: Session, call: GuardCall, field: str, label: str) -> None:
    people = _names(call.data[field])
    if len(set(people)) < 2:
        raise InvalidData({field: [f"{label}应为两人以上，现在是 {len(set(people))} 人（AV-10）。"]})
    case = find_case(session, call.instance.id)
    if case is None:
        return
    units = {case.target_unit, case.lead_unit or ""} - {""}
    concerned = session.scalars(
        select(Account.name).where(
            or_(Account.login.in_(people), Account.name.in_(people)), Account.unit_code.in_(units)
        )
    ).all()
    if concerned:
        raise InvalidData(
            {field: [f"{'、'.join(concerned)}是涉事单位或承办单位的人员，不能担任{label}（AV-4）。"]}
        )


def _names(value: object) -> Sequence[str]:
    parts = value if isinstance(value, list | tuple) else str(value or "").replace("、", ",").split(",")
    return [str(part).strip() for part in parts if str(part).strip()]
