"""线索: registering one, what was found of it at first, and telling where it came from what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.citation import place_of
from engine.history.append import append
from engine.instance.context import ServiceCall
from supervision.accountability.rules import Rules
from supervision.accountability.table import Clue
from supervision.case.find import case_by_number, case_of
from supervision.case.series import numbered
from supervision.identity.access import ENTITLED
from supervision.notice import holders, notify
from supervision.organisation.units import unit_name
from supervision.rectification.failed import failed


def register(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads what msg_clue brought, or nothing where a clerk began. A clue that has a number keeps it.

    Returns what the message may have left out, and what the tables of the process need.
    """
    grounds = _words(call.data.get("grounds"))
    number = str(call.data.get("clue_no") or "") or numbered(session, "clue", "XS", now)
    clue = Clue(
        instance_id=call.instance_id,
        number=number,
        source_process=str(call.data.get("source_process") or "")[:60],
        source_case_no=str(call.data.get("source_case_no") or "")[:60],
        unit_code=str(call.data.get("unit_code") or "")[:40],
        grounds=grounds,
        rect_no=str(call.data.get("rect_no") or "")[:40],
        summary=str(call.data.get("summary") or ""),
        registered_at=now,
    )
    session.add(clue)
    session.flush()
    persons = call.data.get("persons")
    return {
        "clue_no": number,
        "clue_on": now.isoformat(),
        "source_process": clue.source_process,
        "source_case_no": clue.source_case_no,
        "summary": clue.summary,
        "rect_no": clue.rect_no,
        "grounds_unit": [ground for ground in grounds if ground.startswith("R8")],
        "grounds_staff": [ground for ground in grounds if ground.startswith("R9")],
        "persons": persons if isinstance(persons, list) else [],
        "supplement_round": 0,
        "optional_rules": list(rules.optional_rules),
        "person_measures_by_lsg": rules.setting(session, "person_measures_by_lsg"),
        "r10_3_other_members": rules.setting(session, "r10_3_other_members"),
    }


def screened(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """研判 (F-AC-1) is signed: the clue and the case name the unit and the grounds that it found.

    Returns unit_name, grounds, grounds_words, rect_result ('' without a failed 整改).
    """
    case, clue = case_of(session, call.instance_id), session.get_one(Clue, call.instance_id)
    unit = str(call.data.get("unit_code") or "")
    grounds = [*_words(call.data.get("grounds_unit")), *_words(call.data.get("grounds_staff"))]
    clue.unit_code, clue.grounds = unit[:40], grounds
    clue.rect_no = str(call.data.get("rect_no") or "")[:40]
    case.target_unit, case.target_unit_name = unit[:40], unit_name(session, unit)[:100]
    session.flush()
    return {
        "unit_name": case.target_unit_name,
        "grounds": grounds,
        "grounds_words": "、".join(place_of(ground) for ground in grounds),
        "rect_result": (failed(session, clue.rect_no) or "") if clue.rect_no else "",
    }


def answer_source(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Tells the case the clue came from: an entry in its history, and a line to who handles it.

    The property `answer` says what became of it. It holds no name: units may see that case. Returns nothing.
    """
    clue = session.get(Clue, call.instance_id)
    source = case_by_number(session, clue.source_case_no) if clue and clue.source_case_no else None
    if clue is None or source is None:
        return {}
    answer = call.properties.get("answer") or call.name
    append(
        session, source.instance_id, "clue.answered", at=now, actor=call.actor,
        name=call.name, payload={"clue": clue.number, "answer": answer},
    )  # fmt: skip
    people = {login for role in ENTITLED[source.handler] for login in holders(session, role, "", now)}
    notify(
        session, people, f"{source.number} 移交的线索 {clue.number}：{answer}",
        f"/case/{source.instance_id}", now, f"clue:{call.instance_id}:{call.element_id}",
    )  # fmt: skip
    return {}


def _words(given: Any) -> list[str]:
    parts: Sequence[Any] = (
        given if isinstance(given, list) else str(given or "").replace("、", ",").split(",")
    )
    return [str(part).strip() for part in parts if str(part).strip()]
