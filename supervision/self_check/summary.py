"""What the district adds up of a 半年自查: rates, common problems, who is missing, what follows.

Source: R7¶1; DOMAIN P2-6, P2-9, 8.1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.instance.context import ServiceCall
from engine.store.tables import FanOutMember
from supervision.escalation.table import FollowUp
from supervision.inspection.checklist import Checklist
from supervision.inspection.versions import checklist_of, version_in_force
from supervision.rectification.table import Rectification
from supervision.self_check.find import reports_of
from supervision.self_check.table import SelfCheckReport

SOURCE = "自查"
CLUE = "线索"
MOST = 8
"""Common problems that the draft names."""


def summary(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads units_total. Returns stats_words and common_draft (texts), submitted_rate and on_time_rate (per
    cent, of all that were asked), self_check_delta (points), inner_notices (how many gave notice within).
    """
    found, asked = reports_of(session, call.instance_id), int(call.data.get("units_total") or 0)
    on_time = sum(row.on_time for row in found)
    delta = _delta(found)
    return {
        "submitted_rate": _percent(len(found), asked),
        "on_time_rate": _percent(on_time, asked),
        "self_check_delta": delta,
        "inner_notices": sum(bool(row.inner_notice.get("no")) for row in found),
        "stats_words": _words(asked, found, on_time, delta),
        "common_draft": _common(_checklist(session, call, now), found),
    }


def follow(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """What follows from the 自查: reads case_no. Returns rectifications, late_clues (numbers), follow_words.

    A 整改 begins with each unit's own review; a clue about a unit that never reported is drafted by the
    ladder (150 %, units with a duty only) and decided by a person.
    """
    number = str(call.data.get("case_no") or "")
    begun = session.scalars(
        select(Rectification.unit_code).where(
            Rectification.source == SOURCE, Rectification.source_case_no == number
        )
    ).all()
    children = select(FanOutMember.instance_id).where(FanOutMember.parent_id == call.instance_id)
    clues = session.scalars(
        select(FollowUp.unit_code).where(FollowUp.instance_id.in_(children), FollowUp.kind == CLUE)
    ).all()
    said = f"已启动整改 {len(begun)} 件，涉及 {len(set(begun))} 个单位；拟移交线索 {len(clues)} 件"
    return {"rectifications": len(begun), "late_clues": len(clues), "follow_words": said}


def _delta(found: Sequence[SelfCheckReport]) -> float | None:
    """Mean of 自评 minus 核查, over what was reviewed."""
    pairs = [
        row.self_total - row.verified_total
        for row in found
        if row.self_total is not None and row.verified_total is not None
    ]
    return round(sum(pairs) / len(pairs), 1) if pairs else None


def _percent(part: int, whole: int) -> float:
    return round(part / whole * 100, 1) if whole else 0.0


def _words(asked: int, found: Sequence[SelfCheckReport], on_time: int, delta: float | None) -> str:
    said = f"应报 {asked} 个单位，报送 {len(found)} 个，报送率 {_percent(len(found), asked)}%"
    said += f"；按期 {on_time} 个，按期率 {_percent(on_time, asked)}%"
    said += f"。已在本单位通报 {sum(bool(row.inner_notice.get('no')) for row in found)} 个"
    if delta is not None:
        said += f"。自评与核查平均相差 {delta} 分"
    mismatched = sum(bool(row.mismatches) for row in found)
    return said + (f"，抽查不符 {mismatched} 个单位。" if mismatched else "。")


def _common(checklist: Checklist, found: Sequence[SelfCheckReport]) -> str:
    counted = Counter(str(one["item_id"]) for row in found for one in row.problems)
    lines = []
    for item_id, times in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST]:
        item = checklist.item(item_id)
        lines.append(f"{item.text if item else item_id}：{times} 个单位没有落实到位。")
    return "\n".join(lines) or "各单位没有报告问题。"


def _checklist(session: Session, call: ServiceCall, now: datetime) -> Checklist:
    return checklist_of(
        session, str(call.data.get("checklist_version") or version_in_force(session, date_of(now)))
    )
