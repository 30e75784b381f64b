"""Service topics of 年度报告: a unit's figures are prepared and kept, the district's are added up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import StepFailed
from engine.instance.context import Handler, ServiceCall
from supervision.yearly.figures import confirmed, figures_of, keep, total_of

KEYS = (
    "rules_made", "rules_abolished", "rules_valid", "normdocs_made", "normdocs_abolished", "normdocs_valid",
    "licence_decisions", "penalty_decisions", "coercion_decisions", "fee_amount", "applications",
    "reconsideration", "litigation_direct", "litigation_after", "info_fee", "problems", "improvements",
)  # fmt: skip
"""Fields of F-P2-2. Source: 政府信息公开条例第五十条."""


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {"yearly.prepare": prepare, "yearly.keep": keep_figures, "yearly.collect": collect}


def prepare(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads unit_code and the year the report is about. Returns before: what the unit gave already."""
    return {"before": figures_of(session, str(call.data.get("unit_code") or ""), year_of(call))}


def keep_figures(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads unit_code and the fields of F-P2-2; property `confirmed=true` says that the unit stands by them.

    Returns confirmed_on, '' where it does not.
    """
    on = date_of(now) if call.properties.get("confirmed") == "true" else None
    figures = {key: call.data[key] for key in KEYS if call.data.get(key) is not None}
    keep(session, call.instance_id, str(call.data.get("unit_code") or ""), year_of(call), figures, on)
    return {"confirmed_on": on.isoformat() if on else ""}


def collect(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Adds up what units confirmed. Returns year_total (as F-P2-2) and year_words, a sentence."""
    rows = confirmed(session, year_of(call))
    total = total_of(row.figures for row in rows)
    return {"year_total": total, "year_words": f"{year_of(call)} 年度：已汇总 {len(rows)} 个单位确认的数据"}


def year_of(call: ServiceCall) -> int:
    """The year a report is about: the one before that in which it is made; of a self-check its own.

    Variable `report_year` says it. Raises StepFailed.
    """
    text = str(call.data.get("report_year") or "")
    if not text.isdigit():
        raise StepFailed(call.element_id, f"变量 report_year 应为年度，例如 2026，但是“{text}”", call.data)
    return int(text)
