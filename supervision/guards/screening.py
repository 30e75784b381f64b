"""线索研判与实施机关: what a case of 问责 needs before it is opened, and who may not deal with it.

Source: R3 (consequence), R8(10), R9(6) (the failed 整改), R12; DOMAIN finding 4, AV-9, RQ-04, RQ-35, RQ-42.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.errors import InvalidData
from engine.instance.context import Guard, GuardCall
from supervision.account.table import Account
from supervision.accountability.find import KIND
from supervision.accountability.rules import Rules, read_rules
from supervision.accountability.topics import OWN_UNIT
from supervision.case.assign import UNIT_ITSELF
from supervision.case.deeds import submitted
from supervision.case.find import related_case
from supervision.organisation.grants import holders
from supervision.rectification.failed import failed
from supervision.rectification.find import by_number
from supervision.yes import is_yes

FILE, NONE = "立案", "均无"
BETWEEN = re.compile(r"[、,，;；\s]+")


def screened_in_order(processes: Path) -> Guard:
    """The guard, with the folder that holds the rules of 问责."""

    def screening(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
        """RQ-04, RQ-35, RQ-42, AV-9. Raises InvalidData, keyed by field."""
        if call.act != "complete" or call.instance.process_id != KIND:
            return
        rules, wrong = read_rules(processes), dict[str, list[str]]()
        if "consequence" in call.data:
            wrong.update(_screening(session, rules, call.data))
        if call.data.get("body") == OWN_UNIT and (why := _head_concerned(session, call, now)):
            wrong["body"] = [f"{why}，不能由行为人所在单位办理（AV-9）：请选择其他实施机关。"]
        if "subjects" in call.data and (why := _head_answers(session, rules, call, now)):
            wrong["subjects"] = [why]
        if wrong:
            raise InvalidData(wrong)

    return screening


def _screening(session: Session, rules: Rules, data: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    grounds = [*_list(data.get("grounds_unit")), *_list(data.get("grounds_staff"))]
    filing = data.get("opinion") == FILE
    if filing and data.get("consequence") == NONE:
        yield (
            "opinion",
            ["没有造成不良影响，也没有产生严重后果的，不予立案（第三条）：请改选研判意见，或核实后果。"],
        )
    if filing and not grounds:
        yield "grounds_unit", ["立案应当写明第八条或者第九条的情形：请至少选一项。"]
    numbers = [one for one in BETWEEN.split(str(data.get("rect_no") or "")) if one]
    for ground in rules.linked_grounds:
        if filing and ground in grounds and (why := _unlinked(session, ground, numbers, data)):
            yield "rect_no", [why]
            return


def _unlinked(session: Session, ground: str, numbers: Sequence[str], data: Mapping[str, Any]) -> str:
    """Why none of the 整改 bears that ground out; '' where one does.

    R8(10) speaks of the unit's 整改, R9(6) of a person's.
    """
    of_person, unit = ground.startswith("R9"), str(data.get("unit_code") or "")
    law = "第九条第六项“拒不改正”" if of_person else "第八条第十项“不按要求整改”"
    if not numbers:
        return f"选了{law}的，应当填写不合格或者逾期未报的整改编号：请补填，或者改选情形。"
    for number in numbers:
        row = by_number(session, number)
        concerns = row is not None and (not unit or row.unit_code == unit)
        if row is not None and concerns and bool(row.person) is of_person and failed(session, number):
            return ""
    whose = "该单位人员个人" if of_person else "该单位"
    return (
        f"{'、'.join(numbers)} 不能支持{law}：应当是{whose}的整改，而且结论是不合格或者逾期未报。"
        "请核对编号，或者改选情形。"
    )


def _head_concerned(session: Session, call: GuardCall, now: datetime) -> str:
    if is_yes(call.data.get("head_is_respondent")):
        return "单位主要领导可能被问责"
    named = submitted(session, call.instance.id, "ut_screen").get("persons")
    heads = _heads(session, call, now)
    if found := sorted(heads & _names(named)):
        return f"线索涉及单位主要领导{'、'.join(found)}"
    return ""


def _head_answers(session: Session, rules: Rules, call: GuardCall, now: datetime) -> str:
    """The head turns out to be a respondent while the unit itself deals with the case."""
    case = related_case(session, call.instance, call.data)
    if case is None or case.handler != UNIT_ITSELF:
        return ""
    rows = [row for row in _list(call.data.get("subjects")) if isinstance(row, Mapping)]
    heads = _heads(session, call, now) & _names(rows)
    if not heads and not any(set(rules.heads) & set(_list(row.get("case_role"))) for row in rows):
        return ""
    return "单位主要领导是被问责对象，不能由所在单位办理（AV-9）：请督查室提级办理后再提交调查报告。"


def _heads(session: Session, call: GuardCall, now: datetime) -> set[str]:
    case = related_case(session, call.instance, call.data)
    if case is None or not case.target_unit:
        return set()
    logins = holders(session, "U_HEAD", case.target_unit, date_of(now))
    return set(session.scalars(select(Account.name).where(Account.login.in_(list(logins)))))


def _names(rows: object) -> set[str]:
    return {str(row.get("name") or "").strip() for row in _list(rows) if isinstance(row, Mapping)} - {""}


def _list(value: object) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value] if value else []
