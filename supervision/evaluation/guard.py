"""评议: a ballot is of somebody who takes part and is not close to the unit; honours ask who is barred.

Source: AV-4; R11(2)(3); DOMAIN P6.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.deadline.shanghai import date_of
from engine.errors import InvalidData
from engine.instance.context import GuardCall
from supervision.accountability.award import demand_nominable
from supervision.evaluation.find import as_person, ballots, evaluators
from supervision.evaluation.invite import ASKED, TAKES_PART
from supervision.organisation.units import unit_name
from supervision.self_check.rows import rows_of


def evaluation_in_order(session: Session, call: GuardCall, actor: Actor, now: datetime) -> None:
    """Raises InvalidData, keyed by field."""
    if call.act != "complete" or call.instance.process_id != "evaluation":
        return
    data = call.data
    if "answers" in data and call.task.element_id == "ut_confirm":
        asked = len(evaluators(session, call.instance.id, ASKED))
        if len(rows_of(data["answers"])) != asked:
            raise InvalidData({"answers": [f"应逐人登记 {asked} 人的答复：请不要增减行。"]})
    if "ballots" in data:
        _no_more_than_take_part(session, call)
    if "survey" in data:
        _adds_up(data["survey"])
    if "honours" in data:
        units = [str(code) for code in data["honours"] or []]
        demand_nominable(session, units, date_of(now).year, field="honours")


def _no_more_than_take_part(session: Session, call: GuardCall) -> None:
    people = [as_person(row) for row in evaluators(session, call.instance.id, TAKES_PART)]
    given = Counter((b.unit_code, b.category) for b in ballots(session, call.instance.id))
    given.update((str(row.get("unit")), str(row.get("category"))) for row in rows_of(call.data["ballots"]))
    for (unit, category), count in given.items():
        able = sum(person.category == category and person.judges(unit) for person in people)
        if count > able:
            name = unit_name(session, unit)
            raise InvalidData(
                {
                    "ballots": [
                        f"{name}的{category}评议票有 {count} 张，可以评议它的{category}只有 {able} 名："
                        "每人一票，应当回避的不评（AV-4）。"
                    ]
                }
            )


def _adds_up(survey: Any) -> None:
    rows = rows_of(survey)
    for number, row in enumerate(rows, 1):
        parts = sum(int(row.get(key) or 0) for key in ("satisfied", "rather_satisfied", "dissatisfied"))
        if parts != int(row.get("valid") or 0):
            raise InvalidData(
                {"survey": [f"第 {number} 行的满意、基本满意、不满意之和是 {parts}，应等于有效份数。"]}
            )
    if len({row.get("unit") for row in rows}) != len(rows):
        raise InvalidData({"survey": ["每个单位只登记一行问卷结果：请合并。"]})
