"""评优评先资格: who is barred in which year is refused as a nominee, until a 复核 restores it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from engine.actor import SYSTEM_ACTOR
from engine.errors import InvalidData
from engine.instance.context import ServiceCall
from supervision.accountability.award import barred, bars_of, demand_nominable
from supervision.accountability.execution import correct
from supervision.accountability.table import AwardDisqualification, Respondent
from supervision.rectification.table import Rectification
from supervision.review.topics import effects
from tests.integration.supervision.conftest import NOW
from tests.integration.supervision.desk import Desk

NUMBER, REVIEW_NO = "云政公开问〔2026〕1号", "云政公开复〔2026〕1号"


def bar(case: Desk, person: str = "") -> Respondent:
    """U01, or one of its people, barred in 2026."""
    row = Respondent(
        id=uuid.uuid4().hex, instance_id=case.case.instance_id, position=0, unit_code="U01",
        subject_kind="个人" if person else "单位", name=person or "东湖街道办事处", case_role=[], powers={},
        proposed=[], told=[], final=["通报批评", "取消评优评先"], decision_no=NUMBER,
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
    correct(case.session, unit, [], REVIEW_NO, SYSTEM_ACTOR, NOW)
    demand_nominable(case.session, ["U01"], 2026)
    assert barred(case.session, "U01", "陈某", 2026)
    restored = {one.person: one.restored_by for one in bars_of(case.session, case.case.instance_id)}
    assert restored == {"": REVIEW_NO, "陈某": ""}


def reviewed(case: Desk, result: str, remain: list[str]) -> Mapping[str, Any]:
    """What the 复核 of the unit's decision brings about; the case that decided hears nothing of it."""
    data = {"decision_no": NUMBER, "result": result, "review_measures": remain, "doc_no": REVIEW_NO}
    call = ServiceCall(
        instance_id=case.case.instance_id, business_key="", process_id="review_correction",
        element_id="svc_effects", name="找出要纠正的事项", data=data, properties={}, actor=SYSTEM_ACTOR,
    )  # fmt: skip
    return effects(case.session, call, NOW)


def test_an_annulled_decision_gives_the_award_back_though_its_case_has_ended(
    desk: Callable[..., Desk],
) -> None:
    """R13¶2: a late request with good cause comes when nobody waits for the message any more."""
    case = desk()
    row = bar(case)
    assert reviewed(case, "撤销并终结", [])["barred_awards"] == "2026 年度全部评优评先"
    demand_nominable(case.session, ["U01"], 2026)
    assert (row.final, row.changed_by) == ([], REVIEW_NO)


def test_a_changed_decision_keeps_the_bar_that_remains(desk: Callable[..., Desk]) -> None:
    case = desk()
    bar(case)
    reviewed(case, "变更", ["取消评优评先"])
    assert barred(case.session, "U01", "", 2026)
    reviewed(case, "变更", ["通报批评"])
    assert not barred(case.session, "U01", "", 2026)


def test_only_the_rectification_of_that_decision_is_called_off(desk: Callable[..., Desk]) -> None:
    case, other = desk(), desk()
    bar(case)
    beside = bar(case, "陈某")
    beside.decision_no = "云政公开问〔2026〕2号"
    for found, number, source in (
        (case, "ZG-2026-0001", NUMBER), (other, "ZG-2026-0002", beside.decision_no),
    ):  # fmt: skip
        found.session.add(
            Rectification(
                instance_id=found.case.instance_id, rect_no=number, source="问责", source_case_no=source,
                unit_code="U01", items=[], report_to=["领导小组"], opened_on=date(2026, 9, 1),
            )
        )  # fmt: skip
    case.session.flush()
    assert reviewed(case, "撤销并终结", [])["rect_no"] == "ZG-2026-0001"
