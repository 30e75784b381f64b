"""办结: how a case ended, and the sentence the complainant reads about it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from supervision.case.find import merged_into
from supervision.case.table import Case

SENTENCES = {
    "不予受理": "您反映的事项不在受理范围内，理由、应当向哪里反映以及救济途径见告知书。",
    "不再受理": "您反映的事项已经终结且没有新的情况，不再受理，理由和救济途径见告知书。",
    "已转送": "您反映的事项已转送有权处理的机关，由该机关答复您。",
    "已移送": "您反映的事项已依法移送有关机关处理。",
    "已并案": "您反映的事项与另一件投诉相同，已合并办理，结果会显示在这里。",
    "已引导": "您要的是具体的政府信息，请按告知的方式向有关单位申请公开。",
    "视为放弃": "在补正期限内没有收到补充材料，本件视为放弃。如有新的材料，可以重新投诉。",
    "登记存查": "您反映的情况已登记。因没有具体线索，暂不能核查；如有具体线索，可以重新投诉。",
    "已撤回": "您已撤回投诉，办理终止。",
    "复核中": "您申请的复核已交由未参与原处理的人员办理。",
}
"""Outcome → what the query page says. One that has a reply of its own shows that instead."""


def close(session: Session, case: Case, outcome: str, data: Mapping[str, Any], now: datetime) -> None:
    """Closes the case; cases merged into it get its result."""
    case.outcome = case.status = outcome[:20]
    case.closed_at = now
    if outcome == "已答复":
        case.replied_on = case.replied_on or date_of(now)
    if not case.outcome_text:
        case.outcome_text = str(data.get("answer") or data.get("reply") or SENTENCES.get(outcome, ""))
    share(session, case)
    session.flush()


def reply(session: Session, case: Case, text: str, on: date) -> None:
    """The result reached the complainant, by a document or on the query page."""
    case.replied_on, case.status = on, "已答复"
    case.outcome_text = text or case.outcome_text
    share(session, case)


def accept(case: Case, now: datetime) -> None:
    """受理, once."""
    case.accepted_on = case.accepted_on or date_of(now)
    case.status = "办理中"


def share(session: Session, master: Case) -> None:
    """Copies the result to the cases that were merged into this one (并案).

    The day of a letter of their own stays: it is their complainant who got it then.
    """
    if not (master.replied_on or master.closed_at):
        return
    for child in merged_into(session, master):
        child.outcome_text = master.outcome_text
        child.conclusion, child.published_on = master.conclusion, master.published_on
        child.replied_on = child.replied_on or master.replied_on
