"""督查结论反馈: what one unit is told of its inspection, and what follows from it.

Source: R7¶1; 政府督查工作条例第十六条.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import StepFailed
from engine.instance.context import Handler, ServiceCall
from engine.store.tables import Instance
from supervision.document.words import cn_date
from supervision.inspection.bulletin import clue_rows, problem_rows
from supervision.inspection.table import UnitResult
from supervision.inspection.versions import checklist_of


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {"inspection.conclusion": conclusion, "inspection.served": served}


def conclusion(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads unit_code. Returns has_result, unit_total, unit_problems and conclusion_text (texts), rect_items
    (rows fact, clause, requirement), clue_grounds (codes), clue_summary and clue_words (texts), clue_persons
    (rows name, post).
    """
    row = _result(session, call)
    if row is None or row.total is None:
        return {
            "has_result": False, "unit_total": "", "unit_problems": "", "conclusion_text": "",
            "rect_items": [], "clue_grounds": [], "clue_summary": "", "clue_words": "", "clue_persons": [],
        }  # fmt: skip
    problems = problem_rows(checklist_of(session, row.checklist), [row])
    clues = clue_rows([row])
    grounds = sorted({ground for clue in clues for ground in clue["grounds"]})
    told = "\n".join(f"{one['fact']}（{one['clause']}）" for one in problems) or "没有发现问题。"
    total = f"{row.total} 分（{row.grade}）"
    return {
        "has_result": True,
        "unit_total": total,
        "unit_problems": told,
        "conclusion_text": _text(row, total, told, bool(problems), str(call.data.get("rectify_due") or "")),
        "rect_items": [
            {
                "fact": one["fact"],
                "clause": one["clause"],
                "requirement": f"按指标 {one['item_id']} 整改到位。",
            }
            for one in problems
        ],
        "clue_grounds": grounds,
        "clue_summary": f"{row.unit_name}：" + "；".join(one["fact"] for one in clues) if clues else "",
        "clue_words": "、".join(grounds),
        "clue_persons": [person for clue in clues for person in _persons(clue["staff"])],
    }


def _text(row: UnitResult, total: str, problems: str, any_problem: bool, due: str) -> str:
    """What the unit is told: its score, the facts, what is asked of it. Clues are not told."""
    lines = [
        f"{row.year} 年政务公开全区性检查，你单位得分 {total}，在同类单位中排第 {row.rank} 位。",
        "你单位没有按期报送自评材料，检查照常进行。" if row.silent else "",
        "检查发现的问题：" if any_problem else "",
        problems,
        f"以上问题应当在{cn_date(due)}以前整改，并书面报告督查室。" if any_problem and due else "",
    ]
    return "\n".join(line for line in lines if line)


def _persons(staff: str) -> list[dict[str, str]]:
    """Written as 张三（科员）、李四（窗口负责人）."""
    found = []
    for one in staff.replace("，", "、").split("、"):
        name, _, post = one.strip().rstrip("）)").replace("(", "（").partition("（")
        if name:
            found.append({"name": name, "post": post})
    return found


def served(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads served_on: from that day on the unit may read its own scores.

    Raises:
        StepFailed: the unit has no result.
    """
    row = _result(session, call)
    if row is None:
        raise StepFailed(call.element_id, "该单位没有检查得分，没有可以送达的结论", call.data)
    given = str(call.data.get("served_on") or "")[:10]
    row.served_on = date.fromisoformat(given) if given else date_of(now)
    session.flush()
    return {}


def _result(session: Session, call: ServiceCall) -> UnitResult | None:
    parent = session.get_one(Instance, call.instance_id).cause_id or ""
    return session.scalars(
        select(UnitResult).where(
            UnitResult.inspection_id == parent, UnitResult.unit_code == str(call.data.get("unit_code") or "")
        )
    ).first()
