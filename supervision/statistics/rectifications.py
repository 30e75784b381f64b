"""整改: 应改, 已改, 按期, 一次验收合格率, 反弹率. Source: R14; DOMAIN 8.1."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from supervision.rectification.table import Rectification
from supervision.statistics.figure import Figure, Period, count, ratio


def opened(session: Session, period: Period, unit: str | None) -> Figure:
    """应改: opened in the period; what a 复核 made needless is taken off."""
    return count(row.instance_id for row in _opened(session, period, unit))


def corrected(session: Session, period: Period, unit: str | None) -> Figure:
    """整改率: found 合格 ÷ opened in the period."""
    rows = _opened(session, period, unit)
    return ratio((r.instance_id for r in rows if r.result == "合格"), (r.instance_id for r in rows))


def reported_on_time(session: Session, period: Period, unit: str | None) -> Figure:
    """整改按期率: first report in time ÷ reported in the period, or ended without a report in it."""
    rows = [
        row
        for row in _all(session, unit)
        if period.holds(row.reported_on) or (row.result == "逾期未报" and period.holds(row.closed_on))
    ]
    kept = (row.instance_id for row in rows if row.on_time and row.reported_on)
    return ratio(kept, (row.instance_id for row in rows))


def passed_at_once(session: Session, period: Period, unit: str | None) -> Figure:
    """一次验收合格率: found 合格 without 再整改 ÷ verified to an end in the period."""
    rows = [
        row
        for row in _all(session, unit)
        if row.reported_on and row.result in ("合格", "不合格") and period.holds(row.closed_on)
    ]
    once = (r.instance_id for r in rows if r.rounds == 0 and (r.result == "合格" or r.lookback))
    return ratio(once, (row.instance_id for row in rows))


def relapsed(session: Session, period: Period, unit: str | None) -> Figure:
    """反弹率: came back ÷ looked at again, of those opened in the period."""
    rows = [row for row in _opened(session, period, unit) if row.lookback]
    return ratio((r.instance_id for r in rows if r.lookback == "反弹"), (r.instance_id for r in rows))


def _all(session: Session, unit: str | None) -> Sequence[Rectification]:
    query = select(Rectification).order_by(Rectification.rect_no)
    return session.scalars(query.where(Rectification.unit_code == unit) if unit else query).all()


def _opened(session: Session, period: Period, unit: str | None) -> list[Rectification]:
    return [row for row in _all(session, unit) if row.result != "无需整改" and period.holds(row.opened_on)]
