"""自查: nothing is reported without the unit's own 通报, and a review says what its samples found.

Source: R7¶1; RQ-21; DOMAIN P2U.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import InvalidData
from engine.instance.context import GuardCall
from supervision.case.deeds import submitted
from supervision.guards.separation import rules_of
from supervision.self_check.rows import mismatches_of, rows_of

TOLD_WITHIN = "told_within"
"""Property `guard` of the task that hands the report in."""
NOTICE_TASK = "ut_inner_notice"
NEEDED = ("inner_notice_no", "inner_notice_date", "inner_notice_scope", "inner_notice_file")
WITHOUT_NOTICE = "本单位通报情况 必填 (R7¶1)"


def self_check_in_order(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Raises InvalidData, keyed by field."""
    if call.act != "complete" or call.instance.process_id != "unit_self_check":
        return
    if TOLD_WITHIN in rules_of(call.node):
        told = submitted(session, call.instance.id, NOTICE_TASK)
        if not all(told.get(name) for name in NEEDED):
            raise InvalidData({"inner_notice_file": [WITHOUT_NOTICE]})
    if "dcs_review" in call.data and call.task.element_id == "ut_review":
        _review(call)


def _review(call: GuardCall) -> None:
    found = bool(mismatches_of(rows_of(call.data.get("spot_checks"))))
    if call.data["dcs_review"] == "抽查不符" and not found:
        raise InvalidData({"spot_checks": ["审核结论是抽查不符：请写明抽查了哪一项、与所报哪里不符。"]})
    if call.data["dcs_review"] == "通过" and found:
        raise InvalidData({"dcs_review": ["抽查有不符的指标，不能通过：请选“抽查不符”或“退回补充”。"]})
