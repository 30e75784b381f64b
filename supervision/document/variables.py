"""What a template of a document may use."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.instance.context import ServiceCall
from supervision.case.assign import UNIT_ITSELF
from supervision.case.find import case_concerned
from supervision.case.table import Case
from supervision.document.word.environment import BLANK
from supervision.document.words import cn_date
from supervision.house import House
from supervision.organisation.units import channels, find_unit, unit_name
from supervision.setting import get_setting


def variables(house: House, session: Session, call: ServiceCall, now: datetime) -> dict[str, Any]:
    """What a template may use: the process variables, the case, the district, dates in words.

    `unit("CODE")` is a unit's name, `due("KEY", start)` the day a rule ends that starts then, without
    `start` today, `period("KEY")` its length, `due_on` the day a person set for the unit. The head of a
    document names who issues it, as its foot does.
    """
    case = case_concerned(session, call.instance_id, call.data)
    lead = case.lead_unit if case else None
    district = str(get_setting(session, "district", ""))
    issuing = issuing_body(session, case)
    own: dict[str, Any] = {
        "district": district,
        "issuing_body": issuing,
        "letterhead": issuing,
        "hotline": _hotline(session, case.handler if case else "DCS"),
        "today": cn_date(now),
        "due_on": call.data.get("due") or "",
        "main_to": _main_to(session, call),
        "lead_unit_name": unit_name(session, str(call.data.get("lead_unit") or lead or "")),
    }
    if code := call.data.get("unit_code"):
        own["unit_name"] = unit_name(session, str(code))
    if case is not None:
        own |= {
            "case_no": case.number,
            "complaint_no": case.number,
            "received_on": case.received_on.isoformat(),
            "target_unit_name": case.target_unit_name,
            "target": case.target_unit_name if find_unit(session, case.target_unit) else "有关单位",
            "matter_type": case.matter_type,
            "extract": case.extract,
            "handler_name": unit_name(session, case.handler),
            "category": case.category,
            "conclusion": case.conclusion,
        }
    given = {name: value for name, value in call.data.items() if value not in (None, "")}
    return {
        **own,
        **given,
        "due": lambda key, start="": house.due_in_words(session, key, _day(start) or now),
        "unit": lambda code: unit_name(session, code),
        "period": lambda key: house.period_in_words(session, key),
    }


def _main_to(session: Session, call: ServiceCall) -> str:
    """主送: `recipients` (names, or codes of units), else the unit or the person the process is about."""
    given = call.data.get("recipients") or call.data.get("unit_code") or call.data.get("subject_name") or ()
    names = [given] if isinstance(given, str) else given
    return "、".join(_name(session, str(one)) for one in names if one) or f"{BLANK}主送】"


def _name(session: Session, given: str) -> str:
    return unit_name(session, given) if find_unit(session, given) else given


def _hotline(session: Session, handler: str) -> str:
    """The telephone of the body that handles the case, if it has one for the public."""
    lines = channels(session, "投诉电话")
    return next((line.address for line in lines if line.unit_code == handler), "")


def _day(value: object) -> date | None:
    """Of ISO text; None of nothing, and of a blank that is still to be filled in."""
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None


def issuing_body(session: Session, case: Case | None) -> str:
    """Who issues: the district's own body, the one above it in a case against 领导小组 (AV-6), or the unit
    itself where it deals with its own people (R12)."""
    if case is not None and case.handler == "UP":
        return unit_name(session, "UP")
    if case is not None and case.handler == UNIT_ITSELF:
        return case.target_unit_name
    return str(get_setting(session, "issuing_body", "区政府办公室"))
