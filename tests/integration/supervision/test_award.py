"""评优评先资格: who is barred in which year is refused as a nominee, until a 复核 restores it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import date

import pytest

from engine.actor import SYSTEM_ACTOR
from engine.errors import InvalidData
from supervision.accountability.award import barred, bars_of, demand_nominable
from supervision.accountability.execution import correct
from supervision.accountability.table import AwardDisqualification, Respondent
from tests.integration.supervision.conftest import NOW
from tests.integration.supervision.desk import Desk

NUMBER = "云政公开问〔2026〕1号"


def bar(case: Desk, person: str = "") -> Respondent:
    """U01, or one of its people, barred in 2026."""
    row = Respondent(
        id=uuid.uuid4().hex, instance_id=case.case.instance_id, position=0, unit_code="U01",
        subject_kind="个人" if person else "单位", name=person or "东湖街道办事处", case_role=[], proposed=[],
        told=[], final=["通报批评", "取消评优评先"], decision_no=NUMBER,
    )  # fmt: skip
    case.session.add(row)
    case.session.flush()
    case.session.add(
        AwardDisqualification(
            id=uuid.uuid4().hex, instance_id=row.instance_id, respondent_id=row.id, unit_code="U01",
            person=person, year=2026, awards=[], decision_no=NUMBER, since=date(2026, 9, 1),
        )
    )  # fmt: skip
    case.session.flush()
    return row


def test_a_barred_unit_is_not_nominated_in_that_year(desk: Callable[..., Desk]) -> None:
    case = desk()
    bar(case)
    with pytest.raises(InvalidData) as refused:
        demand_nominable(case.session, ["U02", "U01"], 2026, field="honours")
    assert NUMBER in refused.value.errors["honours"][0]
    demand_nominable(case.session, ["U02"], 2026)
    demand_nominable(case.session, ["U01"], 2027)
    demand_nominable(case.session, ["U01"], 2026, person="陈某")


def test_a_persons_bar_is_not_the_units(desk: Callable[..., Desk]) -> None:
    case = desk()
    bar(case, "陈某")
    demand_nominable(case.session, ["U01"], 2026)
    assert [one.who for one in barred(case.session, "U01", "陈某", 2026)] == ["东湖街道办事处陈某"]


def test_a_review_restores_the_award_of_its_respondent_only(desk: Callable[..., Desk]) -> None:
    """R13¶2."""
    case = desk()
    unit, _ = bar(case), bar(case, "陈某")
    correct(case.session, unit, [], "云政公开复〔2026〕1号", SYSTEM_ACTOR, NOW)
    demand_nominable(case.session, ["U01"], 2026)
    assert barred(case.session, "U01", "陈某", 2026)
    restored = {one.person: one.restored_by for one in bars_of(case.session, case.case.instance_id)}
    assert restored == {"": "云政公开复〔2026〕1号", "陈某": ""}
