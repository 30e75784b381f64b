"""回避与分离: the rows AV-1 to AV-12, each with whom it refuses and whom it lets through."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.actor import Actor
from engine.bpmn.program import Node
from engine.errors import InvalidData, NotAllowed, StepFailed
from engine.store.tables import FanOut, FanOutMember, Instance
from supervision.case.assign import assign
from supervision.recusal.table import Declaration, Recusal
from tests.integration.supervision.desk import Desk

DeskOf = Callable[..., Desk]
DECLARED = {"guard": "declared"}
DECIDES = {"guard": "no_pending_recusal"}
LENT = Actor("contact", "借调的人", frozenset({("INSPECTOR", "")}))
"""Works for 督查室 for a while and is still of U01."""


def declares(desk: Desk, login: str) -> None:
    row = Declaration(
        id=f"{desk.case.number}{login}"[-32:], case_id=desk.case.instance_id, login=login, has_conflict=False,
        conflict_type=[], detail="", declared_at=desk.now,
    )  # fmt: skip
    desk.session.add(row)
    desk.session.flush()


def asks_to_stand_aside(desk: Desk, login: str, origin: str = "申请", decision: str = "") -> None:
    own = desk.session.get_one(Instance, desk.case.instance_id)
    columns = {column.name: getattr(own, column.name) for column in Instance.__table__.columns}
    beside = Instance(**{**columns, "id": f"r{own.id}"[:32], "process_id": "recusal"})
    desk.session.add(beside)
    desk.session.flush()
    row = Recusal(
        instance_id=beside.id, case_id=own.id, login=login, applicant="某单位", origin=origin, reason="亲属",
        requested_at=desk.now, decision=decision,
    )  # fmt: skip
    desk.session.add(row)
    desk.session.flush()


@pytest.mark.parametrize("act", ["claim", "complete"])
def test_av_1_nobody_begins_before_the_declaration(desk: DeskOf, act: str) -> None:
    asked = desk()
    with pytest.raises(NotAllowed, match="回避声明"):
        asked.ask("clerk", act=act, properties=DECLARED)
    declares(asked, "clerk")
    asked.ask("clerk", act=act, properties=DECLARED)


@pytest.mark.parametrize("act", ["claim", "complete"])
def test_av_2_whoever_stands_aside_does_no_task_of_the_case(desk: DeskOf, act: str) -> None:
    asked = desk()
    asks_to_stand_aside(asked, "clerk", decision="同意回避")
    with pytest.raises(NotAllowed, match="AV-1"):
        asked.ask("clerk", act=act)
    asked.ask("clerk2", act=act)


@pytest.mark.parametrize("field", ["investigators", "reviewers", "hearers"])
def test_av_2_whoever_stands_aside_is_not_named_either(desk: DeskOf, field: str) -> None:
    asked = desk(target_unit="U02")
    asks_to_stand_aside(asked, "clerk", decision="依职权决定回避")
    with pytest.raises(InvalidData) as refused:
        asked.ask("lead", **{field: ["clerk2", "clerk"]})
    assert "应当在本案回避" in refused.value.errors[field][0]
    asked.ask("lead", **{field: ["clerk2", "lead"]})


@pytest.mark.parametrize("act", ["claim", "complete"])
def test_av_4_nobody_inspects_the_unit_they_belong_to(desk: DeskOf, act: str) -> None:
    # given a person of U01 who was lent to 督查室
    own, other = desk(target_unit="U01"), desk(target_unit="U02")
    for asked in (own, other):
        declares(asked, "contact")
    # then
    with pytest.raises(NotAllowed, match="AV-4"):
        own.ask(LENT, act=act, properties=DECLARED)
    other.ask(LENT, act=act, properties=DECLARED)


def test_av_4_holds_for_the_one_unit_of_an_inspection_of_all(desk: DeskOf) -> None:
    # given a part of a general inspection that asks U01
    asked = desk(target_unit="")
    declares(asked, "contact")
    asked.ask(LENT, properties=DECLARED)
    own = asked.case.instance_id
    fan = FanOut(
        id="f", instance_id=own, element_id="svc", message="m", joined_by="", correlation="", selection={},
        handed={}, status="running", created_at=asked.now,
    )  # fmt: skip
    asked.session.add(fan)
    asked.session.flush()
    member = FanOutMember(
        fan_out_id="f", position=0, parent_id=own, item="U01", data={}, status="started",
        instance_id=own,
    )  # fmt: skip
    asked.session.add(member)
    asked.session.flush()
    # then
    with pytest.raises(NotAllowed, match="AV-4"):
        asked.ask(LENT, properties=DECLARED)


@pytest.mark.parametrize(
    ("field", "refused", "accepted"),
    [
        ("inspectors", ["clerk", "contact"], ["clerk", "clerk2"]),
        ("team_lead", "contact", "clerk"),
        ("monitor", "contact", "clerk"),
        ("invitees", "某代表、contact", "某代表、head2"),
    ],
)
def test_av_4_nobody_of_the_unit_is_named_to_inspect_it(
    desk: DeskOf, field: str, refused: object, accepted: object
) -> None:
    asked = desk(target_unit="U01")
    with pytest.raises(InvalidData) as said:
        asked.ask("clerk", **{field: refused})
    assert "AV-4" in said.value.errors[field][0]
    asked.ask("clerk", **{field: accepted})


def test_av_4_lets_a_unit_deal_with_its_own_case_by_its_own_people(desk: DeskOf) -> None:
    """R12: 行为人所在单位 investigates by its own authority."""
    asked = desk(target_unit="U01")
    asked.case.handler = "UNIT"
    declares(asked, "contact")
    asked.ask("contact", properties=DECLARED)


@pytest.mark.parametrize("act", ["claim", "complete"])
def test_av_7_who_investigated_does_not_hear_the_defence(desk: DeskOf, act: str) -> None:
    # given
    asked, rule = desk(target_unit="U02"), {"guard": "not_investigating"}
    asked.task("ut_investigate", by="clerk")
    # then
    with pytest.raises(NotAllowed, match="AV-7"):
        asked.ask("clerk", "ut_hearing", properties=rule, act=act)
    asked.ask("clerk2", "ut_hearing", properties=rule, act=act)


def test_av_7_an_investigator_may_sit_in_a_hearing_but_not_preside(desk: DeskOf) -> None:
    # given one who was named in the investigation another person wrote up
    asked = desk(target_unit="U02")
    asked.submitted("ut_investigate", investigators=["clerk", "clerk2"])
    # then
    with pytest.raises(InvalidData) as refused:
        asked.ask("lead", "ut_verify", hearers=["clerk2", "lead"])
    assert "主持人" in refused.value.errors["hearers"][0]
    asked.ask("lead", "ut_verify", hearers=["lead", "clerk2"])


def test_av_10_one_person_alone_neither_hears_nor_inspects_on_the_spot(desk: DeskOf) -> None:
    asked = desk(target_unit="U02")
    for field in ("hearers", "inspectors"):
        with pytest.raises(InvalidData) as refused:
            asked.ask("lead", **{field: ["clerk", "clerk"]})
        assert "AV-10" in refused.value.errors[field][0]
        asked.ask("lead", **{field: ["clerk", "clerk2"]})


def test_av_11_a_pending_request_holds_up_the_decision_not_the_investigation(desk: DeskOf) -> None:
    asked = desk()
    asks_to_stand_aside(asked, "clerk")
    asked.ask("clerk", "ut_investigate")
    with pytest.raises(NotAllowed, match="AV-11"):
        asked.ask("lead", "ut_decide", properties=DECIDES)


@pytest.mark.parametrize(
    "process", ["complaint", "accountability", "accountability_review", "unit_inspection", "recusal"]
)
def test_av_12_an_invitee_gets_no_task_where_they_must_see_nothing(desk: DeskOf, process: str) -> None:
    # given
    asked = desk()
    instance = asked.session.get_one(Instance, asked.case.instance_id)
    instance.process_id = process
    node = Node(id="ut_x", name="评分", kind="userTask", process_id=process, candidate_groups=("INVITEE",))
    # then
    with pytest.raises(StepFailed, match="AV-12"):
        assign(asked.session, node, {}, instance)
    assert assign(asked.session, replace(node, candidate_groups=("DCS_CLERK",)), {}, instance).roles
    instance.process_id = "evaluation"
    assert assign(asked.session, node, {}, instance).roles == [("INVITEE", "")]
