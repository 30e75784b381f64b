"""Carrying out: each measure by who may, awards barred for the year, and what a 复核 takes back.

Nothing here waits for a review. Source: R11; R13¶2 (复核期间，问责决定不停止执行).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import InvalidData, StepFailed
from engine.history.append import append
from engine.instance.context import ServiceCall
from supervision.accountability.find import as_variables, respondent_of
from supervision.accountability.rules import AWARDS, Rules
from supervision.accountability.table import AwardDisqualification, Execution, Respondent

REVOKED = "不再执行"
REFUSED = "有权机关未采纳"
ANNULLED = ("撤销并终结", "撤销并责令重新作出")


def carried_out(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """执行登记 (F-AC-7) of `measure`: reads executor, executed_on, execution_result.

    Returns executed_on.

    Raises:
        InvalidData: it is said to be called off, but no 复核决定 did so, or the other way round.
    """
    row, data = respondent_of(session, call), call.data
    execution = _execution(session, call, row)
    result = str(data.get("execution_result") or "已执行")
    if result == REVOKED and execution.state != "revoked":
        raise InvalidData(
            {"execution_result": ["没有撤销或变更这项措施的复核决定：问责决定不停止执行（第十三条）。"]}
        )
    if result != REVOKED and execution.state == "revoked":
        raise InvalidData(
            {"execution_result": [f"{row.changed_by or row.standing}，这项措施已撤销：请选择“{REVOKED}”。"]}
        )
    execution.executor = str(data.get("executor") or "")[:100]
    execution.executed_on = _day(data.get("executed_on")) or date_of(now)
    execution.result = str(data.get("ext_result") or result)[:20]
    execution.detail = {
        key: data[key] for key in ("scope", "accepted_by", "order_no", "talkers", "new_post") if data.get(key)
    }
    if execution.state == "open":
        execution.state = "done"
        if execution.measure == AWARDS and result != REFUSED:
            _bar(rules, session, row, call, execution.executed_on)
    session.flush()
    return {"executed_on": execution.executed_on.isoformat()}


def rectified(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """The 整改 ended, however it did: reads rect_no, result. What it carried out is registered with that.

    Returns nothing. Source: R14; R11 (限期改正、责令限期整改), R12 (责令改正).
    """
    row = respondent_of(session, call)
    for execution in session.scalars(select(Execution).where(Execution.respondent_id == row.id)):
        if execution.measure in rules.corrective and execution.state == "open":
            execution.state, execution.executed_on = "done", date_of(now)
            execution.executor, execution.result = row.name, str(call.data.get("result") or "")[:20]
            execution.detail = {"rect_no": str(call.data.get("rect_no") or "")}
    session.flush()
    return {}


def award_year(rules: Rules, session: Session, row: Respondent, conduct_on: date | None) -> int:
    """“当年”: by default the year in which the decision was issued. Source: R11(2); DOMAIN finding 10."""
    decided = row.decided_on or date.min
    if rules.setting(session, "award_year_basis") == "conduct_year" and conduct_on is not None:
        return conduct_on.year
    return decided.year


def changed(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """A 复核 changed the decision: reads outcome, review_no, measures (that remain, of 变更).

    Awards are restored, what is still open is called off, the register shows it.
    Returns respondent, annulled, restored_awards.
    """
    row = respondent_of(session, call)
    annulled = str(call.data.get("outcome")) in ANNULLED
    remain = [] if annulled else list(call.data.get("review_measures") or [])
    restored = correct(session, row, remain, str(call.data.get("review_no") or ""), call.actor, now)
    return {
        "respondent": as_variables(session, row),
        "annulled": annulled,
        "restored_awards": restored,
    }


def correct(
    session: Session, row: Respondent, remain: list[str], review_no: str, actor: Any, now: datetime
) -> list[str]:
    """Leaves only the measures that `remain`; saying so twice changes nothing. Returns the awards restored.

    Source: R13¶2 (复核中发现处理错误，应当及时纠正).
    """
    gone = [measure for measure in row.final if measure not in remain]
    row.final, row.changed_by = (
        [one for one in row.final if one in remain],
        review_no or row.changed_by or "复核决定",
    )
    for execution in session.scalars(select(Execution).where(Execution.respondent_id == row.id)):
        if execution.measure not in remain and execution.state == "open":
            execution.state = "revoked"
    restored: list[str] = []
    if AWARDS not in remain:
        for bar in session.scalars(
            select(AwardDisqualification).where(
                AwardDisqualification.respondent_id == row.id, AwardDisqualification.restored_on.is_(None)
            )
        ):
            bar.restored_on, bar.restored_by = date_of(now), review_no
            restored += bar.awards or [f"{bar.year} 年度全部评优评先"]
    if gone or restored:
        append(
            session, row.instance_id, "decision.corrected", at=now, actor=actor, name=row.decision_no,
            payload={"review": review_no, "gone": gone, "restored": restored},
        )  # fmt: skip
    session.flush()
    return restored


def _bar(rules: Rules, session: Session, row: Respondent, call: ServiceCall, since: date) -> None:
    given = call.data.get("award_year")
    conduct = _day(call.data.get("conduct_on"))
    awards = awards_of(call.data.get("award_list"))
    session.add(
        AwardDisqualification(
            id=uuid.uuid4().hex, instance_id=row.instance_id, respondent_id=row.id, unit_code=row.unit_code,
            person="" if row.subject_kind == "单位" else row.name,
            year=int(given) if given else award_year(rules, session, row, conduct), awards=awards,
            decision_no=row.decision_no, since=since,
        )
    )  # fmt: skip


def awards_of(given: Any) -> list[str]:
    """涉及评优项目: a list, or one text with 、 between them."""
    parts = given if isinstance(given, list) else str(given or "").replace("\n", "、").split("、")
    return [text for part in parts if (text := str(part).strip())]


def _execution(session: Session, call: ServiceCall, row: Respondent) -> Execution:
    measure = str(call.data.get("measure") or "")
    found = session.scalars(
        select(Execution).where(Execution.respondent_id == row.id, Execution.measure == measure)
    ).first()
    if found is None:
        raise StepFailed(call.element_id, f"对{row.name}没有决定“{measure}”这项措施", call.data)
    return found


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
