"""A measure taken back by a 复核 gets no paper any more, and one that stands is not left without it."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from engine.actor import SYSTEM_ACTOR
from engine.errors import InvalidData
from engine.instance.context import ServiceCall
from supervision.accountability.in_force import demand_in_force
from supervision.accountability.table import Execution, Respondent
from tests.integration.supervision.desk import Desk

MEASURE = "通报批评"


def call_about(case: Desk, state: str, code: str = "D30") -> ServiceCall:
    """The letter of one measure in that state."""
    row = Respondent(
        id=uuid.uuid4().hex, instance_id=case.case.instance_id, position=0, unit_code="U01",
        subject_kind="单位", name="东湖街道办事处", case_role=[], powers={}, proposed=[], told=[],
        final=[MEASURE],
    )  # fmt: skip
    case.session.add(row)
    case.session.flush()
    case.session.add(
        Execution(
            id=uuid.uuid4().hex, instance_id=row.instance_id, respondent_id=row.id, measure=MEASURE,
            state=state, detail={},
        )
    )  # fmt: skip
    case.session.flush()
    data = {"respondent": {"id": row.id}, "measure": MEASURE, "template_code": code}
    return ServiceCall(
        instance_id=row.instance_id, business_key="", process_id="document_issue", element_id="svc_issue",
        name="编号", data=data, properties={}, actor=SYSTEM_ACTOR,
    )  # fmt: skip


def test_a_measure_taken_back_is_not_signed_and_may_be_left(desk: Callable[..., Desk]) -> None:
    """R13¶2: 发现错误的，限期纠正."""
    case = desk()
    call = call_about(case, "revoked")
    with pytest.raises(InvalidData, match="已经撤销，不得再制发"):
        demand_in_force(case.session, call, issuing=True)
    demand_in_force(case.session, call, issuing=False)


def test_a_measure_that_stands_is_signed_and_not_left(desk: Callable[..., Desk]) -> None:
    """R13¶2: 复核期间，问责决定不停止执行."""
    case = desk()
    call = call_about(case, "open")
    demand_in_force(case.session, call, issuing=True)
    with pytest.raises(InvalidData, match="不停止执行"):
        demand_in_force(case.session, call, issuing=False)


def test_other_letters_of_the_case_are_not_asked(desk: Callable[..., Desk]) -> None:
    case = desk()
    call = call_about(case, "revoked", "D36")
    demand_in_force(case.session, call, issuing=True)
    demand_in_force(case.session, call, issuing=False)
