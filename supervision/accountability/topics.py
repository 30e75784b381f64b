"""Service topics of 问责. Each handler says what it reads and what it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import StepFailed
from engine.instance.context import Handler, ServiceCall
from engine.store.tables import Instance
from supervision.accountability import clues, decision, defence, execution, file
from supervision.accountability.find import respondent_of
from supervision.accountability.rules import Rules, read_rules
from supervision.case import scopes
from supervision.case.assign import UNIT_ITSELF
from supervision.case.find import case_of
from supervision.case.table import Case
from supervision.house import House

OWN_UNIT = "行为人所在单位"

Ruled = Callable[[Rules, Session, ServiceCall, datetime], Mapping[str, Any]]
"""A handler that asks the rules of the process."""


def topics(house: House) -> dict[str, Handler]:
    """Topic → handler."""

    def ruled(handler: Ruled) -> Handler:
        """Reads the rules when they are asked for: a district may not have this process."""
        return lambda session, call, now: handler(read_rules(house.templates.folder), session, call, now)

    return {
        "accountability.register": ruled(clues.register),
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
        "accountability.issued": decision.issued,
        "accountability.carried_out": ruled(execution.carried_out),
        "accountability.changed": execution.changed,
        "accountability.standing": standing,
        "accountability.review_open": review_open,
    }


def hand_to(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Gives the case to the body that is competent (`body`).

    The property `take_over=true` brings it back to 督查室 (提级).

    Returns handler. Source: R12.
    """
    case = case_of(session, call.instance_id)
    own = call.data.get("body") == OWN_UNIT and call.properties.get("take_over") != "true"
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
    return {"handler": case.handler}


def standing(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """死亡、离职、退休: reads respondent and standing.

    Source: 政务处分法第二十七条 (analog).
    """
    row = respondent_of(session, call)
    row.standing = str(call.data.get("standing") or "")
    session.flush()
    return {}


def review_open(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Whether a 复核 of this decision is under way. Returns review_open."""
    row = respondent_of(session, call)
    found = session.scalar(
        select(Case.instance_id)
        .join(Instance, Instance.id == Case.instance_id)
        .where(
            Case.kind == "accountability_review",
            Case.closed_at.is_(None),
            Instance.status == "active",
            Instance.cause_id == call.instance_id,
        )
        .limit(1)
    )
    return {"review_open": found is not None and not row.changed_by}
