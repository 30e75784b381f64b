"""What a template of a document may use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.instance.context import ServiceCall
from supervision.case.find import case_concerned
from supervision.case.table import Case
from supervision.document.words import cn_date
from supervision.house import House
from supervision.organisation.units import unit_name
from supervision.setting import get_setting

LETTERHEAD = "推行政务公开工作领导小组督查室"
"""Stands above the documents of 督查室, after the district's name."""


def variables(house: House, session: Session, call: ServiceCall, now: datetime) -> dict[str, Any]:
    """What a template may use: the process variables, the case, the district, dates in words.

    `due("KEY")` is the day a rule starting today would end; `due_on` the day a person set for the unit.
    """
    case = case_concerned(session, call.instance_id, call.data)
    lead = case.lead_unit if case else None
    district = str(get_setting(session, "district", ""))
    issuing = issuing_body(session, case)
    own: dict[str, Any] = {
        "district": district,
        "issuing_body": issuing,
        "letterhead": issuing if case and case.handler != "DCS" else f"{district}{LETTERHEAD}",
        "today": cn_date(now),
        "due_on": call.data.get("due") or "",
        "lead_unit_name": unit_name(session, str(call.data.get("lead_unit") or lead or "")),
    }
    if case is not None:
        own |= {
            "complaint_no": case.number,
            "received_on": case.received_on.isoformat(),
            "target_unit_name": case.target_unit_name,
            "matter_type": case.matter_type,
            "extract": case.extract,
            "handler_name": unit_name(session, case.handler),
            "category": case.category,
            "conclusion": case.conclusion,
        }
    given = {name: value for name, value in call.data.items() if value not in (None, "")}
    return {**own, **given, "due": lambda key: house.due_in_words(session, key, now)}


def issuing_body(session: Session, case: Case | None) -> str:
    """Who issues: the district's own body, and the one above it in a case against 领导小组 (AV-6)."""
    if case is not None and case.handler == "UP":
        return unit_name(session, "UP")
    return str(get_setting(session, "issuing_body", "区政府办公室"))
