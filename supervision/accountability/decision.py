"""Who decided what about whom, and the document that says so."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import StepFailed
from engine.instance.context import ServiceCall
from supervision.accountability.find import as_variables, respondent_of, respondents_of
from supervision.accountability.ready import DECIDED
from supervision.accountability.rules import DISCIPLINE, Rules
from supervision.accountability.table import Execution, Meeting
from supervision.case.deeds import last_who_completed

PERMANENT = ("予以问责", "免予问责", "不予问责", "撤销案件", "移送")


def state(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """How the respondents stand, for gateways and loops.

    Returns respondents, to_tell, outcomes, max_level, measures_all, defence_closed, collective, hand_over.
    """
    rows = respondents_of(session, call.instance_id)
    to_tell = [
        row for row in rows if not row.defence or (row.new_facts and rules.heavier(row.final, row.told))
    ]
    outcomes = [row.outcome for row in rows]
    return {
        "respondents": [as_variables(session, row) for row in rows],
        "to_tell": [as_variables(session, row) for row in to_tell],
        "outcomes": outcomes,
        "max_level": max((rules.level_no(row.level) for row in rows), default=0),
        "measures_all": sorted({measure for row in rows for measure in row.final}),
        "defence_closed": all(bool(row.defence) for row in rows),
        "collective": any(rules.collective(row.level, row.final) for row in rows),
        "hand_over": any(
            row.crime_suspected or outcome == "移送" for row, outcome in zip(rows, outcomes, strict=True)
        ),
    }


def decide(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Takes the form of 集体讨论 (F-AC-5) or of the head (F-AC-8) over; guards have looked at it.

    Returns decided (those who get a document), accountable, supplement, supplement_round.
    """
    data = call.data
    alone = call.properties.get("kind") == "负责人决定"
    decisions = {str(one.get("name")): str(one.get("decision")) for one in data.get("decisions") or []}
    held_on = date.fromisoformat(str(data.get("decided_on" if alone else "held_on"))[:10])
    session.add(
        Meeting(
            id=uuid.uuid4().hex, instance_id=call.instance_id, kind="负责人决定" if alone else "集体讨论",
            held_on=held_on, chair=str(data.get("decider" if alone else "chair") or ""),
            attendees=[] if alone else list(data.get("attendees") or []),
            recused=[] if alone else list(data.get("recused") or []),
            principles=list(data.get("principles") or []),
            views=[] if alone else list(data.get("views") or []),
            votes=[] if alone else list(data.get("votes") or []), decisions=list(data.get("decisions") or []),
            recorded_at=now,
            recorded_by=last_who_completed(session, call.instance_id, ("ut_meeting", "ut_head_decide")) or "",
        )
    )  # fmt: skip
    rows = respondents_of(session, call.instance_id)
    for row in rows:
        row.decision = decisions.get(row.name, "")
        if not row.decision:
            raise StepFailed(call.element_id, f"没有对{row.name}作出决定", data)
        if row.decision != DECIDED:
            row.final = []
    session.flush()
    again = any(row.decision == "补充调查" for row in rows)
    rounds = int(data.get("supplement_round") or 0)
    return {
        "decided": [as_variables(session, row) for row in rows if row.decision != "移送"],
        "accountable": [as_variables(session, row) for row in rows if row.decision == DECIDED],
        "decisions_made": sorted({row.decision for row in rows}),
        "supplement": again and rounds < rules.supplements,
        "supplement_round": rounds + 1 if again else rounds,
        "hand_over": any(row.decision == "移送" or row.crime_suspected for row in rows),
    }


def issued(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """The decision took effect: reads doc_id, doc_no, served_on; opens what is to be carried out.

    Returns respondent, executions (measure by measure).
    """
    row = respondent_of(session, call)
    row.decision_doc, row.decision_no = str(call.data.get("doc_id") or ""), str(call.data.get("doc_no") or "")
    row.decided_on = _day(call.data.get("issued_on")) or date_of(now)
    row.served_on = _day(call.data.get("served_on"))
    measures = row.final if row.decision == DECIDED else []
    for measure in measures:
        session.add(
            Execution(
                id=uuid.uuid4().hex, instance_id=row.instance_id, respondent_id=row.id, measure=measure,
                state="open", detail={},
            )
        )  # fmt: skip
    session.flush()
    return {
        "respondent": as_variables(session, row),
        "measures": list(measures),
        "decision_no": row.decision_no,
        "served_on": row.served_on.isoformat() if row.served_on else "",
        "discipline": DISCIPLINE in measures,
    }


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
