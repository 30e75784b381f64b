"""Opens a case beside its instance: number, row, title, scopes, in the transaction that starts it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.store.tables import Instance
from supervision.case import scopes
from supervision.case.find import RECUSAL, case_of_deadline, find_case, related_case
from supervision.case.series import letters_of, numbered
from supervision.case.table import Case
from supervision.organisation.scope import ONLOOKERS
from supervision.organisation.units import unit_name

SELF_HANDLED = {"DCS": "QZB", "LSG": "UP"}
"""Body complained of → body that handles it instead. Source: DOMAIN AV-6."""

COMPLAINT_REVIEW = "complaint_review"
REVIEWED_BY = {"DCS": "QZB"}
"""Body that handled the complaint → body that reviews the result. Source: DOMAIN P3R, AV-3."""

INHERITED = frozenset(SELF_HANDLED.values())
"""Bodies that go on to handle what follows from a case; a unit that deals with its own does not."""

COMPLAINT = "complaint"
"""The kind of case that comes from the public and has a complainant."""

LETTERS = "TS"
"""Of a complaint whose process.toml names none: its receipt needs a number."""


def open_instance(
    session: Session, instance: Instance, data: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Called for every new instance; returns variables to add. What is no case gets scopes only."""
    letters = letters_of(session, instance.definition_id)
    if instance.process_id == COMPLAINT:
        return _open_complaint(session, instance, letters or LETTERS, data, now)
    if letters:
        return _open_case(session, instance, letters, data, now)
    case = case_of_deadline(session, str(data.get("deadline_id") or ""))
    if case is not None:
        scopes.like(session, instance.id, case.instance_id)
        instance.title = f"{instance.title} {case.number}"
        return {}
    if instance.process_id == RECUSAL:
        return _open_recusal(session, instance, data)
    instance.title = _title(instance.title, data)
    if instance.cause_id:
        scopes.like(session, instance.id, instance.cause_id)
    else:
        scopes.allow(session, instance.id, ("body:DCS", *ONLOOKERS.values()))
    return {}


def _open_recusal(session: Session, instance: Instance, data: Mapping[str, Any]) -> dict[str, Any]:
    """Seen by who handles the case, never by a unit that takes part: a reason tells of somebody's family."""
    case = related_case(session, instance, data)
    if case is None:
        scopes.allow(session, instance.id, ("body:DCS", *ONLOOKERS.values()))
        return {}
    scopes.handled_by(session, instance.id, case.handler)
    instance.title = f"{instance.title} {case.number}"
    return {"case_no": case.number, "handler": case.handler}


def _title(name: str, data: Mapping[str, Any]) -> str:
    """Says of which period and which unit it is: 单位自查 2026H1 区教育局."""
    parts = (name, *(str(data.get(part) or "") for part in ("label", "unit_name")))
    return " ".join(part for part in parts if part)[:300]


def _open_case(
    session: Session, instance: Instance, letters: str, data: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    """Any case but a complaint; it is about the unit `unit_code`, if about one.

    Only who handles it sees it at first, and not who sees the case it follows from: a unit that answers a
    complaint does not see that 问责 began. Whoever must not handle the one (AV-6) does not handle the other.
    """
    unit = str(data.get("unit_code") or "")
    name = str(data.get("unit_name") or "") or unit_name(session, unit)
    cause = find_case(session, instance.cause_id) if instance.cause_id else None
    inherited = cause.handler if cause is not None and cause.handler in INHERITED else "DCS"
    handler = SELF_HANDLED.get(unit) or inherited
    if instance.process_id == COMPLAINT_REVIEW:
        handler = REVIEWED_BY.get(handler, handler)
    case = _case(session, instance, letters, handler, now)
    case.channel = str(data.get("source") or "")[:20]
    case.target_unit, case.target_unit_name, case.status = unit, name, "办理中"
    session.add(case)
    if not instance.business_key.startswith(f"{instance.process_id}:"):  # a cycle's own key holds it once
        instance.business_key = case.number
    instance.title = f"{case.number} {_title(instance.title, {**data, 'unit_name': name})}"[:300]
    session.flush()
    scopes.handled_by(session, instance.id, handler)
    return {"case_no": case.number, "handler": handler, "unit_name": name}


def _open_complaint(
    session: Session, instance: Instance, letters: str, data: Mapping[str, Any], now: datetime
) -> dict[str, Any]:
    target = str(data.get("target_unit") or "")
    name = str(data.get("target_unit_name") or "") or unit_name(session, target)
    handler = SELF_HANDLED.get(target, "DCS")
    case = _case(session, instance, letters, handler, now)
    case.channel = str(data.get("channel") or "")
    case.identity_mode = str(data.get("identity_mode") or "")
    case.reply_mode = str(data.get("reply_mode") or "")
    case.matter_type = str(data.get("matter_type") or "")
    case.topics = list(data.get("topics") or [])
    case.target_unit, case.target_unit_name = target, name
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


def _case(session: Session, instance: Instance, letters: str, handler: str, now: datetime) -> Case:
    return Case(
        instance_id=instance.id,
        number=numbered(session, instance.process_id, letters, now),
        kind=instance.process_id,
        topics=[],
        co_units=[],
        handler=handler,
        received_at=now,
        received_on=date_of(now),
    )
