"""集体讨论和负责人决定: nobody decides about themselves, on their own inquiry, or with too few (AV-7, AV-8).

A leader who approved the violating decision, or joined in it, is a respondent of the case: they do no task of
it, do not chair and do not vote. Who investigated or heard may report to the meeting; they do not vote.
Source: R4 (principles), R12, R13¶1; 行政机关公务员处分条例第三十九条第五项; DOMAIN AV-7, AV-8, RQ-05.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from math import ceil
from pathlib import Path
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.errors import InvalidData, NotAllowed
from engine.instance.context import Guard, GuardCall
from supervision.account.table import Account
from supervision.accountability.find import KIND, respondents_of
from supervision.accountability.rules import Rules, read_rules
from supervision.case.assign import UNIT_ITSELF
from supervision.case.deeds import submitted, who_completed
from supervision.case.find import find_case
from supervision.guards.hearing import investigators
from supervision.organisation.grants import holders
from supervision.recusal.find import standing_aside

AGREES = "同意"
Barred = Mapping[str, str]
"""Login → why this person may not decide."""


def not_in_ones_own_case(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """AV-1, AV-8: a respondent does no task of the case, whatever their role. Raises NotAllowed."""
    if call.instance.process_id == KIND and actor.login in _respondents(session, call):
        raise NotAllowed("您是本案的被问责对象或者线索涉及的人员，应当回避（AV-1、AV-8）：请由其他人员办理")


def decided_in_order(processes: Path) -> Guard:
    """The guard, with the folder that holds the rules of 问责."""

    def deciding(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
        """AV-7, AV-8, RQ-05. Raises InvalidData, keyed by field."""
        if call.act != "complete" or call.instance.process_id != KIND:
            return
        data, rules = call.data, read_rules(processes)
        wrong: dict[str, list[str]] = {}
        if "attendees" in data:
            wrong = dict(_meeting(session, rules, call, now))
        elif "decider" in data:
            wrong = dict(_alone(session, rules, call))
        if wrong:
            raise InvalidData(wrong)

    return deciding


def _meeting(
    session: Session, rules: Rules, call: GuardCall, now: datetime
) -> Iterator[tuple[str, list[str]]]:
    """Who merely says at the table to stand aside does not vote, but is due: the quorum holds."""
    data, barred = call.data, _barred(session, call)
    logins = _reader(session)
    members = _members(session, rules, call, now)
    due = members - set(barred) - standing_aside(session, call.instance.id)
    present = logins(data.get("attendees")) & due - logins(data.get("recused"))
    many, of = rules.quorum
    needed = ceil(len(due) * many / of)
    if len(present) < needed:
        yield (
            "attendees",
            [
                f"应到 {len(due)} 人（不含决定回避的人员），出席不得少于 {needed} 人，"
                f"现在有表决权的出席 {len(present)} 人：请另行开会。"
            ],
        )
    chair = logins(data.get("chair"))
    if found := next((barred[one] for one in sorted(chair) if one in barred), ""):
        yield "chair", [f"主持人{found}，不得主持集体讨论（AV-8）：请另选主持人。"]
    elif not chair <= present or not chair:
        yield "chair", ["主持人应当是出席会议、没有回避的应到人员：请另选主持人。"]
    if found := _votes(session, logins, data, present, barred):
        yield "votes", [found]
    yield from _principles(rules, data)


def _votes(
    session: Session,
    logins: Callable[[object], set[str]],
    data: Mapping[str, Any],
    present: set[str],
    barred: Barred,
) -> str:
    """Everybody votes once on each respondent, and what was decided has the majority of who was present."""
    cast: Counter[tuple[str, str]] = Counter()
    agreed: Counter[str] = Counter()
    for row in _rows(data.get("votes")):
        name, about = str(row.get("person") or ""), str(row.get("no") or "")
        voter = next(iter(logins(name)), "")
        if voter in barred:
            return f"{name}{barred[voter]}，不得参加表决（AV-8）：请删去这一票。"
        if voter not in present:
            return f"{name}不是出席会议的应到人员，不能表决：请删去这一票，或者补登出席人员。"
        cast[voter, about] += 1
        if cast[voter, about] > 1:
            return f"{name}对序号 {about} 表决了两次：每人对每一对象只有一票。"
        agreed[about] += row.get("vote") == AGREES
    for row in _rows(data.get("decisions")):
        about = str(row.get("no") or "")
        if agreed[about] * 2 <= len(present):
            return (
                f"对{row.get('title') or row.get('name') or about}的决定没有过半数同意："
                f"出席 {len(present)} 人，同意 {agreed[about]} 票。请如实登记表决，或者按多数意见作出决定。"
            )
    return ""


def _alone(session: Session, rules: Rules, call: GuardCall) -> Iterator[tuple[str, list[str]]]:
    barred = _barred(session, call)
    deciders = _reader(session)(call.data.get("decider"))
    if found := next((barred[one] for one in sorted(deciders) if one in barred), ""):
        yield "decider", [f"决定人{found}，不得作出决定（AV-8）：请由其他负责人决定。"]
    yield from _principles(rules, call.data)


def _principles(rules: Rules, data: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    ticked = data.get("principles") or ()
    if missing := [one for one in rules.principles if one not in ticked]:
        yield "principles", [f"第四条的五项原则都应当核对，还缺{'、'.join(missing)}：请核对后勾选。"]


def _members(session: Session, rules: Rules, call: GuardCall, now: datetime) -> set[str]:
    """应到人员: of the 领导小组, or the leaders of the unit that deals with its own case."""
    case = find_case(session, call.instance.id)
    own = case is not None and case.handler == UNIT_ITSELF
    roles, unit = (rules.unit_members, case.target_unit) if own and case else (rules.members, "")
    return {login for role in roles for login in holders(session, role, unit, date_of(now))}


def _barred(session: Session, call: GuardCall) -> Barred:
    hearers = submitted(session, call.instance.id, "ut_hearing").get("hearers") or []
    logins = _reader(session)
    heard = logins(hearers) | set(who_completed(session, call.instance.id, "ut_verify"))
    return {
        **dict.fromkeys(heard, "听取了本案的陈述申辩"),
        **dict.fromkeys(investigators(session, call), "办理了本案的调查"),
        **dict.fromkeys(_respondents(session, call), "是本案的被问责对象或者线索涉及的人员"),
    }


def _respondents(session: Session, call: GuardCall) -> set[str]:
    """Logins of the persons the case is about, known by name and unit: from the screening on."""
    case = find_case(session, call.instance.id)
    named = submitted(session, call.instance.id, "ut_screen").get("persons")
    pairs = {(str(row.get("name") or "").strip(), case.target_unit) for row in _rows(named) if case}
    pairs |= {
        (row.name, row.unit_code)
        for row in respondents_of(session, call.instance.id)
        if row.subject_kind == "个人"
    }
    if not pairs:
        return set()
    found = session.execute(
        select(Account.login, Account.name, Account.unit_code).where(
            Account.name.in_(sorted({name for name, _ in pairs}))
        )
    )
    return {row.login for row in found if (row.name, row.unit_code) in pairs}


def _reader(session: Session) -> Callable[[object], set[str]]:
    """Reads logins or names, alone or in a list, as logins; who is unknown is left out."""

    def read(value: object) -> set[str]:
        parts: Iterable[Any] = value if isinstance(value, list | tuple) else [value]
        wanted = [str(part).strip() for part in parts if part]
        if not wanted:
            return set()
        found = select(Account.login).where(or_(Account.login.in_(wanted), Account.name.in_(wanted)))
        return set(session.scalars(found).all())

    return read


def _rows(value: object) -> Sequence[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
