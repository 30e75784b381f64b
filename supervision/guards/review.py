"""复核: whoever took part in a conclusion or decision does not review it (AV-3), across cases."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData, NotAllowed
from engine.instance.context import GuardCall
from supervision.account.table import Account
from supervision.guards.separation import rules_of
from supervision.review.decision import people_of, reviewed_case

FIELD = "reviewers"


def not_a_party_to_the_decision(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """`guard=not_decider`. Source: 政府督查工作条例第十七条, applied alike to 问责."""
    if "not_decider" not in rules_of(call.node):
        return
    case_id = reviewed_case(session, call.instance.id)
    if case_id and actor.login in people_of(session, case_id):
        raise NotAllowed("您参加过原结论或者原决定的办理，不能复核（AV-3）：请由其他人员复核")


def reviewers_took_no_part(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Whoever is named a reviewer: two or more, none of whom took part. Raises InvalidData on the field."""
    if call.act != "complete" or FIELD not in call.data:
        return
    chosen = list(dict.fromkeys(call.data[FIELD] or []))
    if len(chosen) < 2:
        raise InvalidData({FIELD: ["复核人员应为两人以上（AV-10）。"]})
    case_id = reviewed_case(session, call.instance.id)
    if case_id and (barred := set(chosen) & people_of(session, case_id)):
        names = "、".join(_names(session, barred))
        raise InvalidData({FIELD: [f"{names}参加过原结论或者原决定的办理，不能复核（AV-3）：请另选人员。"]})


def _names(session: Session, logins: Iterable[str]) -> list[str]:
    return sorted(session.scalars(select(Account.name).where(Account.login.in_(list(logins)))).all())
