"""本单位人员: nobody inspects, investigates, hears or reviews about the unit they belong to (AV-4).

Whoever must declare before a task (`guard=declared`) is asked; whoever is named in a form is looked up, also
by name: an invited 特邀督查员 employed by the unit is as barred as an inspector of it. Two people or more go
where something happens on the spot (AV-10). A unit that deals with its own case (R12) sends its own people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData, NotAllowed
from engine.instance.context import GuardCall
from engine.store.tables import FanOutMember
from supervision.account.table import Account
from supervision.case.assign import UNIT_ITSELF
from supervision.case.find import related_case
from supervision.guards.separation import rules_of

NAMED = {
    "inspectors": "督查人员",
    "inspectors_words": "督查人员",
    "monitor": "监测人员",
    "team_lead": "督查组组长",
    "invitees": "特邀督查员",
}
"""Field → its label. Lists of logins, or names in one line."""

TOGETHER = {"inspectors": "督查人员"}
"""Fields that name who goes to the spot: two or more."""

BETWEEN = re.compile(r"[、,，;；\s]+")


def not_of_the_unit(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """At claim and completion of a task of an inspector, investigator, hearer or reviewer."""
    if "declared" not in rules_of(call.node):
        return
    units = units_concerned(session, call)
    if not units:
        return
    account = session.get(Account, actor.login)
    homes = {unit for _, unit in actor.roles if unit} | ({account.unit_code} if account else set())
    if units & homes:
        raise NotAllowed(
            "您是被督查、被调查或者被投诉的单位的人员，不能办理本案（AV-4）：请由其他单位的人员办理"
        )


def named_outsiders(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Whoever a form names. Raises InvalidData on the field."""
    if call.act != "complete":
        return
    for field, label in NAMED.items():
        people = _people(call.data.get(field))
        if people:
            _check(session, call, field, label, people)


def units_concerned(session: Session, call: GuardCall) -> set[str]:
    """Units that the case, or this part of it, is about; none where the unit deals with its own case."""
    case = related_case(session, call.instance, call.data)
    if case is not None and case.handler == UNIT_ITSELF:
        return set()
    asked = session.scalar(select(FanOutMember.item).where(FanOutMember.instance_id == call.instance.id))
    submitted = str(call.data.get("unit_code") or "")
    return {case.target_unit if case else "", asked or "", submitted} - {""}


def _check(session: Session, call: GuardCall, field: str, label: str, people: Sequence[str]) -> None:
    if field in TOGETHER and len(set(people)) < 2:
        raise InvalidData({field: [f"现场督查应由两人以上进行，现在是 {len(set(people))} 人（AV-10）。"]})
    units = units_concerned(session, call)
    barred = session.scalars(
        select(Account.name)
        .where(or_(Account.login.in_(people), Account.name.in_(people)), Account.unit_code.in_(sorted(units)))
        .order_by(Account.name)
    ).all()
    if barred:
        raise InvalidData(
            {field: [f"{'、'.join(barred)}是被督查单位的人员，不能担任{label}（AV-4）：请另选人员。"]}
        )


def _people(value: object) -> list[str]:
    parts = value if isinstance(value, list | tuple) else BETWEEN.split(str(value or ""))
    return [name for part in parts if (name := str(part).strip())]
