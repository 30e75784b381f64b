"""督查组: a unit is inspected by its own team, on site by two or more, none of them its own (AV-4, AV-10)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData, NotAllowed
from engine.instance.context import GuardCall
from engine.store.tables import FanOutMember
from supervision.account.table import Account
from supervision.guards.separation import rules_of
from supervision.inspection.table import InspectionTeam
from supervision.inspection.teams import LEAST, belonging, team_of

PROCESS = "unit_inspection"
FIELD = "inspectors"


def inspected_by_its_team(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """`guard=in_team` for members, `guard=leads_team` for the head; 督查室负责人 may act for the head.

    Raises NotAllowed; InvalidData on `inspectors`.
    """
    if call.instance.process_id != PROCESS:
        return
    rules = rules_of(call.node)
    if not {"in_team", "leads_team"}.intersection(rules):
        return
    unit = _unit(session, call)
    team = team_of(session, call.instance.cause_id or "", unit) if unit else None
    _demand_stranger(actor, unit)
    if "in_team" in rules and team is not None and actor.login not in team.people:
        raise NotAllowed(f"这个单位由第 {team.team_no} 组检查，您不是该组成员：请由该组成员办理")
    heads = team is None or actor.login == team.lead or actor.has("DCS_LEAD")
    if team is not None and "leads_team" in rules and not heads:
        raise NotAllowed(f"异议由第 {team.team_no} 组组长处理：请由组长或者督查室负责人办理")
    if call.act == "complete" and FIELD in call.data:
        _demand_two(session, [str(one) for one in call.data[FIELD] or ()], unit, team)


def _demand_stranger(actor: Actor, unit: str) -> None:
    if unit and any(at == unit for _, at in actor.roles):
        raise NotAllowed("您是受检单位的人员，不能检查本单位（AV-4）：请由督查组其他成员办理")


def _demand_two(session: Session, people: Sequence[str], unit: str, team: InspectionTeam | None) -> None:
    people = list(dict.fromkeys(people))
    if len(people) < LEAST:
        raise InvalidData({FIELD: [f"现场检查应为两人以上，现在是 {len(people)} 人（AV-10）。"]})
    at = belonging(session, people)
    if own := [login for login in people if unit and unit in at[login]]:
        raise InvalidData(
            {FIELD: [f"{_names(session, own)}是受检单位的人员，不能检查本单位（AV-4）：请换人。"]}
        )
    if team is not None and (others := [login for login in people if login not in team.people]):
        raise InvalidData(
            {FIELD: [f"{_names(session, others)}不是第 {team.team_no} 组成员：请从该组成员中选择。"]}
        )


def _unit(session: Session, call: GuardCall) -> str:
    """Code of the unit that this instance inspects; '' where it was not asked by an inspection."""
    row = session.scalar(select(FanOutMember.item).where(FanOutMember.instance_id == call.instance.id))
    return str(row or "")


def _names(session: Session, logins: Sequence[str]) -> str:
    rows = session.scalars(select(Account.name).where(Account.login.in_(logins)).order_by(Account.name))
    return "、".join(rows)
