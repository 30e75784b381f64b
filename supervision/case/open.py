"""Opens a case beside its instance: number, row, title, scopes, in the transaction that starts it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.tables import Instance
from supervision.case import scopes
from supervision.case.find import case_of_deadline
from supervision.case.series import PREFIX, next_number
from supervision.case.table import Case
from supervision.organisation.scope import ONLOOKERS
from supervision.organisation.units import unit_name

SELF_HANDLED = {"DCS": "QZB", "LSG": "UP"}
"""Body complained of → body that handles it instead. Source: DOMAIN AV-6."""


def open_instance(
    session: Session, instance: Instance, data: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Called for every new instance; returns variables to add. What is no case gets scopes only."""
    if instance.process_id in PREFIX:
        return _open_case(session, instance, data, now)
    case = case_of_deadline(session, str(data.get("deadline_id") or ""))
    if case is not None:
        scopes.like(session, instance.id, case.instance_id)
        instance.title = f"{instance.title} {case.number}"
        return {}
    instance.title = _title(instance.title, data)
    if instance.cause_id:
        scopes.like(session, instance.id, instance.cause_id)
    else:
        scopes.allow(session, instance.id, ("body:DCS", *ONLOOKERS.values()))
    return {}


def _title(name: str, data: Mapping[str, Any]) -> str:
    """Says of which period and which unit it is: 单位自查 2026H1 区教育局."""
    parts = (name, *(str(data.get(part) or "") for part in ("label", "unit_name")))
    return " ".join(part for part in parts if part)[:300]


def _open_case(
    session: Session, instance: Instance, data: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    target = str(data.get("target_unit") or "")
    name = str(data.get("target_unit_name") or "") or unit_name(session, target)
    handler = SELF_HANDLED.get(target, "DCS")
    case = Case(
        instance_id=instance.id,
        number=next_number(session, instance.process_id, now),
        kind=instance.process_id,
        channel=str(data.get("channel") or ""),
        identity_mode=str(data.get("identity_mode") or ""),
        reply_mode=str(data.get("reply_mode") or ""),
        matter_type=str(data.get("matter_type") or ""),
        topics=list(data.get("topics") or []),
        target_unit=target,
        target_unit_name=name,
        handler=handler,
        co_units=[],
        received_at=now,
        received_on=date_of(now),
    )
    session.add(case)
    instance.business_key = case.number
    instance.title = f"{case.number} {case.matter_type or '投诉'} {name}".strip()
    session.flush()
    scopes.handled_by(session, instance.id, handler)
    return {
        "complaint_no": case.number,
        "received_on": case.received_on.isoformat(),
        "target_unit_name": name,
        "handler": handler,
    }
