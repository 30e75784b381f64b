"""改设置: shows what each known setting is now, and changes one with a reason, on record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.rule_text import with_terms
from engine.deadline.rule_words import length_in_words
from engine.deadline.shanghai import date_of
from engine.errors import Conflict, InvalidData, NotFound
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.instance import Context
from supervision.cycles.settled import demand_ahead
from supervision.deadlines.rule_change import change_rules
from supervision.deadlines.versions import rule_versions
from supervision.organisation.table import Unit
from supervision.organisation.units import get_unit
from supervision.setting.cycle_days import parse_days
from supervision.setting.known import Known, known, setting
from supervision.setting.store import get_setting, put_setting

CHANGED = "setting.changed"
"""Kind of the history entry; its payload holds key, before, after and reason."""
_LENGTH = re.compile(r"(\d{1,4}) ?(wd|cd|month|工作日|日|自然日|个?月)?")
_UNITS = {"工作日": "wd", "日": "cd", "自然日": "cd", "月": "month", "个月": "month"}


@dataclass(frozen=True)
class Answer:
    """A setting with its value in force."""

    known: Known
    value: str
    words: str
    """The value as people read it."""
    answered: bool
    """Whether somebody chose it; a default is in force otherwise."""


def answers(session: Session, context: Context) -> list[Answer]:
    """Every known setting, in the order of the file."""
    return [_answer(session, context, one) for one in known(session).values()]


def change_setting(
    session: Session, context: Context, key: str, value: str, *, reason: str, by: Actor, now: datetime
) -> None:
    """Sets `key` and does what follows from it at once. The caller commits.

    A rule's length is written ``30 cd`` or ``15 工作日``; days of a cycle ``06-01、12-01``.

    Raises:
        NotFound: no such setting. InvalidData: the value, or no reason. Conflict: it is that already.
    """
    one = known(session).get(key)
    if one is None:
        raise NotFound(f"没有设置“{key}”：可用的有 {'、'.join(known(session))}")
    if not reason.strip():
        raise InvalidData({"reason": ["请写明修改的理由。"]})
    value = one.checked(value)
    before = _now(session, context, one)
    if value == before:
        raise Conflict(f"“{one.label}”已经是“{value}”，没有需要保存的内容")
    _write(session, context, one, value, reason=reason, by=by, now=now)
    payload = {"key": key, "before": before, "after": value, "reason": reason.strip()}
    append(session, SYSTEM_CHAIN, CHANGED, at=now, actor=by, name=one.label, payload=payload)
    session.flush()


def _write(
    session: Session, context: Context, one: Known, value: str, *, reason: str, by: Actor, now: datetime
) -> None:
    if one.kind == "rule":
        text = with_terms(rule_versions(session)[0].content, one.target, _terms(one, value))
        change_rules(session, context, text, reason=reason, by=by, now=now)
    elif one.kind == "unit_name":
        _rename(session, one, value)
    elif one.kind == "cycle":
        days = parse_days(one.label, value, one.default)
        demand_ahead(session, one.target, days, one.default, date_of(now))
        put_setting(session, one.key, days)
    else:
        _demand_company(session, one, value)
        put_setting(session, one.key, value)
        if one.key == "self_check_duty":
            for unit in session.scalars(select(Unit).where(Unit.unit_type == "授权组织")):
                unit.self_check_duty = value


def _demand_company(session: Session, one: Known, value: str) -> None:
    """政府督查 needs the paper that empowers it. Source: S:DC art.7 (DOMAIN finding 12)."""
    needs = one.key == "authority_mode" and value == "政府督查" and not setting(session, "authority_doc")
    frees = one.key == "authority_doc" and not value and setting(session, "authority_mode") == "政府督查"
    if needs or frees:
        raise InvalidData(
            {
                "value": [
                    "以“政府督查”开展须有本级政府的指定文件：请先填写“本级政府指定督查室开展督查的文件”。"
                ]
            }
        )


def _rename(session: Session, one: Known, name: str) -> None:
    taken = session.scalar(select(Unit.code).where(Unit.name == name, Unit.code != one.target))
    if taken:
        raise InvalidData({"value": [f"“{name}”已经是另一个机构（{taken}）的名称。"]})
    get_unit(session, one.target).name = name


def _terms(one: Known, value: str) -> dict[str, int | str]:
    found = _LENGTH.fullmatch(value)
    if not found:
        raise InvalidData(
            {"value": [f"“{one.label}”应写成数字和单位，如“30 自然日”或“15 工作日”，但是“{value}”。"]}
        )
    terms: dict[str, int | str] = {"value": int(found[1])}
    if found[2]:
        terms["unit"] = _UNITS.get(found[2], found[2])
    return terms


def _now(session: Session, context: Context, one: Known) -> str:
    if one.kind == "unit_name":
        return get_unit(session, one.target).name
    if one.kind == "rule":
        rule = context.rules(session)[one.target]
        return f"{rule.value} {rule.unit}"
    return str(get_setting(session, one.key, one.default))


def _answer(session: Session, context: Context, one: Known) -> Answer:
    value = _now(session, context, one)
    words = (one.options.get(value, value) if value.isascii() else value) or "（未填写）"
    if one.kind == "rule":
        words = length_in_words(context.rules(session)[one.target])
    stored = one.kind == "unit_name" or get_setting(session, one.key) is not None
    return Answer(one, value, words, stored)
