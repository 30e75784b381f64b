"""Who decided what about whom, and the document that says so."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.errors import InvalidData
from engine.instance.context import ServiceCall
from supervision.accountability.find import (
    as_variables,
    numbered,
    power_of,
    respondent_of,
    respondents_of,
)
from supervision.accountability.ready import DECIDED
from supervision.accountability.rules import DISCIPLINE, Rules
from supervision.accountability.table import Execution, Meeting, Respondent
from supervision.case.deeds import last_who_completed

TOGETHER, ALONE = "集体讨论", "负责人决定"
AGAIN, HANDED_OVER = "补充调查", "移送"
"""Decisions after which nobody gets a document: the investigators go on, or another body decides."""


def state(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """How the respondents stand, for gateways, loops and forms.

    Returns respondents, to_tell, outcomes, max_level, measures_all, defence_closed, collective, hand_over,
    respondents_words, decision_rows.
    """
    rows = respondents_of(session, call.instance_id)
    to_tell = [
        row for row in rows if not row.defence or (row.new_facts and rules.heavier(row.final, row.told))
    ]
    outcomes = [row.outcome for row in rows]
    told = [as_variables(session, row) for row in rows]
    return {
        "respondents": told,
        "to_tell": [as_variables(session, row) for row in to_tell],
        "outcomes": outcomes,
        "max_level": max((rules.level_no(row.level) for row in rows), default=0),
        "measures_all": sorted({measure for row in rows for measure in row.final}),
        "defence_closed": all(bool(row.defence) for row in rows),
        "collective": any(rules.collective(row.level, row.final) for row in rows),
        "hand_over": any(
            row.crime_suspected or outcome == "移送" for row, outcome in zip(rows, outcomes, strict=True)
        ),
        "respondents_words": "\n".join(_in_words(one) for one in told),
        "decision_rows": [
            {"no": one["no"], "title": one["title"], "proposal": _proposal(one)} for one in told
        ],
    }


def _in_words(one: Mapping[str, Any]) -> str:
    """One line of 拟处理意见: who, what of R10, what of R11, how heard."""
    parts = (one["title"], one["responsibility"], one["level"], _proposal(one), one["defence_words"])
    return f"{one['no']}、{'；'.join(part for part in parts if part)}"


def _proposal(one: Mapping[str, Any]) -> str:
    words = [one["outcome"], one["own_words"]]
    if one["suggested_words"]:
        words.append(f"建议有权机关给予{one['suggested_words']}")
    return "：".join(filter(None, (words[0], "、".join(filter(None, words[1:])))))


def decide(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Takes the form of 集体讨论 (F-AC-5) or of the head (F-AC-8) over; guards have looked at it.

    Returns decided (those who get a document), accountable, decisions_made, supplement, supplement_round,
    hand_over.

    Raises:
        InvalidData: on `decisions`, somebody without a decision, or with one that is not open.
    """
    rows = respondents_of(session, call.instance_id)
    given = {
        row.id: one
        for one in call.data.get("decisions") or []
        if (row := numbered(rows, one.get("no"))) is not None
    }
    rounds = int(call.data.get("supplement_round") or 0)
    for row in rows:
        decision = str(given.get(row.id, {}).get("decision") or "")
        if problem := _not_open(rules, row, decision, rounds):
            raise InvalidData({"decisions": [problem]})
        row.decision = decision
        if decision not in (DECIDED, AGAIN):
            row.final = []
    _keep_minutes(session, call, given, now)
    session.flush()
    again = any(row.decision == AGAIN for row in rows)
    decided = [row for row in rows if row.decision not in (HANDED_OVER, AGAIN)]
    return {
        "decided": [
            {**as_variables(session, row), "reason": str(given[row.id].get("reason") or "")}
            for row in decided
        ],
        "accountable": [as_variables(session, row) for row in rows if row.decision == DECIDED],
        "decisions_made": sorted({row.decision for row in rows}),
        "supplement": again,
        "supplement_round": rounds + again,
        "hand_over": any(row.decision == HANDED_OVER or row.crime_suspected for row in rows),
    }


def _not_open(rules: Rules, row: Respondent, decision: str, rounds: int) -> str:
    """Why this cannot be decided about a respondent now; '' where it can."""
    if not decision:
        return f"没有对{row.name}作出决定：请逐名选择。"
    if decision == AGAIN and rounds >= rules.supplements:
        return f"补充调查不得超过 {rules.supplements} 次：请对{row.name}作出其他决定。"
    if decision == DECIDED and row.defence == "none":
        return f"没有告知{row.name}拟作出的处理，不能予以问责（第十三条）：请选择补充调查，先告知再决定。"
    if decision == DECIDED and not row.final:
        return f"对{row.name}没有拟定措施，不能予以问责：请选择补充调查或者其他决定。"
    if decision != DECIDED and not row.defence:
        return f"{row.name}的陈述申辩还没有结束（第十三条）：请等结束后再决定。"
    return ""


def _keep_minutes(
    session: Session, call: ServiceCall, given: Mapping[str, Mapping[str, Any]], now: datetime
) -> None:
    data, alone = call.data, call.properties.get("kind") == ALONE
    session.add(
        Meeting(
            id=uuid.uuid4().hex, instance_id=call.instance_id, kind=ALONE if alone else TOGETHER,
            held_on=_day(data.get("decided_on" if alone else "held_on")) or date_of(now),
            chair=str(data.get("decider" if alone else "chair") or ""),
            attendees=[] if alone else list(data.get("attendees") or []),
            recused=[] if alone else list(data.get("recused") or []),
            principles=list(data.get("principles") or []),
            views=[] if alone else list(data.get("views") or []),
            votes=[] if alone else list(data.get("votes") or []),
            decisions=[{**one, "respondent": key} for key, one in given.items()],
            recorded_at=now,
            recorded_by=last_who_completed(session, call.instance_id, ("ut_meeting", "ut_head_decide")) or "",
        )
    )  # fmt: skip


def issued(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """The decision took effect: reads doc_id, doc_no, issued_on, served_on; opens what is to be carried out.

    Returns respondent, measures, to_execute (what no 整改 carries out), decision_no, served_on, discipline.
    """
    row = respondent_of(session, call)
    row.decision_doc, row.decision_no = str(call.data.get("doc_id") or ""), str(call.data.get("doc_no") or "")
    row.decided_on = _day(call.data.get("issued_on")) or date_of(now)
    row.served_on = _day(call.data.get("served_on"))
    measures = list(row.final) if row.decision == DECIDED else []
    for measure in measures:
        session.add(
            Execution(
                id=uuid.uuid4().hex, instance_id=row.instance_id, respondent_id=row.id, measure=measure,
                power=power_of(row, measure), state="open", detail={},
            )
        )  # fmt: skip
    session.flush()
    return {
        "respondent": as_variables(session, row),
        "measures": measures,
        "to_execute": [one for one in measures if one not in rules.corrective],
        "decision_no": row.decision_no,
        "served_on": row.served_on.isoformat() if row.served_on else date_of(now).isoformat(),
        "discipline": DISCIPLINE in measures,
    }


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return None
