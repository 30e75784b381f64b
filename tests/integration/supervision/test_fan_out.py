"""逐单位下发: which units a step asks, and what the parent is told when it goes on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.errors import InvalidData, StepFailed, TryLater
from engine.instance.context import ServiceCall
from engine.store.tables import FanOut, FanOutMember
from supervision.case.table import Case
from supervision.fan_out import topics
from supervision.fan_out.later import ask_too, not_asked
from supervision.fan_out.members import members, words_of
from supervision.organisation.table import Unit


def call(instance_id: str, data: dict[str, Any] | None = None, **properties: str) -> ServiceCall:
    return ServiceCall(
        instance_id, "P", "self_check", "svc_fan_out", "向各单位下发", data or {}, properties, SYSTEM_ACTOR
    )


@pytest.fixture
def units(district: Session) -> Session:
    """Three sub-districts, one of them closed; two departments; one invited organisation."""
    for unit in district.scalars(select(Unit)):
        unit.active = False
    for place, (code, unit_type, duty, active) in enumerate(
        (
            ("A", "街办", "mandatory", True), ("B", "街办", "mandatory", False),
            ("C", "区政府部门", "mandatory", True), ("D", "区政府部门", "none", True),
            ("E", "授权组织", "invited", True),
        )
    ):  # fmt: skip
        district.add(
            Unit(
                code=code, name=f"单位{code}", unit_type=unit_type, self_check_duty=duty, active=active,
                position=place,
            )
        )  # fmt: skip
    district.flush()
    return district


@pytest.mark.parametrize(
    ("selection", "codes", "words"),
    [
        ({}, "ACDE", "全部督查对象"),
        ({"duty": "mandatory"}, "AC", "有自查义务"),
        ({"duty": "mandatory, invited"}, "ACE", "有自查义务或受邀自查"),
        ({"types": "区政府部门"}, "CD", "区政府部门"),
        ({"types": "街办,区政府部门", "duty": "mandatory"}, "AC", "街办、区政府部门；有自查义务"),
        ({"units": "D,B,Z"}, "D", "方案所列单位"),
        ({"types": "管理处"}, "", "管理处"),
    ],
)
def test_units_are_chosen_by_type_duty_or_name(
    units: Session, selection: dict[str, str], codes: str, words: str
) -> None:
    assert "".join(member.item for member in members(units, selection)) == codes
    assert words_of(selection) == words


def test_a_unit_s_process_begins_with_what_is_known_of_it(units: Session) -> None:
    (found,) = members(units, {"units": "E"})
    assert found.data == {
        "unit_code": "E", "unit_name": "单位E", "unit_type": "授权组织", "self_check_duty": "invited"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("selection", "said"), [({"types": "乡镇"}, "类型“乡镇”不存在"), ({"duty": "yes"}, "自查义务“yes”不存在")]
)
def test_a_selection_that_means_nothing_is_refused(
    units: Session, selection: dict[str, str], said: str
) -> None:
    with pytest.raises(StepFailed, match=said):
        members(units, selection)


def test_a_step_hands_over_what_it_names_and_lists_what_a_variable_chose(
    units: Session, open_case: Any, now: datetime
) -> None:
    case: Case = open_case()
    data = {"label": "2026H1", "secret": "x", "scope": ["A", "C"]}
    asks = call(case.instance_id, data, message="m", joined="j", scope="scope", hand="label, missing")
    assert topics.fan_out(units, asks, now) == {}
    fan = units.scalars(select(FanOut)).one()
    assert (fan.message, fan.joined_by, fan.selection) == ("m", "j", {"units": "A,C"})
    assert fan.handed == {"label": "2026H1", "parent_no": "P"}
    with pytest.raises(TryLater):
        topics.collect(units, call(case.instance_id), now)


def test_a_step_without_message_or_fan_out_says_what_is_missing(
    units: Session, open_case: Any, now: datetime
) -> None:
    case: Case = open_case()
    with pytest.raises(StepFailed, match="没有写明下发用的消息"):
        topics.fan_out(units, call(case.instance_id), now)
    with pytest.raises(StepFailed, match="还没有向单位下发"):
        topics.collect(units, call(case.instance_id), now)


def fan(
    session: Session, case: Case, now: datetime, *, total: int, reported: int, dropped: int = 0
) -> FanOut:
    row = FanOut(
        id="f", instance_id=case.instance_id, element_id="svc", message="m", joined_by="j", correlation="P",
        selection={}, handed={}, status="running", total=total, started=total, reported=reported,
        dropped=dropped, created_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    for place in range(total):
        done = place < reported + dropped
        session.add(
            FanOutMember(
                fan_out_id="f", position=place, parent_id=case.instance_id, item=f"X{place}",
                name=f"单位{place}", data={}, status="completed" if done else "started",
                ended_at=now if done else None,
            )
        )  # fmt: skip
    session.flush()
    return row


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((3, 3, 0), "应报 3 个单位，已报 3 个，全部到齐"),
        ((3, 1, 0), "应报 3 个单位，已报 1 个，未报 2 个：单位1、单位2"),
        ((3, 1, 1), "应报 3 个单位，已报 1 个，取消 1 个，未报 1 个：单位2"),
        ((0, 0, 0), "没有符合条件的单位，没有可汇总的报送：请核对单位名录"),
    ],
)
def test_what_came_back_is_told_in_numbers_and_a_sentence(
    units: Session, open_case: Any, now: datetime, counts: tuple[int, int, int], words: str
) -> None:
    total, reported, dropped = counts
    row = fan(units, open_case(), now, total=total, reported=reported, dropped=dropped)
    told = topics.collect(units, call(row.instance_id), now)
    assert told["units_words"] == words
    assert (told["units_total"], told["units_reported"]) == (total, reported)
    assert told["units_missing"] == len(told["missing_units"]) == total - reported - dropped
    assert row.closed_at == now


def test_of_many_that_are_missing_some_are_named(units: Session, open_case: Any, now: datetime) -> None:
    row = fan(units, open_case(), now, total=60, reported=0)
    told = topics.collect(units, call(row.instance_id), now)
    assert (told["units_missing"], len(told["missing_units"])) == (60, topics.NAMED)
    assert told["units_words"].endswith("单位19 等")


def test_only_units_of_the_selection_that_were_not_asked_can_be_asked_later(
    units: Session, open_case: Any, now: datetime
) -> None:
    row = fan(units, open_case(), now, total=0, reported=0)
    row.selection = {"duty": "mandatory"}
    units.flush()
    asked = ask_too(units, row, "A", reason="漏发补发", actor=SYSTEM_ACTOR, now=now)
    assert asked.name == "单位A"
    assert [member.item for member in not_asked(units, row)] == ["C"]
    for code, reason, field in (("E", "受邀单位", "unit_code"), ("C", "", "reason")):
        with pytest.raises(InvalidData) as refused:
            ask_too(units, row, code, reason=reason, actor=SYSTEM_ACTOR, now=now)
        assert list(refused.value.errors) == [field]
