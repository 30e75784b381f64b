"""督查组: who inspects which units, fixed before the notice goes out. Source: DOMAIN P1-6, AV-4, AV-10.

Nobody inspects the unit they belong to, nor one they declared a tie to; a team has two people or more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.errors import InvalidData
from engine.instance.context import Handler, Member, ServiceCall
from engine.store.tables import Instance
from supervision.account.table import Account
from supervision.fan_out.members import members
from supervision.inspection.table import InspectionTeam
from supervision.organisation.table import RoleGrant
from supervision.recusal.find import AGREED, recusals_of

FIELD = "teams"
WAY_OUT = "请换人，或者把该单位交给其他组。"
LEAST = 2
"""People of a team, its head counted. Source: AV-10."""


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {"inspection.teams": set_up, "inspection.team": own_team}


def set_up(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads teams (rows team_no, team_lead, members, invitees, units), conflicts (rows person, unit, tie) and
    scope. A team without units gets those that no other has. Returns teams_words and inspectors_words.

    Raises:
        InvalidData: on `teams`, with everything that is wrong.
    """
    rows = [row for row in call.data.get(FIELD) or () if isinstance(row, Mapping)]
    chosen = call.data.get("scope") or ()
    scope = members(session, {"units": ",".join(map(str, chosen))} if chosen else {})
    teams = _with_the_rest([_team(call, row, now) for row in rows], scope)
    if problems := list(_problems(session, teams, scope, _ties(call))):
        raise InvalidData({FIELD: problems})
    session.execute(delete(InspectionTeam).where(InspectionTeam.inspection_id == call.instance_id))
    session.add_all(teams)
    session.flush()
    names, called = _names(session, teams), {one.item: one.name for one in scope}
    everybody = list(dict.fromkeys(login for team in teams for login in team.people))
    return {
        "teams_words": "\n".join(_words(team, names, called) for team in teams),
        "inspectors_words": "、".join(names[login] for login in everybody),
    }


def own_team(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """In a unit's inspection. Returns team_no (None where no team has the unit), team_lead, team_people
    (logins) and inspectors_words.
    """
    parent = session.get_one(Instance, call.instance_id).cause_id or ""
    team = team_of(session, parent, str(call.data.get("unit_code") or ""))
    if team is None:
        return {"team_no": None, "team_lead": "", "team_people": [], "inspectors_words": ""}
    names = _names(session, [team])
    return {
        "team_no": team.team_no, "team_lead": team.lead, "team_people": team.people,
        "inspectors_words": "、".join(names[login] for login in team.people),
    }  # fmt: skip


def team_of(session: Session, inspection_id: str, unit_code: str) -> InspectionTeam | None:
    """The team that inspects the unit, where one is set up."""
    rows = session.scalars(select(InspectionTeam).where(InspectionTeam.inspection_id == inspection_id))
    return next((row for row in rows if unit_code in row.units), None)


def belonging(session: Session, logins: Sequence[str]) -> dict[str, set[str]]:
    """Login → codes of the units where the person works or holds a role."""
    found: dict[str, set[str]] = {login: set() for login in logins}
    works = session.execute(select(Account.login, Account.unit_code).where(Account.login.in_(logins)))
    holds = session.execute(select(RoleGrant.login, RoleGrant.unit_code).where(RoleGrant.login.in_(logins)))
    for login, code in (*works, *holds):
        if code:
            found[login].add(code)
    return found


def _team(call: ServiceCall, row: Mapping[str, Any], now: datetime) -> InspectionTeam:
    return InspectionTeam(
        inspection_id=call.instance_id, team_no=int(row.get("team_no") or 0),
        lead=str(row.get("team_lead") or ""), members=_list(row, "members"),
        invitees=_list(row, "invitees"), units=_list(row, "units"), set_up_at=now, set_up_by=call.actor.login,
    )  # fmt: skip


def _list(row: Mapping[str, Any], key: str) -> list[str]:
    return [str(one) for one in row.get(key) or ()]


def _with_the_rest(teams: list[InspectionTeam], scope: Sequence[Member]) -> list[InspectionTeam]:
    idle = [team for team in teams if not team.units]
    if len(idle) == 1:
        taken = {code for team in teams for code in team.units}
        idle[0].units = [one.item for one in scope if one.item not in taken]
    return teams


def _ties(call: ServiceCall) -> set[tuple[str, str]]:
    rows = [row for row in call.data.get("conflicts") or () if isinstance(row, Mapping)]
    return {(str(row.get("person")), str(row.get("unit"))) for row in rows}


def _problems(
    session: Session, teams: Sequence[InspectionTeam], scope: Sequence[Member], ties: set[tuple[str, str]]
) -> Iterator[str]:
    if not teams:
        yield "至少应有一个督查组：请填写组长、成员和负责的单位。"
        return
    called = {one.item: one.name for one in scope}
    yield from _allotted(teams, called)
    everybody = list(dict.fromkeys(login for team in teams for login in (*team.people, *team.invitees)))
    names, at = _names(session, teams), belonging(session, everybody)
    aside = {row.login for row in recusals_of(session, teams[0].inspection_id) if row.decision in AGREED}
    for team in teams:
        if (count := len(team.people)) < LEAST:
            yield f"第 {team.team_no} 组应为两人以上，现在是 {count} 人（AV-10）：请补选成员。"
        for login in dict.fromkeys((*team.people, *team.invitees)):
            who, where = names.get(login, login), f"第 {team.team_no} 组"
            if login in aside:
                yield f"{who}已经决定在本案回避，不能列入{where}（AV-1）：请换人。"
            if own := [called.get(code, code) for code in team.units if code in at.get(login, ())]:
                yield f"{who}是{'、'.join(own)}的人员，不能检查本单位（AV-4）：{WAY_OUT}"
            if tied := [called.get(code, code) for code in team.units if (login, code) in ties]:
                yield f"{who}与{'、'.join(tied)}有应当回避的关系（AV-4）：{WAY_OUT}"


def _allotted(teams: Sequence[InspectionTeam], called: Mapping[str, str]) -> Iterator[str]:
    """Each unit of the plan has one team."""
    numbers = [team.team_no for team in teams]
    if len(set(numbers)) != len(numbers):
        yield "组号重复：请给每个组一个不同的组号。"
    codes = [code for team in teams for code in team.units]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        yield f"{'、'.join(called.get(code, code) for code in twice)}分给了不止一个组：请只留一个。"
    if strange := [code for code in dict.fromkeys(codes) if code not in called]:
        yield f"{'、'.join(strange)}不在方案的对象范围内：请去掉，或者修改方案。"
    if missing := [name for code, name in called.items() if code not in codes]:
        more = f"等 {len(missing)} 个单位" if len(missing) > 5 else ""
        yield f"{'、'.join(missing[:5])}{more}没有分给任何组：请补上；只有一个组不写单位时，其余单位都归它。"


def _names(session: Session, teams: Sequence[InspectionTeam]) -> dict[str, str]:
    logins = {login for team in teams for login in (*team.people, *team.invitees)}
    rows = session.execute(select(Account.login, Account.name).where(Account.login.in_(logins)))
    return {login: login for login in logins} | {row.login: row.name for row in rows}


def _words(team: InspectionTeam, names: Mapping[str, str], called: Mapping[str, str]) -> str:
    others = "、".join(names[login] for login in team.people[1:])
    units = [called.get(code, code) for code in team.units]
    shown = "、".join(units[:5]) + (f"等 {len(units)} 个单位" if len(units) > 5 else "")
    return f"第 {team.team_no} 组：组长{names[team.lead]}，成员{others}；负责{shown}。"
