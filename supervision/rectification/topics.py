"""Service topics of a 整改's diagram. Each says what it reads and what it returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.instance.context import Handler, ServiceCall
from engine.store.tables import Deadline
from supervision.case import outcome
from supervision.case.find import case_of
from supervision.rectification.failed import FAILED, PERIODS, UNREPORTED
from supervision.rectification.find import demand
from supervision.rectification.opening import addressees, items_of, open_row
from supervision.rectification.table import Rectification

PASSED, NEEDLESS, RELAPSED, LONG = "合格", "无需整改", "反弹", "需长期整改"
ENDS = {PASSED: "已销号", FAILED: "整改不合格", UNREPORTED: "逾期未报", NEEDLESS: "无需整改"}
"""Result → how the case ended."""


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {
        "rectification.open": open_row,
        "rectification.items": set_items,
        "rectification.reported": reported,
        "rectification.closed": closed,
        "rectification.looked_back": looked_back,
    }


def set_items(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """What the clerk settled: reads items, report_to. Returns both, completed by what the law demands."""
    row = demand(session, call.instance_id)
    row.items = items_of(call.data.get("items"))
    row.report_to = addressees(row.source, call.data.get("report_to") or row.report_to)
    session.flush()
    return {"items": row.items, "report_to": row.report_to}


def reported(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """The report came. Reads round. Returns reported_on, and long_items: items that need longer."""
    row = demand(session, call.instance_id)
    row.rounds = int(call.data.get("rounds") or 0)
    if row.reported_on is None:
        row.reported_on, row.on_time = date_of(now), _in_time(session, row)
    session.flush()
    rows = call.data.get("results")
    reports = [entry for entry in rows if isinstance(entry, Mapping)] if isinstance(rows, list) else []
    longer = [str(entry.get("item") or "") for entry in reports if entry.get("result") == LONG]
    return {"reported_on": date_of(now).isoformat(), "long_items": longer}


def closed(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """销号, or what else ended it: property `result`, or ``rect_result`` of the data without it.

    Returns rect_result, closed_on.
    """
    row, case = demand(session, call.instance_id), case_of(session, call.instance_id)
    row.result = call.properties.get("result") or str(call.data.get("rect_result") or FAILED)
    row.rounds = int(call.data.get("rounds") or 0)
    row.closed_on = date_of(now)
    _note_results(row, call.data.get("verified"))
    outcome.close(session, case, ENDS.get(row.result, row.result), call.data, now)
    return {"rect_result": row.result, "closed_on": row.closed_on.isoformat()}


def looked_back(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """回头看: reads lookback. What came back was not put right (不合格). Returns rect_result."""
    row = demand(session, call.instance_id)
    row.lookback = str(call.data.get("lookback") or "")[:10]
    if row.lookback == RELAPSED:
        row.result = FAILED
    session.flush()
    return {"rect_result": row.result}


def _in_time(session: Session, row: Rectification) -> bool:
    """Whether the period of the report was kept: its row ended before its instant."""
    last = session.scalars(
        select(Deadline)
        .where(Deadline.instance_id == row.instance_id, Deadline.key.in_(PERIODS))
        .order_by(Deadline.started_at.desc())
    ).first()
    return last is None or last.finished_at is None or last.finished_at < last.due_at


def _note_results(row: Rectification, verified: Any) -> None:
    """Adds to each item what was found of it."""
    found = [entry for entry in verified if isinstance(entry, Mapping)] if isinstance(verified, list) else []
    by_fact = {str(entry.get("item")): str(entry.get("result")) for entry in found}
    row.items = [{**item, "result": by_fact.get(item["fact"], item.get("result", ""))} for item in row.items]
