"""已回避人员: whoever stands aside in a case is not named in it either, as investigator, reviewer or voter.

The person's own tasks are refused by `recusal`; here is what others write. Source: AV-1, AV-2, AV-11.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.instance.context import GuardCall
from supervision.account.table import Account
from supervision.case.find import RECUSAL
from supervision.recusal.find import case_id_of, recusals_of, standing_aside

PEOPLE = {
    "investigators": "调查人",
    "inspectors": "督查人员",
    "monitor": "监测人员",
    "hearers": "听取人",
    "reviewers": "复核人员",
    "verifiers": "验收人",
    "chair": "主持人",
    "attendees": "出席人员",
    "meeting_people": "参加人员",
    "decider": "决定人",
    "replacement": "接替人",
}
"""Field → its label: a login or a name, or a list of them."""


def nobody_standing_aside_is_named(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Raises InvalidData on the field."""
    if call.act != "complete" or not PEOPLE.keys() & call.data.keys():
        return
    case_id = case_id_of(session, call.instance)
    aside = standing_aside(session, case_id)
    if call.instance.process_id == RECUSAL:  # nobody replaces themselves
        own = [row for row in recusals_of(session, case_id) if row.instance_id == call.instance.id]
        aside |= {row.login for row in own if row.login}
    if not aside:
        return
    for field, label in PEOPLE.items():
        value = call.data.get(field)
        named = [str(one) for one in (value if isinstance(value, list | tuple) else [value]) if one]
        barred = session.scalars(
            select(Account.name).where(
                or_(Account.login.in_(named), Account.name.in_(named)), Account.login.in_(sorted(aside))
            )
        ).all()
        if barred:
            names = "、".join(sorted(barred))
            raise InvalidData({field: [f"{names}应当在本案回避，不能担任{label}（AV-1）：请另选人员。"]})
