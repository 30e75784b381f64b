"""Service topics of 单位自查 and 半年自查. Each says what it reads and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.instance.context import Handler, ServiceCall
from engine.store.tables import Deadline, Instance
from supervision.inspection.checklist import Checklist
from supervision.inspection.versions import checklist_of, version_in_force
from supervision.organisation.units import unit_name
from supervision.self_check import rows
from supervision.self_check.find import demand, previous
from supervision.self_check.summary import follow, summary
from supervision.self_check.table import SelfCheckReport

PERIOD = "SC-DUE"


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {
        "self_check.prepare": prepare,
        "self_check.received": received,
        "self_check.settled": settled,
        "self_check.summary": summary,
        "self_check.follow": follow,
    }


def prepare(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads label, unit_code. Returns half (H1, H2), report_year (text), last_rows: what the unit had not put
    right in the half-year before, per item.
    """
    label = str(call.data.get("label") or "")
    before = previous(session, str(call.data.get("unit_code") or ""), label)
    return {
        "half": "H2" if label.endswith("H2") else "H1",
        "report_year": label[:4] if label[:4].isdigit() else str(date_of(now).year),
        "last_rows": rows.last_rows(before.problems if before else ()),
    }


def received(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """The report came, or its supplement: reads items, inner_notice_no, inner_notice_date and _scope.

    Returns submitted_on (of the first), self_total, problem_words.
    """
    data = call.data
    items = rows.rows_of(data.get("items"))
    row = session.get(SelfCheckReport, call.instance_id) or _new(session, call, now)
    row.self_total = rows.total(_checklist(session, call, now), rows.scores_of(items))
    row.problems = rows.problems_of(items)
    row.inner_notice = {name: str(data.get(f"inner_notice_{name}") or "") for name in rows.NOTICE}
    session.flush()
    named = [f"{one['item_id']} {one['problem']}（{one['fix_plan']}）" for one in row.problems]
    return {
        "submitted_on": row.submitted_on.isoformat(),
        "self_total": row.self_total,
        "problem_words": "\n".join(named) or "单位没有报告问题。",
    }


def settled(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """The review ended: reads items, spot_checks, dcs_review.

    Returns verified_total, and open_problems: a row fact, clause, requirement, due per problem that is left,
    each of which becomes a 整改 of its own.
    """
    row, checklist = demand(session, call.instance_id), _checklist(session, call, now)
    samples = rows.rows_of(call.data.get("spot_checks"))
    own = rows.scores_of(rows.rows_of(call.data.get("items")))
    row.verified_total = rows.total(checklist, rows.checked(own, samples))
    row.mismatches = rows.mismatches_of(samples)
    row.review, row.reviewed_at = str(call.data.get("dcs_review") or ""), now
    session.flush()
    return {
        "verified_total": row.verified_total, "open_problems": rows.to_rectify(checklist, row.problems),
    }  # fmt: skip


def _new(session: Session, call: ServiceCall, now: datetime) -> SelfCheckReport:
    due_on = session.scalar(
        select(Deadline.due_on).where(Deadline.instance_id == call.instance_id, Deadline.key == PERIOD)
    )
    code, on = str(call.data.get("unit_code") or ""), date_of(now)
    row = SelfCheckReport(
        child_id=call.instance_id,
        self_check_id=session.get_one(Instance, call.instance_id).cause_id or "",
        period=str(call.data.get("label") or ""), unit_code=code, unit_name=unit_name(session, code),
        duty=str(call.data.get("self_check_duty") or ""), submitted_on=on,
        on_time=due_on is None or on <= due_on, problems=[], mismatches=[], inner_notice={},
    )  # fmt: skip
    session.add(row)
    return row


def _checklist(session: Session, call: ServiceCall, now: datetime) -> Checklist:
    """The version in force on the day of the cycle: the one whose items the form asks."""
    day = str(call.data.get("cycle_on") or "")[:10]
    on = date.fromisoformat(day) if day else date_of(now)
    return checklist_of(session, str(call.data.get("checklist_version") or version_in_force(session, on)))
