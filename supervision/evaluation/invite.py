"""Service topics of the invitation: who may judge whom, who is missing, who takes part.

Source: R7¶2; AV-4; DOMAIN P6.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.instance.context import ServiceCall
from supervision.evaluation.find import INVITED, as_person, evaluators, units_of
from supervision.evaluation.quota import Quota, lacking
from supervision.evaluation.table import Evaluator
from supervision.organisation.units import unit_name
from supervision.self_check.rows import Row, rows_of

TAKES_PART, STAYS_AWAY, ASKED, NOT_ASKED = "参加", "不参加", "已邀请", "不邀请"


def screen(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads invitees (rows name, category, employer, related), targets; properties least, each.

    Whoever is close to every unit is not invited; of the others each leaves out the units they are close to.
    Returns quota_ok, quota_words, excluded_words, roster_words (texts), recipients (names to invite now).
    """
    units = units_of(session, call.data)
    known = {(row.name, row.employer) for row in evaluators(session, call.instance_id)}
    for given in rows_of(call.data.get("invitees")):
        if (str(given.get("name")), str(given.get("employer") or "")) not in known:
            _propose(session, call.instance_id, given, units)
    session.flush()
    new = evaluators(session, call.instance_id, "")
    return {**_state(session, call, units), "recipients": [row.name for row in new]}


def invited(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """The letters went out. Returns answers: a row name, category, employer per person who has to answer."""
    for row in evaluators(session, call.instance_id, ""):
        row.state = ASKED
    session.flush()
    rows = evaluators(session, call.instance_id, ASKED)
    return {
        "answers": [{"name": r.name, "category": r.category, "employer": r.employer} for r in rows],
    }  # fmt: skip


def confirm(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads answers (rows in the order of `invited`: takes_part, related); properties least, each.

    Returns quota_ok, quota_words, excluded_words, roster_words; invitees empty for another round.
    """
    units, rows = units_of(session, call.data), evaluators(session, call.instance_id, ASKED)
    for row, given in zip(rows, rows_of(call.data.get("answers")), strict=True):
        row.barred_for = sorted({*row.barred_for, *_codes(given)})
        row.state = TAKES_PART if given.get("takes_part") == TAKES_PART else STAYS_AWAY
        if all(code in row.barred_for for code in units):
            row.state = NOT_ASKED
    session.flush()
    return {**_state(session, call, units), "invitees": []}


def _propose(session: Session, evaluation_id: str, given: Row, units: Mapping[str, str]) -> None:
    barred = _codes(given)
    session.add(
        Evaluator(
            id=uuid.uuid4().hex,
            evaluation_id=evaluation_id,
            position=len(evaluators(session, evaluation_id)),
            name=str(given.get("name"))[:100],
            category=str(given.get("category"))[:20],
            employer=str(given.get("employer") or "")[:100],
            barred_for=barred,
            state=NOT_ASKED if all(code in barred for code in units) else "",
        )
    )
    session.flush()


def _state(session: Session, call: ServiceCall, units: Mapping[str, str]) -> dict[str, Any]:
    rows = evaluators(session, call.instance_id)
    quota = Quota(int(call.properties.get("least", "7")), int(call.properties.get("each", "1")))
    missing = lacking([as_person(row) for row in rows if row.state in INVITED], units, quota)
    return {
        "quota_ok": not missing,
        "quota_words": "\n".join(missing) or "人数和类别均已达到。",
        "excluded_words": "\n".join(_excluded(session, rows, units)) or "没有应当回避的人员。",
        "roster_words": "\n".join(f"{row.name}（{row.category}）{row.state}" for row in rows if row.state),
    }


def _excluded(session: Session, rows: Sequence[Evaluator], units: Mapping[str, str]) -> list[str]:
    said = []
    for row in rows:
        close = [code for code in row.barred_for if code in units]
        names = "、".join(unit_name(session, code) for code in close)
        if row.state == NOT_ASKED:
            said.append(
                f"{row.name}（{row.category}）与{names}有隶属、管理或者其他利害关系，不参加评议（AV-4）。"
            )
        elif close:
            said.append(f"{row.name}（{row.category}）不评{names}（AV-4）。")
    return said


def _codes(given: Row) -> list[str]:
    related = given.get("related")
    return sorted({str(code) for code in related}) if isinstance(related, list) else []
