"""Cases: numbers without gaps, scopes that follow the handler, tasks that reach the right people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from engine.bpmn.program import Node
from engine.errors import StepFailed
from engine.store.tables import Definition, DefinitionFile, Instance, InstanceScope
from engine.store.visibility import Viewer, see_as
from supervision.account.viewer import viewer_of_actor
from supervision.case import scopes
from supervision.case.assign import assign
from supervision.case.open import open_instance
from supervision.case.series import numbered
from supervision.case.table import Case
from tests.integration.supervision.conftest import NOW
from tests.integration.supervision.people import PEOPLE, actor

ONLOOKERS = {"audit:all", "board:all"}


def scopes_of(session: Session, case: Case) -> set[str]:
    return set(
        session.scalars(select(InstanceScope.scope).where(InstanceScope.instance_id == case.instance_id))
    )


def node(*groups: str, **properties: str) -> Node:
    return Node(
        id="ut_x", name="任务", kind="userTask", process_id="complaint", candidate_groups=groups,
        properties=properties,
    )  # fmt: skip


def test_numbers_are_gapless_within_the_year_of_the_district(session: Session) -> None:
    assert numbered(session, "complaint", "TS", datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == "TS-2026-0001"
    assert numbered(session, "complaint", "TS", datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == "TS-2026-0002"
    # 24:00 in Shanghai is 16:00 UTC
    assert numbered(session, "complaint", "TS", datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == "TS-2027-0001"


def test_a_number_that_was_rolled_back_is_given_again(session: Session, now: datetime) -> None:
    numbered(session, "complaint", "TS", now)
    session.rollback()
    assert numbered(session, "complaint", "TS", now) == "TS-2026-0001"


def test_a_new_case_has_number_title_and_variables(
    open_case: Callable[..., Case], district: Session, now: datetime
) -> None:
    case = open_case()
    instance = district.get_one(Instance, case.instance_id)
    assert (instance.business_key, instance.title) == ("TS-2026-0001", "TS-2026-0001 投诉 东湖街道办事处")
    assert (case.handler, case.status, case.received_on) == ("DCS", "已登记", now.date())


@pytest.mark.parametrize(
    ("target", "handler", "seen_by"),
    [
        ("U01", "DCS", {"body:DCS", "body:LSG"}),
        ("不清楚", "DCS", {"body:DCS", "body:LSG"}),
        ("DCS", "QZB", {"body:QZB", "body:LSG"}),  # AV-6
        ("LSG", "UP", {"body:UP"}),  # AV-6
    ],
)
def test_who_sees_a_new_case_depends_on_whom_it_is_against(
    open_case: Callable[..., Case], district: Session, target: str, handler: str, seen_by: set[str]
) -> None:
    case = open_case(target_unit=target)
    assert case.handler == handler
    assert scopes_of(district, case) == seen_by | ONLOOKERS


def test_a_case_that_follows_from_another_has_its_own_number_and_is_not_seen_by_its_units(
    open_case: Callable[..., Case], district: Session
) -> None:
    # given a complaint that the unit U02 answers, and the version of a process whose process.toml says WZ
    cause = open_case(target_unit="DCS")
    scopes.allow(district, cause.instance_id, ["unit:U02"])
    definition = Definition(
        id="a" * 32, key="accountability", version=1, name="问责", digest="0" * 64, effective_from=NOW,
        published_at=NOW, published_by="owner", approved_by="lead", calls={},
    )  # fmt: skip
    content = b'key = "accountability"\nnumber_series = "WZ"\n'
    district.add_all(
        [
            definition,
            DefinitionFile(definition_id="a" * 32, path="process.toml", digest="1" * 64, content=content),
        ]
    )
    instance = Instance(
        id="b" * 32, definition_id="a" * 32, process_id="accountability", business_key="b" * 32, title="问责",
        status="active", revision=0, started_at=NOW, started_by="system", cause_id=cause.instance_id,
    )  # fmt: skip
    district.add(instance)
    district.flush()
    # when
    added = open_instance(district, instance, {"unit_code": "U01", "source": "投诉"}, NOW)
    # then it is handled by whom the complaint was given to (AV-6), and named by number and unit
    case = district.get_one(Case, instance.id)
    assert added["case_no"] == case.number == instance.business_key == "WZ-2026-0001"
    assert (case.handler, case.target_unit, case.channel, case.status) == ("QZB", "U01", "投诉", "办理中")
    assert instance.title.startswith("WZ-2026-0001 问责 ")
    assert scopes_of(district, case) == {"body:QZB", "body:LSG"} | ONLOOKERS


def test_a_case_handed_over_disappears_from_who_had_it(
    open_case: Callable[..., Case], district: Session
) -> None:
    case = open_case()
    scopes.handled_by(district, case.instance_id, "QZB")
    assert scopes_of(district, case) == {"body:QZB", "body:LSG"} | ONLOOKERS
    scopes.handled_by(district, case.instance_id, "UP")
    assert scopes_of(district, case) == {"body:UP"} | ONLOOKERS


def test_every_person_sees_exactly_the_cases_that_are_theirs(
    open_case: Callable[..., Case], district: Session, sessions: sessionmaker[Session]
) -> None:
    # given one case against a unit, one against 督查室, one against 领导小组
    cases = {target: open_case(target_unit=target).instance_id for target in ("U01", "DCS", "LSG")}
    district.commit()
    # when
    seen = {}
    for login in PEOPLE:
        with sessions() as session:
            see_as(session, viewer_of_actor(actor(login)))
            visible = set(session.scalars(select(Case.instance_id)))
            seen[login] = {target for target, case in cases.items() if case in visible}
    # then
    assert seen == {
        "clerk": {"U01"},
        "clerk2": {"U01"},
        "lead": {"U01"},
        "office": {"DCS"},
        "upper": {"LSG"},
        "group": {"U01", "DCS"},
        "contact": set(),  # not before 交办
        "head": set(),
        "head2": set(),
        "auditor": {"U01", "DCS", "LSG"},
        "manager": {"U01", "DCS", "LSG"},
        "admin": set(),
    }


def assigned(session: Session, case: Case, wanted: Node, **data: Any) -> list[tuple[str, str]]:
    instance = session.get_one(Instance, case.instance_id)
    return list(assign(session, wanted, data, instance).roles)


@pytest.mark.parametrize(
    ("target", "role", "becomes"),
    [
        ("U01", "DCS_CLERK", "DCS_CLERK"),
        ("DCS", "DCS_CLERK", "QZB_CLERK"),
        ("DCS", "DCS_LEAD", "QZB_HEAD"),
        ("LSG", "DCS_CLERK", "UP_LIAISON"),
        ("LSG", "LSG_HEAD", "UP_LIAISON"),
        ("LSG", "PUBLISHER", "PUBLISHER"),
    ],
)
def test_roles_move_to_the_body_that_handles_the_case(
    open_case: Callable[..., Case], district: Session, target: str, role: str, becomes: str
) -> None:
    case = open_case(target_unit=target)
    assert assigned(district, case, node(role)) == [(becomes, "")]


def test_a_units_task_goes_to_its_people_and_lets_them_see_the_case(
    open_case: Callable[..., Case], district: Session
) -> None:
    # given
    case = open_case()
    # when
    roles = assigned(district, case, node("U_CONTACT", "U_INNER_HEAD", unit="lead_unit"), lead_unit="U01")
    # then
    assert roles == [("U_CONTACT", "U01"), ("U_INNER_HEAD", "U01")]
    assert "unit:U01" in scopes_of(district, case)
    assert case.lead_unit == "U01"


def test_a_unit_without_inner_organ_is_reached_through_its_head(
    open_case: Callable[..., Case], district: Session
) -> None:
    case = open_case()
    roles = assigned(district, case, node("U_CONTACT", "U_DEPUTY", unit="lead_unit"), lead_unit="U02")
    assert roles == [("U_HEAD", "U02")]


def test_a_unit_whose_objection_was_accepted_no_longer_sees_the_case(
    open_case: Callable[..., Case], district: Session
) -> None:
    # given
    case = open_case()
    assigned(district, case, node("U_CONTACT", unit="lead_unit"), lead_unit="U01")
    # when
    assigned(district, case, node("U_CONTACT", unit="lead_unit"), lead_unit="U02")
    # then
    assert {s for s in scopes_of(district, case) if s.startswith("unit:")} == {"unit:U02"}


def test_a_shared_desk_sees_a_case_only_once_it_has_a_task_in_it(
    open_case: Callable[..., Case], district: Session
) -> None:
    case = open_case()
    assert "desk:SECRECY" not in scopes_of(district, case)
    assigned(district, case, node("SECRECY"))
    assert "desk:SECRECY" in scopes_of(district, case)


def test_a_task_can_never_let_the_body_complained_of_see_the_case(
    open_case: Callable[..., Case], district: Session
) -> None:
    case = open_case(target_unit="LSG")
    assigned(district, case, node("LSG_MEMBER"))
    assert "body:LSG" not in scopes_of(district, case)


def test_a_task_of_no_unit_stops_the_step_with_the_reason(
    open_case: Callable[..., Case], district: Session
) -> None:
    case = open_case()
    with pytest.raises(StepFailed, match="请先指定承办单位"):
        assigned(district, case, node("U_CONTACT", unit="lead_unit"))


def test_an_instance_that_is_no_case_belongs_to_the_day_to_day_owner(
    open_case: Callable[..., Case], district: Session, now: datetime
) -> None:
    # given
    model = district.get_one(Instance, open_case().instance_id)
    other = Instance(
        id="b" * 32, definition_id=model.definition_id, process_id="opinion_box", business_key="b",
        status="active", revision=0, started_at=now, started_by="clerk",
    )  # fmt: skip
    district.add(other)
    district.flush()
    # when
    added = open_instance(district, other, {}, now)
    # then
    assert added == {}
    found = set(district.scalars(select(InstanceScope.scope).where(InstanceScope.instance_id == other.id)))
    assert found == {"body:DCS"} | ONLOOKERS


def test_nobodys_eyes_see_nothing(
    open_case: Callable[..., Case], district: Session, sessions: sessionmaker[Session]
) -> None:
    open_case()
    district.commit()
    with sessions() as session:
        see_as(session, Viewer())
        assert session.scalars(select(Case)).all() == []
