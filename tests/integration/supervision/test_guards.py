"""守则: each rule refuses with its reason, and lets everybody else through."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from engine.actor import Actor
from engine.deadline.shanghai import end_of
from engine.errors import InvalidData, NotAllowed
from engine.store.tables import Deadline
from supervision.case.table import Case
from supervision.identity.key import Keys
from supervision.identity.vault import seal
from tests.integration.supervision.desk import Desk


def test_an_ordinary_task_is_nobodys_problem(desk: Callable[..., Desk]) -> None:
    desk().ask("clerk", reason="事实清楚")


def test_who_belongs_to_the_body_complained_of_does_nothing_in_the_case(desk: Callable[..., Desk]) -> None:
    """AV-6: a clerk of 督查室 lent to 区政府办公室 is still of 督查室."""
    lent = Actor("lent", "借调", frozenset({("QZB_CLERK", ""), ("DCS_CLERK", "")}))
    against = desk(target_unit="DCS")
    against.ask("office", act="claim")
    with pytest.raises(NotAllowed, match="AV-6"):
        against.ask(lent, act="claim")
    desk(target_unit="U01").ask(lent, act="claim")


@pytest.mark.parametrize(
    ("filed", "completed"),
    [
        ({"matter_type": "举报"}, {}),
        ({"identity_mode": "实名但要求保密"}, {}),
        ({}, {"ut_complete": {"target_is_leader": True}}),
        ({}, {"ut_triage": {"confidentiality": "严格保密"}}),
    ],
)
def test_such_a_complaint_is_not_handed_to_the_unit_it_is_about(
    desk: Callable[..., Desk], filed: dict[str, Any], completed: dict[str, dict[str, Any]]
) -> None:
    """AV-5."""
    # given
    asked = desk(**filed)
    for element_id, data in completed.items():
        asked.submitted(element_id, **data)
    # then
    for handed in (
        {"mode": "转办承办单位", "lead_unit": "U01"},
        {"mode": "联合办理", "lead_unit": "U02", "co_units": ["U01"]},
        {"lead_unit": "U01"},  # 指定承办 has no mode
    ):
        with pytest.raises(NotAllowed, match="AV-5"):
            asked.ask("lead", **handed)
    asked.ask("lead", mode="转办承办单位", lead_unit="U02")
    asked.ask("lead", mode="督查室直办", lead_unit="U01")  # a unit left over in a hidden field


def test_an_ordinary_complaint_may_go_to_the_unit_it_is_about(desk: Callable[..., Desk]) -> None:
    desk().ask("lead", mode="转办承办单位", lead_unit="U01")


def test_the_drafter_does_not_sign(desk: Callable[..., Desk]) -> None:
    """AV-7; the drafter of one document may sign another."""
    # given
    asked, rule = desk(), {"guard": "not_drafter"}
    asked.task("ut_draft", by="lead", shard="call1")
    # then
    with pytest.raises(NotAllowed, match="AV-7"):
        asked.ask("lead", "ut_sign", shard="call1", properties=rule, act="claim")
    asked.ask("lead", "ut_sign", shard="call2", properties=rule)
    asked.ask("clerk", "ut_sign", shard="call1", properties=rule)


@pytest.mark.parametrize(
    ("guard", "earlier"),
    [
        ("another_person", "ut_investigate"),
        ("another_person", "ut_callback"),
        ("not_investigator", "ut_unit_handle"),
        ("not_author", "ut_redact"),
        ("not_applicant", "ut_apply"),
    ],
)
def test_what_one_person_did_another_checks(desk: Callable[..., Desk], guard: str, earlier: str) -> None:
    # given
    asked = desk()
    asked.task(earlier, by="clerk")
    # then
    with pytest.raises(NotAllowed, match="另一"):
        asked.ask("clerk", properties={"guard": guard})
    asked.ask("clerk2", properties={"guard": guard})


def test_a_diagram_may_say_which_tasks_count(desk: Callable[..., Desk]) -> None:
    # given
    asked = desk()
    asked.task("ut_other", by="clerk")
    # then
    with pytest.raises(NotAllowed):
        asked.ask("clerk", properties={"guard": "another_person", "guardElements": "ut_first, ut_other"})


def test_a_rule_nobody_knows_stops_the_task(desk: Callable[..., Desk]) -> None:
    with pytest.raises(NotAllowed, match="no_such_rule"):
        desk().ask("clerk", properties={"guard": "no_such_rule"})


@pytest.mark.parametrize("people", [[], ["clerk"], ["clerk", "clerk"], "clerk"])
def test_an_investigation_takes_two_people(desk: Callable[..., Desk], people: Any) -> None:
    """AV-10."""
    with pytest.raises(InvalidData, match="AV-10") as refused:
        desk().ask("clerk", investigators=people)
    assert list(refused.value.errors) == ["investigators"]


def test_nobody_of_the_unit_investigates_it(desk: Callable[..., Desk]) -> None:
    """AV-4."""
    asked = desk()
    asked.ask("clerk", investigators=["clerk", "clerk2"])
    with pytest.raises(InvalidData, match="AV-4"):
        asked.ask("clerk", investigators=["clerk", "contact"])


def test_the_units_period_lies_within_that_of_the_case(desk: Callable[..., Desk], now: datetime) -> None:
    # given
    asked, due_on = desk(), date(2026, 3, 23)
    asked.session.add(
        Deadline(
            id="d" * 32,
            instance_id=asked.case.instance_id,
            scope_task_id="s",
            element_id="sp_handle",
            name="办理",
            key="CP-HANDLE",
            rule_version="r",
            calendar_version="c",
            started_at=now,
            start_on=date(2026, 3, 2),
            due_on=due_on,
            due_at=end_of(due_on),
            levels={},
            status="running",
        )
    )
    asked.session.flush()
    # then
    asked.ask("lead", due="2026-03-23")
    asked.ask("lead", due="2026-03-02")
    with pytest.raises(InvalidData, match="2026-03-23"):
        asked.ask("lead", due="2026-03-24")
    with pytest.raises(InvalidData, match="不能早于今天"):
        asked.ask("lead", due=str(now.date() - timedelta(days=1)))


def test_a_complaint_is_merged_only_into_another_one(
    desk: Callable[..., Desk], open_case: Callable[..., Case]
) -> None:
    # given
    asked, master, hidden = desk(), open_case(), open_case(target_unit="DCS")
    # then
    asked.ask("clerk", route="合并", master_no=master.number)
    for wrong in ("TS-2026-0099", asked.case.number, hidden.number, ""):
        with pytest.raises(InvalidData) as refused:
            asked.ask("clerk", route="合并", master_no=wrong)
        assert list(refused.value.errors) == ["master_no"]
    master.outcome = "已并案"
    with pytest.raises(InvalidData, match="最后的主件"):
        asked.ask("clerk", route="合并", master_no=master.number)


def test_a_clerk_is_told_when_a_text_names_the_complainant(desk: Callable[..., Desk], keys: Keys) -> None:
    # given
    asked = desk()
    seal(
        asked.session, keys, asked.case.instance_id, {"name": "金丝雀", "target_person": "王某某"}, asked.now
    )
    # then
    asked.ask("clerk", extract="投诉人反映王某某拒绝公开名单")
    asked.ask("clerk", extract="金丝雀反映名单没有更新", act="claim")
    with pytest.raises(InvalidData) as refused:
        asked.ask("clerk", extract="金丝雀反映名单没有更新", gaps=["事实", "金丝雀的电话"])
    assert sorted(refused.value.errors) == ["extract", "gaps"]


def test_a_unit_cannot_find_out_who_complained_by_guessing(desk: Callable[..., Desk], keys: Keys) -> None:
    # given
    asked = desk()
    seal(asked.session, keys, asked.case.instance_id, {"name": "金丝雀"}, asked.now)
    # then neither the right guess nor the wrong one is answered
    asked.ask("contact", facts="经与金丝雀核实")
    asked.ask("contact", facts="经与百灵鸟核实")
