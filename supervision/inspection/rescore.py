"""复核以后重新评分: scores that a review changes or annuls, with the first ones kept, and the ranking anew.

Source: 政府督查工作条例第十七条; DOMAIN P1R.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidData, StepFailed
from engine.instance.context import Handler, ServiceCall
from supervision.case.find import case_by_number
from supervision.inspection import record
from supervision.inspection.bulletin import ranking
from supervision.inspection.checklist import Checklist
from supervision.inspection.table import Inspection, UnitResult
from supervision.inspection.topics import ranking_is_public
from supervision.inspection.versions import checklist_of

FIELD = "rescored"
ANNUL = "取消本年得分"


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {"inspection.rescore": rescore}


def rescore(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads source_case_no, unit_code, rescore_kind, rescored (rows item_id, score, reason), decide_reason.

    Returns old_score, new_score, ranking_words, rescore_words, public_text and bulletin_title.

    Raises:
        InvalidData: on `rescored`, nothing is changed, or an item of the unit has no score.
        StepFailed: the case is no 全区性检查, or the unit has no result in it.
    """
    case = case_by_number(session, str(call.data.get("source_case_no") or ""))
    inspection = session.get(Inspection, case.instance_id) if case else None
    result = session.scalars(
        select(UnitResult).where(
            UnitResult.inspection_id == (inspection.instance_id if inspection else ""),
            UnitResult.unit_code == str(call.data.get("unit_code") or ""),
        )
    ).first()
    if inspection is None or result is None:
        raise StepFailed(call.element_id, "原结论不是全区性检查的结论，或者该单位没有得分", call.data)
    checklist = checklist_of(session, result.checklist)
    before, place = result.total, result.rank
    if call.data.get("rescore_kind") == ANNUL:
        result.total, result.grade, result.rank = None, "", None
    else:
        _change(session, checklist, result, call, now)
    places = record.rank(session, checklist, inspection.instance_id)
    order, said = "\n".join(ranking(checklist, places)), _words(result, before, place)
    reason = str(call.data.get("decide_reason") or "")
    return {
        "old_score": before, "new_score": result.total, "ranking_words": order, "rescore_words": said,
        "public_text": "\n".join([reason, said, *([order] if ranking_is_public(session) else [])]),
        "bulletin_title": f"关于更正{inspection.year}年全区性检查督查通报的通报",
    }  # fmt: skip


def _change(
    session: Session, checklist: Checklist, result: UnitResult, call: ServiceCall, now: datetime
) -> None:
    rows = [row for row in call.data.get(FIELD) or () if isinstance(row, Mapping)]
    if not rows:
        raise InvalidData({FIELD: ["变更结论的，应当写明改分的指标、改后得分和理由。"]})
    scores = record.scores_of(session, result.child_id)
    for row in rows:
        item, value = checklist.item(str(row.get("item_id"))), record.number(row.get("score"))
        if item is None or scores.get(item.id) is None:
            raise InvalidData({FIELD: [f"该单位的指标 {row.get('item_id')} 没有得分，不能改：请重新选择。"]})
        if value is None or not 0 <= value <= item.points:
            raise InvalidData(
                {FIELD: [f"指标 {item.id} 的得分应在 0 和 {item.points:f} 之间，现在是 {value}。"]}
            )
        if value < (scores[item.id] or 0):
            raise InvalidData(
                {FIELD: [f"指标 {item.id} 的得分不能低于原得分 {scores[item.id]:f}：复核不得加重。"]}
            )
        change = record.Change(item.id, value, f"复核：{row.get('reason') or ''}")
        record.calibrate(session, result.child_id, change, call.actor.login, now)
    record.settle(session, checklist, result)


def _words(result: UnitResult, before: float | None, place: int | None) -> str:
    if result.total is None:
        return f"取消{result.unit_name}本年得分 {before} 分，不再参加排名；其他单位名次相应更正。"
    return (
        f"{result.unit_name}得分由 {before} 分更正为 {result.total} 分（{result.grade}），"
        f"名次由第 {place} 位更正为第 {result.rank} 位；其他单位名次相应更正。"
    )
