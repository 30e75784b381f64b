"""整改: what a plan, a report and a verification must hold, asked where they are handed in.

Source: R14 (addressees); DOMAIN P5, F-RC-1 to F-RC-4, RQ-56, AV-4, AV-10.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.instance.context import GuardCall
from engine.store.tables import Deadline
from supervision.account.table import Account
from supervision.rectification.failed import PERIODS, overdue_at_last_rung
from supervision.rectification.find import of_instance
from supervision.rectification.table import Rectification

ON_SITE = ("现场", "暗访")
LONG = "需长期整改"
PROVEN = ("已整改", "部分整改")


def rectification_in_order(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Raises InvalidData, keyed by field, for what a task of a 整改 may not say."""
    if call.act != "complete" or call.instance.process_id != "rectification":
        return
    row = of_instance(session, call.instance.id)
    if row is None:
        return
    data = call.data
    if "plan_rows" in data:
        _plan(session, row, _rows(data["plan_rows"]))
    if "addressees" in data:
        _report(row, data)
    if "verified" in data:
        _verification(session, row, data)
    if data.get("late_decision") == "认定逾期未报" and not overdue_at_last_rung(session, row):
        raise InvalidData(
            {"late_decision": ["逾期达到期限的一半（150%）以后才能认定逾期未报：请先继续督促。"]}
        )


def _plan(session: Session, row: Rectification, planned: Sequence[Mapping[str, Any]]) -> None:
    _all_items(row, planned, "plan_rows", "措施")
    last = session.scalars(
        select(Deadline).where(
            Deadline.instance_id == row.instance_id, Deadline.key.in_(PERIODS), Deadline.status == "running"
        )
    ).first()
    for number, entry in enumerate(planned, 1):
        milestone = str(entry.get("milestone") or "")[:10]
        if last is not None and milestone > last.due_on.isoformat():
            late = f"第 {number} 项的完成时限 {milestone} 晚于整改期限 {last.due_on}"
            raise InvalidData({"plan_rows": [f"{late}：请提前，或先申请延期。"]})


def _report(row: Rectification, data: Mapping[str, Any]) -> None:
    """Source: R14: 领导小组, and 监察机关 where it decided."""
    reported = _rows(data.get("results"))
    _all_items(row, reported, "results", "结果")
    missing = [body for body in row.report_to if body not in (data.get("addressees") or ())]
    if missing:
        law = "（第十四条）" if row.source == "问责" else ""
        raise InvalidData({"addressees": [f"整改报告必须报送{'、'.join(missing)}{law}：请补选。"]})
    told = {str(entry.get("result")) for entry in reported}
    if told & set(PROVEN) and not data.get("evidence"):
        raise InvalidData({"evidence": ["有“已整改”或“部分整改”的事项，应当附证明材料。"]})
    if row.source == "问责" and not str(data.get("staff_handling") or "").strip():
        raise InvalidData({"staff_handling": ["问责整改的报告应当写明责任人处理情况。"]})
    if LONG in told and row.person:
        raise InvalidData({"results": ["个人整改应当限期完成，不能写“需长期整改”：请改选。"]})
    if LONG in told and not data.get("stages"):
        raise InvalidData({"stages": ["有“需长期整改”的事项，应当分阶段写明各阶段的任务和期限。"]})


def _verification(session: Session, row: Rectification, data: Mapping[str, Any]) -> None:
    found = _rows(data["verified"])
    _all_items(row, found, "verified", "结论")
    people = [str(person) for person in data.get("verifiers") or ()]
    methods = {str(entry.get("method")) for entry in found}
    if methods & set(ON_SITE) and (count := len(set(people))) < 2:
        raise InvalidData({"verifiers": [f"现场、暗访验收应为两人以上，现在是 {count} 人（AV-10）。"]})
    concerned = session.scalars(
        select(Account.name).where(
            or_(Account.login.in_(people), Account.name.in_(people)), Account.unit_code == row.unit_code
        )
    ).all()
    if concerned:
        raise InvalidData({"verifiers": [f"{'、'.join(concerned)}是被整改单位的人员，不能验收（AV-4）。"]})


def _all_items(row: Rectification, entries: Sequence[Mapping[str, Any]], field: str, what: str) -> None:
    """Each item has its line: one that is left out would be closed unseen."""
    named = [str(entry.get("item") or "") for entry in entries]
    left_out = [item["fact"] for item in row.items if named.count(item["fact"]) == 0]
    if left_out or len(named) != len(row.items):
        counted = f"应为 {len(row.items)} 项，现在是 {len(named)} 项"
        missing = f"缺少“{left_out[0][:40]}”" if left_out else counted
        raise InvalidData({field: [f"每一项整改事项都要写{what}，各写一次：{missing}。"]})


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
