"""Service topics of 问责. Each handler says what it reads and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import InvalidData, StepFailed
from engine.instance.context import Handler, ServiceCall
from engine.store.tables import Instance
from supervision.accountability import clues, decision, defence, execution, file
from supervision.accountability.find import numbered, respondent_of, respondents_of
from supervision.accountability.rules import Rules, read_rules
from supervision.accountability.table import Execution
from supervision.case import scopes
from supervision.case.assign import UNIT_ITSELF
from supervision.case.find import case_of
from supervision.case.table import Case, CaseLink
from supervision.house import House

OWN_UNIT, GROUP = "行为人所在单位", "领导小组"
REVIEW = "复核"

Ruled = Callable[[Rules, Session, ServiceCall, datetime], Mapping[str, Any]]
"""A handler that asks the rules of the process."""


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler."""

    def ruled(handler: Ruled) -> Handler:
        """Reads the rules when they are asked for: a district may not have this process."""
        return lambda session, call, now: handler(read_rules(house.templates.folder), session, call, now)

    return {
        "accountability.register": ruled(clues.register),
        "accountability.screened": clues.screened,
        "accountability.answer_source": clues.answer_source,
        "accountability.hand_to": hand_to,
        "accountability.evidence": file.evidence,
        "accountability.respondents": file.name_respondents,
        "accountability.found": ruled(file.found),
        "accountability.propose": ruled(defence.propose),
        "accountability.state": ruled(decision.state),
        "accountability.told": defence.told,
        "accountability.heard": ruled(defence.heard),
        "accountability.decide": ruled(decision.decide),
        "accountability.issued": ruled(decision.issued),
        "accountability.rectified": ruled(execution.rectified),
        "accountability.carried_out": ruled(execution.carried_out),
        "accountability.changed": execution.changed,
        "accountability.standing": ruled(standing),
        "accountability.review_open": review_open,
    }


def hand_to(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Gives the case to the body that is competent (`body`).

    The property `take_over=true` brings it back to 督查室 (提级).

    Returns handler, and body as it now is. Source: R12.
    """
    case = case_of(session, call.instance_id)
    taken_over = call.properties.get("take_over") == "true"
    own = call.data.get("body") == OWN_UNIT and not taken_over
    if own and not case.target_unit:
        raise StepFailed(
            call.element_id, "没有涉事单位，不能交给所在单位：请先在线索研判中选择单位", call.data
        )
    case.lead_unit = case.target_unit if own else None
    if case.handler in ("DCS", UNIT_ITSELF):
        case.handler = UNIT_ITSELF if own else "DCS"
        scopes.handled_by(session, case.instance_id, case.handler)
        if not own:
            scopes.hide(session, case.instance_id, [f"unit:{case.target_unit}"])
    session.flush()
    return {"handler": case.handler, "body": GROUP if taken_over else call.data.get("body")}


def standing(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """死亡、离职、退休: reads respondent_no (序号) and standing; measures that presuppose office fall away.

    Returns nothing. Raises InvalidData on `respondent_no`. Source: 政务处分法第二十七条 (analog).
    """
    rows = respondents_of(session, call.instance_id)
    row = numbered(rows, call.data.get("respondent_no"))
    if row is None:
        known = "、".join(f"{one.position + 1}（{one.name}）" for one in rows) or "还没有"
        raise InvalidData({"respondent_no": [f"本案没有这个序号的对象：现有的是{known}。"]})
    row.standing = str(call.data.get("standing") or "")
    gone = rules.dropped.get(row.standing, ())
    row.proposed = [one for one in row.proposed if one not in gone]
    row.final = [one for one in row.final if one not in gone]
    for measure in session.scalars(select(Execution).where(Execution.respondent_id == row.id)):
        if measure.measure in gone and measure.state == "open":
            measure.state = "revoked"
    session.flush()
    return {}


def review_open(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Whether a 复核 of a decision of this case is under way. Returns review_open."""
    row = respondent_of(session, call)
    found = session.scalar(
        select(Case.instance_id)
        .join(CaseLink, CaseLink.instance_id == Case.instance_id)
        .join(Instance, Instance.id == Case.instance_id)
        .where(
            Case.kind == "accountability_review",
            Case.closed_at.is_(None),
            Instance.status == "active",
            CaseLink.kind == REVIEW,
            CaseLink.other_id == call.instance_id,
        )
        .limit(1)
    )
    return {"review_open": found is not None and not row.changed_by}
