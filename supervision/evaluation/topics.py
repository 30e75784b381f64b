"""Service topics of 公开评议: ballots are kept, counted and answered."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from engine.deadline.shanghai import date_of
from engine.instance.context import Handler, ServiceCall
from supervision.evaluation import invite
from supervision.evaluation.find import ballots, evaluators, units_of
from supervision.evaluation.table import Ballot, EvaluationResult
from supervision.evaluation.tally import Answers, Score, Weights, scored
from supervision.organisation.units import unit_name
from supervision.self_check.rows import Row, rows_of

DIMENSIONS = ("d1", "d2", "d3", "d4", "d5")
NO_ANSWERS = Answers(0, None, 0)


def topics() -> dict[str, Handler]:
    """Topic → handler."""
    return {
        "evaluation.screen": invite.screen,
        "evaluation.invited": invite.invited,
        "evaluation.confirm": invite.confirm,
        "evaluation.cast": cast,
        "evaluation.tally": tally,
        "evaluation.replied": replied,
    }


def cast(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads ballots (rows of F-EV-1). Returns ballots empty, and ballots_cast, how many there are by now."""
    for row in rows_of(call.data.get("ballots")):
        session.add(
            Ballot(
                id=uuid.uuid4().hex,
                evaluation_id=call.instance_id,
                unit_code=str(row.get("unit")),
                category=str(row.get("category")),
                total=sum(int(row.get(key) or 0) for key in DIMENSIONS),
                grade=str(row.get("grade") or ""),
                opinion=str(row.get("opinion") or ""),
            )
        )
    session.flush()
    return {"ballots": [], "ballots_cast": len(ballots(session, call.instance_id))}


def tally(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads survey (rows unit, valid, mean, satisfied, rather_satisfied), targets, year; properties invited,
    public, least_public.

    Returns eval_scores (unit → score, satisfied, answers), scores_words, targets_words, opinions (rows unit,
    opinion), has_opinions.
    """
    units, cast_ballots = units_of(session, call.data), ballots(session, call.instance_id)
    public = {str(row.get("unit")): _answers(row) for row in rows_of(call.data.get("survey"))}
    given = call.properties
    weights = Weights(
        int(given.get("invited", "60")), int(given.get("public", "40")), int(given.get("least_public", "30"))
    )
    found, said = {}, []
    for code, name in units.items():
        mine = [ballot.total for ballot in cast_ballots if ballot.unit_code == code]
        answers = public.get(code, NO_ANSWERS)
        score = scored(mine, answers, weights)
        _keep(session, call, code, len(mine), answers, score, now)
        if score.score is not None:
            found[code] = {
                "score": float(score.score), "satisfied": _float(score.satisfied), "answers": answers.valid,
            }  # fmt: skip
        said.append(f"{name}：{_words(score, len(mine), answers)}")
    opinions = [
        {"unit": unit_name(session, b.unit_code), "opinion": b.opinion} for b in cast_ballots if b.opinion
    ]
    people = len(evaluators(session, call.instance_id, invite.TAKES_PART))
    return {
        "eval_scores": found, "scores_words": "\n".join(said), "opinions": opinions,
        "has_opinions": bool(opinions),
        "targets_words": f"{'、'.join(units.values())}；评议代表 {people} 名",
    }  # fmt: skip


def replied(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Reads replies (rows unit, opinion, reply, reply_reason). Returns replies_words."""
    rows = rows_of(call.data.get("replies"))
    said = [f"{r.get('unit')}：{r.get('opinion')}——{r.get('reply')}：{r.get('reply_reason')}" for r in rows]
    return {"replies_words": "\n".join(said) or "评议人没有提出意见。"}


def _answers(row: Row) -> Answers:
    mean = row.get("mean")
    content = int(row.get("satisfied") or 0) + int(row.get("rather_satisfied") or 0)
    return Answers(int(row.get("valid") or 0), None if mean is None else Decimal(str(mean)), content)


def _keep(
    session: Session, call: ServiceCall, code: str, count: int, said: Answers, score: Score, now: datetime
) -> None:
    year = str(call.data.get("label") or "")[:4]
    row = session.get(EvaluationResult, (call.instance_id, code))
    if row is None:
        row = EvaluationResult(evaluation_id=call.instance_id, unit_code=code)
        session.add(row)
    row.year = int(year) if year.isdigit() else date_of(now).year
    row.ballots, row.answers = count, said.valid
    row.invited_score, row.public_score = _float(score.invited), _float(score.public)
    row.satisfied, row.score = _float(score.satisfied), _float(score.score)
    session.flush()


def _words(score: Score, count: int, said: Answers) -> str:
    if score.score is None:
        return "没有有效评议"
    parts = [f"{score.score} 分（评议代表 {count} 票"]
    if score.public is not None:
        parts.append(f"公众问卷 {said.valid} 份，满意和基本满意 {score.satisfied}%")
    elif said.valid:
        parts.append(f"公众问卷有效 {said.valid} 份，份数不足不计分")
    return "，".join(parts) + "）"


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)
