"""两人以上: investigations and box openings take two people or more (AV-10), none of the unit (AV-4).

A unit that deals with its own case (R12) sends its own people; nobody from elsewhere, and two all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.instance.context import GuardCall
from supervision.account.table import Account
from supervision.case.assign import UNIT_ITSELF
from supervision.case.find import find_case
from supervision.case.table import Case

FIELDS = {"investigators": "调查人", "openers": "开箱人", "collectors": "取证人"}


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
    if case.handler == UNIT_ITSELF:
        _of_the_unit(session, case, people, field, label)
        return
    units = {case.target_unit, case.lead_unit or ""} - {""}
    concerned = session.scalars(_named(people).where(Account.unit_code.in_(units))).all()
    if concerned:
        raise InvalidData(
            {field: [f"{'、'.join(concerned)}是涉事单位或承办单位的人员，不能担任{label}（AV-4）。"]}
        )


def _of_the_unit(session: Session, case: Case, people: Sequence[str], field: str, label: str) -> None:
    others = session.scalars(_named(people).where(Account.unit_code != case.target_unit)).all()
    if others:
        raise InvalidData(
            {
                field: [
                    f"本案由{case.target_unit_name}自行办理（第十二条），{'、'.join(others)}不是该单位的人员，"
                    f"不能担任{label}：请选该单位的人员。"
                ]
            }
        )


def _named(people: Sequence[str]) -> Select[str]:
    """Names of the accounts meant by logins or names."""
    return select(Account.name).where(or_(Account.login.in_(people), Account.name.in_(people)))


def _names(value: object) -> Sequence[str]:
    parts = value if isinstance(value, list | tuple) else str(value or "").replace("、", ",").split(",")
    return [str(part).strip() for part in parts if str(part).strip()]
