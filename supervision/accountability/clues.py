"""线索: registering one, and telling where it came from what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.history.append import append
from engine.instance.context import ServiceCall
from supervision.accountability.rules import Rules
from supervision.accountability.table import Clue
from supervision.case.find import case_by_number
from supervision.case.series import numbered
from supervision.identity.access import ENTITLED
from supervision.notice import holders, notify


def register(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads what msg_clue brought, or nothing where a clerk began. A clue that has a number keeps it.

    Returns clue_no, and what the tables of the process need: optional_rules, person_measures_by_lsg.
    """
    grounds = call.data.get("grounds")
    number = str(call.data.get("clue_no") or "") or numbered(session, "clue", "XS", now)
    session.add(
        Clue(
            instance_id=call.instance_id,
            number=number,
            source_process=str(call.data.get("source_process") or "")[:60],
            source_case_no=str(call.data.get("source_case_no") or "")[:60],
            unit_code=str(call.data.get("unit_code") or "")[:40],
            grounds=[str(ground) for ground in grounds] if isinstance(grounds, list) else [],
            rect_no=str(call.data.get("rect_no") or "")[:40],
            summary=str(call.data.get("summary") or ""),
            registered_at=now,
        )
    )
    session.flush()
    return {
        "clue_no": number,
        "clue_on": now.isoformat(),
        "supplement_round": 0,
        "optional_rules": list(rules.optional_rules),
        "person_measures_by_lsg": rules.setting(session, "person_measures_by_lsg"),
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
