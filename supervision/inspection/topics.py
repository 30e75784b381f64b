"""Service topics of 全区性检查 and 单位检查. Each says what it reads and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import CalendarMissing, NotFound, StepFailed
from engine.instance.context import Handler, ServiceCall
from engine.store.tables import Instance
from supervision.account.table import Account
from supervision.house import House
from supervision.inspection import record
from supervision.inspection.bulletin import words
from supervision.inspection.checklist import Checklist
from supervision.inspection.once_a_year import year_of
from supervision.inspection.table import Inspection, UnitResult
from supervision.inspection.versions import checklist_of, version_in_force
from supervision.inspection.vetoes import veto_words
from supervision.notice import holders, notify
from supervision.setting import get_setting

ADOPTED = ("采纳", "部分采纳")
"""Answers to an objection that change scores."""


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler."""
    return {
        "inspection.check": partial(check, house),
        "inspection.choose": choose,
        "inspection.cancel": cancel,
        "inspection.unit_score": unit_score,
        "inspection.score": score,
        "inspection.calibrate": calibrate,
        "inspection.year_end": year_end,
    }


def check(house: House, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """svc_guard: the year's calendar and a checklist are there. Returns guard_ok and guard_faults (text)."""
    year, faults = year_of(call.data, now), []
    try:
        calendar = house.calendar(session)
        calendar.is_workday(date_of(now).replace(year=year, month=12, day=31))
    except CalendarMissing:
        faults.append(f"没有 {year} 年的工作日历：请先录入放假安排。")
    try:
        version_in_force(session, date_of(now))
    except NotFound:
        faults.append("没有生效的督查指标：请先发布一版。")
    return {"guard_ok": not faults, "guard_faults": "".join(faults)}


def choose(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """After the plan: the version it chose is the one of this year. Returns checklist_version."""
    version = str(call.data.get("checklist_version") or version_in_force(session, date_of(now)))
    checklist_of(session, version)
    inspection_of(session, call).checklist = version
    session.flush()
    return {"checklist_version": version}


def cancel(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """The year is free again: a new start is allowed, and required. Source: RQ-18."""
    row = inspection_of(session, call)
    row.holds_year, row.cancelled_at = None, now
    session.flush()
    return {}


def unit_score(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads self_rows, score_rows, findings, inspectors; lead_result and adopted after an objection.

    Writes scores and total; returns unit_score, unit_grade, self_total and inspectors_words.
    """
    data = call.data
    own, found = _rows(data.get("self_rows")), _rows(data.get("score_rows"))
    checklist = checklist_of(
        session, str(data.get("checklist_version") or version_in_force(session, date_of(now)))
    )
    result = session.get(UnitResult, call.instance_id)
    if result is None:
        result = _new_result(session, call, checklist, now)
        people = [str(one) for one in data.get("inspectors") or (call.actor.login,)]
        record.write_scores(session, call.instance_id, own, found, people, call.actor.login, now)
    if data.get("lead_result") in ADOPTED:
        changes = [_change(call, checklist, row) for row in _rows(data.get("adopted"))]
        record.adopt(session, call.instance_id, changes, call.actor.login, now)
    result.findings, result.silent, result.scored_at = _rows(data.get("findings")), not own, now
    found_total = record.settle(session, checklist, result, own)
    return {
        "unit_score": float(found_total.score), "unit_grade": found_total.grade,
        "self_total": result.self_total, "inspectors_words": "、".join(_names(session, data)),
    }  # fmt: skip


def score(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """svc_score: adds 8-1 and 8-2 from eval_scores, totals, ranks. Returns the words of ranking, problems,
    clues and vetoes.
    """
    inspection = inspection_of(session, call)
    checklist = checklist_of(session, inspection.checklist)
    given = call.data.get("eval_scores")
    for result in record.results(session, call.instance_id):
        one = given.get(result.unit_code) if isinstance(given, Mapping) else None
        if any((added := _from_evaluation(checklist, one, call.data)).values()):
            record.add_given(session, result, added, now)
            record.settle(session, checklist, result)
    return _tables(session, checklist, call, inspection.year)


def calibrate(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """F-P1-6: reads calibrations (rows unit, item_id, new_score, reason, bonus, veto). Ranks again."""
    inspection = inspection_of(session, call)
    checklist = checklist_of(session, inspection.checklist)
    rows = {result.unit_code: result for result in record.results(session, call.instance_id)}
    for row in _rows(call.data.get("calibrations")):
        result = rows.get(str(row.get("unit")))
        if result is None:
            raise StepFailed(call.element_id, f"校准表中的单位“{row.get('unit')}”没有检查得分", call.data)
        if row.get("item_id"):
            change = _change(call, checklist, {**row, "score": row.get("new_score")})
            if not record.calibrate(session, result.child_id, change, call.actor.login, now):
                raise StepFailed(
                    call.element_id, f"{result.unit_name}的指标 {change.item_id} 没有得分，不能校准"
                )
        if row.get("bonus") is not None:
            result.bonus = float(row["bonus"])
        if row.get("veto"):
            result.vetoes = sorted({*result.vetoes, *row["veto"]})
        record.settle(session, checklist, result)
    return _tables(session, checklist, call, inspection.year)


def year_end(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """bt_year_end: tells 组长 that there is no 通报 yet."""
    text = f"{call.business_key} 全区性检查还没有印发督查通报，年底前必须通报（第七条）"
    people = holders(session, "LSG_HEAD", "", now)
    notify(session, people, text, f"/case/{call.instance_id}", now, f"year-end:{call.instance_id}")
    return {}


def _tables(session: Session, checklist: Checklist, call: ServiceCall, year: int) -> dict[str, Any]:
    places = record.rank(session, checklist, call.instance_id)
    units = [row.unit_code for row in places]
    return {**words(places, checklist), "veto_words": veto_words(session, checklist, year, units)}


def _from_evaluation(checklist: Checklist, given: Any, data: Mapping[str, Any]) -> dict[str, Decimal | None]:
    """8-1 needs enough valid answers, 8-2 a 公开评议 that was held; else they do not apply."""
    found: dict[str, Decimal | None] = {item.id: None for item in checklist.items if item.given_by}
    if not isinstance(given, Mapping) or not data.get("evaluation_on"):
        return found
    rate, answers, points = given.get("satisfied"), given.get("answers", 0), given.get("score")
    if "8-1" in found and rate is not None and answers >= checklist.least_answers:
        found["8-1"] = satisfaction(Decimal(str(rate)))
    if "8-2" in found and points is not None:
        found["8-2"] = Decimal(str(points)) / 100 * 3
    return found


def satisfaction(rate: Decimal) -> Decimal:
    """8-1: from 90 % 4 points, 0.1 less for each point below, nothing below 60 %. `rate` is a percentage."""
    if rate < 60:
        return Decimal(0)
    return Decimal(4) - max(Decimal(0), Decimal(90) - rate) / 10


def _change(call: ServiceCall, checklist: Checklist, row: Mapping[str, Any]) -> record.Change:
    item, value = checklist.item(str(row.get("item_id"))), record.number(row.get("score"))
    if item is None or value is None or not 0 <= value <= item.points:
        raise StepFailed(call.element_id, f"指标 {row.get('item_id')} 的改分应在 0 和满分之间", call.data)
    return record.Change(item.id, value, str(row.get("reason") or ""))


def _new_result(session: Session, call: ServiceCall, checklist: Checklist, now: datetime) -> UnitResult:
    parent = session.get_one(Instance, call.instance_id).cause_id or ""
    result = UnitResult(
        child_id=call.instance_id, inspection_id=parent, year=year_of(call.data, now),
        checklist=checklist.version, unit_code=str(call.data["unit_code"]),
        unit_name=str(call.data.get("unit_name") or ""), unit_type=str(call.data.get("unit_type") or ""),
        vetoes=[], findings=[],
    )  # fmt: skip
    session.add(result)
    session.flush()
    return result


def ranking_is_public(session: Session) -> bool:
    """Whether the public reads who ranks where: the district decides (setting public_ranking)."""
    return get_setting(session, "public_ranking", "on") != "off"


def inspection_of(session: Session, call: ServiceCall) -> Inspection:
    """Raises StepFailed where the step is in another process."""
    row = session.get(Inspection, call.instance_id)
    if row is None:
        raise StepFailed(call.element_id, "本流程不是全区性检查，不能办这一步", call.data)
    return row


def _names(session: Session, data: Mapping[str, Any]) -> list[str]:
    """Of those who were on site, in the order they were entered."""
    given = [str(one) for one in data.get("inspectors") or ()]
    rows = session.execute(select(Account.login, Account.name).where(Account.login.in_(given)))
    known = {row.login: row.name for row in rows}
    return [known.get(one, one) for one in given]


def _rows(value: Any) -> list[dict[str, Any]]:
    return [dict(row) for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
