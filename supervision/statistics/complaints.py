"""投诉: 受理, 办结, 按期, 延期, 重办, 改派, 公开, 属实, 满意. Source: R7¶2, R8(8); DOMAIN 8.1."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.store.tables import Deadline
from supervision.case.deeds import all_submitted, submitted
from supervision.case.table import Case
from supervision.publication.table import Publication
from supervision.statistics.figure import Figure, Period, count, ratio

HANDLING = ("CP-HANDLE", "CP-XF")
"""Rules of the handling period."""
NOT_COUNTED = ("已并案", "已引导", "登记存查")
"""Outcomes that are taken off what was registered: nothing of them could be accepted."""
TRUE, CONTENT, ANSWERED = ("属实", "部分属实"), ("满意", "基本满意"), ("满意", "基本满意", "不满意")


def registered(session: Session, period: Period, unit: str | None) -> Figure:
    """登记数: complaints that came in the period."""
    return count(case.instance_id for case in _came(session, period, unit))


def acceptance(session: Session, period: Period, unit: str | None) -> Figure:
    """受理率: accepted ÷ registered less 合并, 引导, 存查, of those that came in the period."""
    came = [case for case in _came(session, period, unit) if case.outcome not in NOT_COUNTED]
    return ratio((c.instance_id for c in came if c.accepted_on), (c.instance_id for c in came))


def completion(session: Session, period: Period, unit: str | None) -> Figure:
    """办结率: closed ÷ accepted and due, or closed, in the period; closed later does not count."""
    due = {row.instance_id for row in _periods(session, period, unit)}
    cases = [c for c in _all(session, unit) if c.accepted_on]
    of = [c for c in cases if c.instance_id in due or period.holds(c.closed_at)]
    until = Period(period.since.min, period.until)
    return ratio((c.instance_id for c in of if until.holds(c.closed_at)), (c.instance_id for c in of))


def punctuality(session: Session, period: Period, unit: str | None) -> Figure:
    """按期率: handled in time ÷ due in the period; open and overdue is late, extended in time is in time."""
    rows = _periods(session, period, unit)
    kept = (row for row in rows if row.finished_at is not None and row.finished_at < row.due_at)
    return ratio((row.instance_id for row in kept), (row.instance_id for row in rows))


def extended(session: Session, period: Period, unit: str | None) -> Figure:
    """延期率: closed complaints whose handling period was extended ÷ closed in the period."""
    closed = _closed(session, period, unit)
    ids = {case.instance_id for case in closed}
    longer = set(
        session.scalars(
            select(Deadline.instance_id).where(
                Deadline.instance_id.in_(ids), Deadline.key.in_(HANDLING), Deadline.extensions > 0
            )
        )
    )
    return ratio(sorted(longer), (case.instance_id for case in closed))


def redone(session: Session, period: Period, unit: str | None) -> Figure:
    """退回重办率: closed complaints whose unit had to handle them again ÷ closed in the period."""
    return _answered(session, period, unit, "ut_review_ok", "dcs_review", "退回重办")


def reassigned(session: Session, period: Period, unit: str | None) -> Figure:
    """异议改派率: closed complaints that went to another unit on an objection ÷ closed in the period."""
    return _answered(session, period, unit, "ut_objection", "objection_result", "异议成立改派")


def publicity(session: Session, period: Period, unit: str | None) -> Figure:
    """公开率: results published ÷ decided in the period, less those lawfully not published. Source: R8(8)."""
    decided = [c for c in _all(session, unit) if c.outcome != "已并案" and period.holds(c.decided_on)]
    ids = [case.instance_id for case in decided]
    withheld = set(
        session.scalars(
            select(Publication.instance_id).where(
                Publication.instance_id.in_(ids), Publication.nonpub_ground != ""
            )
        )
    )
    due = [case for case in decided if case.instance_id not in withheld]
    return ratio((c.instance_id for c in due if c.published_on), (c.instance_id for c in due))


def substantiated(session: Session, period: Period, unit: str | None) -> Figure:
    """属实率: (属实 + 部分属实) ÷ closed with a conclusion in the period."""
    closed = [case for case in _closed(session, period, unit) if case.conclusion]
    return ratio((c.instance_id for c in closed if c.conclusion in TRUE), (c.instance_id for c in closed))


def satisfaction(session: Session, period: Period, unit: str | None) -> Figure:
    """满意率: (满意 + 基本满意) ÷ 回访 that reached somebody; an anonymous complainant is never asked."""
    told = {
        case.instance_id: submitted(session, case.instance_id, "ut_callback").get("satisfaction")
        for case in _closed(session, period, unit)
    }
    reached = [of for of, word in told.items() if word in ANSWERED]
    return ratio((of for of in reached if told[of] in CONTENT), reached)


def _answered(
    session: Session, period: Period, unit: str | None, element_id: str, field: str, word: str
) -> Figure:
    """Of the closed complaints those in which a task was, at any time, answered so."""
    ids = [case.instance_id for case in _closed(session, period, unit)]
    return ratio(
        (of for of in ids if any(told.get(field) == word for told in all_submitted(session, of, element_id))),
        ids,
    )


def _all(session: Session, unit: str | None) -> Sequence[Case]:
    query = select(Case).where(Case.kind == "complaint").order_by(Case.number)
    if unit:
        query = query.where(or_(Case.target_unit == unit, Case.lead_unit == unit))
    return session.scalars(query).all()


def _came(session: Session, period: Period, unit: str | None) -> list[Case]:
    return [case for case in _all(session, unit) if period.holds(case.received_on)]


def _closed(session: Session, period: Period, unit: str | None) -> list[Case]:
    """Accepted and closed; what was merged into another is counted there."""
    return [
        case
        for case in _all(session, unit)
        if case.accepted_on and case.outcome != "已并案" and period.holds(case.closed_at)
    ]


def _periods(session: Session, period: Period, unit: str | None) -> list[Deadline]:
    """The handling period of each complaint that ended in the period: of several rows of one the last."""
    ids = [case.instance_id for case in _all(session, unit)]
    rows = session.scalars(
        select(Deadline)
        .where(
            Deadline.instance_id.in_(ids), Deadline.key.in_(HANDLING), Deadline.status != "cancelled",
            Deadline.status != "suspended",
        )
        .order_by(Deadline.started_at)
    )  # fmt: skip
    last = {row.instance_id: row for row in rows}
    return [row for row in last.values() if period.holds(row.due_on)]
