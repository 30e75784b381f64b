"""听取陈述申辩: who investigated does not preside; two people or more hear (AV-7, AV-10).

The first of the hearers presides. In a 复核 nobody who took part in the decision hears at all (AV-3).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData, NotAllowed
from engine.instance.context import GuardCall
from engine.store.tables import Task
from supervision.account.table import Account
from supervision.accountability.table import Evidence
from supervision.case.deeds import submitted
from supervision.guards.separation import rules_of
from supervision.recusal.find import case_id_of, family
from supervision.review.decision import people_of, reviewed_case

FIELD = "hearers"
INVESTIGATIONS = ("ut_investigate", "ut_found", "ut_report")


def hearing_in_order(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """`guard=not_investigating` at claim and completion; the field `hearers` wherever it is handed in.

    Raises:
        NotAllowed: the person investigated the case. InvalidData: on `hearers`.
    """
    if "not_investigating" in rules_of(call.node) and actor.login in investigators(session, call):
        raise NotAllowed("您参加了本案的调查，不能主持听取陈述申辩（AV-7）：请由另一人听取")
    if call.act == "complete" and call.data.get(FIELD):
        _check(session, call, [str(one) for one in call.data[FIELD]])


def investigators(session: Session, call: GuardCall) -> set[str]:
    """Logins of all who investigated the case: did the task, were named in it, or took the evidence."""
    instances = list(family(session, case_id_of(session, call.instance)))
    did = session.scalars(
        select(Task.completed_by).where(
            Task.instance_id.in_(instances), Task.element_id.in_(INVESTIGATIONS), Task.status == "completed"
        )
    ).all()
    collected = session.scalars(select(Evidence.collectors).where(Evidence.instance_id.in_(instances))).all()
    named = [name for names in collected for name in names]
    for element in ("ut_team", "ut_investigate"):
        for instance in instances:
            named += submitted(session, instance, element).get("investigators") or []
    return {login for login in did if login} | _logins(session, named)


def _check(session: Session, call: GuardCall, hearers: list[str]) -> None:
    if (count := len(set(hearers))) < 2:
        raise InvalidData({FIELD: [f"听取陈述申辩应为两人以上，现在是 {count} 人（AV-10）。"]})
    logins = {one: _logins(session, [one]) or {one} for one in hearers}
    if logins[hearers[0]] & investigators(session, call):
        raise InvalidData(
            {FIELD: ["列在第一位的是主持人，主持人不能是本案的调查人员（AV-7）：请另选主持人，列在第一位。"]}
        )
    reviewed = reviewed_case(session, call.instance.id)
    if reviewed and set().union(*logins.values()) & people_of(session, reviewed):
        raise InvalidData({FIELD: ["参加过原决定的人员不能听取复核申请人的意见（AV-3）：请另选人员。"]})


def _logins(session: Session, named: Iterable[str]) -> set[str]:
    wanted = [str(name) for name in named]
    if not wanted:
        return set()
    found = select(Account.login).where(or_(Account.login.in_(wanted), Account.name.in_(wanted)))
    return set(session.scalars(found).all())
