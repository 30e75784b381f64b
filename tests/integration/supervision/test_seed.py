"""An empty database becomes a district: the demo's from its file, or a real one."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import SYSTEM_ACTOR
from engine.errors import Conflict, InvalidData
from supervision.account.authenticate import authenticate
from supervision.account.table import Account
from supervision.account.viewer import actor_of
from supervision.deadlines.versions import Periods, publish_calendar, publish_rules
from supervision.organisation.table import Unit
from supervision.organisation.units import channels, inner_organ, supervised_units
from supervision.seed import UnitEntry, create_district, demo_people, seed_demo
from supervision.setting import get_setting, is_demo
from tests.integration.supervision.conftest import PROCESSES

ROLES = """
[role.DCS_CLERK]
label = "督查室经办人"
body = "DCS"
lane = "督查室经办人"

[role.U_HEAD]
label = "主要领导"
body = "U"
"""
DEMO = """
[district]
name = "云溪区"
organ_word = "云"
issuing_body = "云溪区人民政府办公室"
password = "demo-only"

[[unit]]
code = "DCS"
name = "督查室"
unit_type = "机构"

[[unit]]
code = "U01"
name = "东湖街道办事处"
unit_type = "街办"

[[unit]]
code = "U02"
name = "区图书馆"
unit_type = "授权组织"

[[inner_organ]]
unit = "U01"
name = "督查科"
head = "甲"
contact = "乙"
phone = "000"
appointed_on = 2026-01-05

[[channel]]
code = "BOX1"
kind = "意见箱"
name = "政务大厅意见箱"
detail = "一楼"

[[person]]
login = "clerk1"
name = "陈某"
unit = "DCS"
post = "科员"
roles = ["DCS_CLERK"]

[[person]]
login = "unit-a-head"
name = "王某"
unit = "U01"
roles = ["U_HEAD"]
"""


@pytest.fixture
def processes(tmp_path: Path) -> Path:
    folder = tmp_path / "processes"
    (folder / "calendar").mkdir(parents=True)
    shutil.copy(PROCESSES / "deadlines.toml", folder)
    shutil.copy(PROCESSES / "calendar" / "2026.toml", folder / "calendar")
    (folder / "roles.toml").write_text(ROLES)
    (folder / "demo.toml").write_text(DEMO)
    return folder


def test_the_demo_fills_an_empty_database_once(session: Session, processes: Path, now: datetime) -> None:
    # when
    assert seed_demo(session, processes, now)
    # then
    assert not seed_demo(session, processes, now)
    assert is_demo(session)
    assert [unit.name for unit in supervised_units(session)] == ["东湖街道办事处", "区图书馆"]
    assert [unit.self_check_duty for unit in supervised_units(session)] == ["mandatory", "invited"]
    organ = inner_organ(session, "U01")
    assert organ is not None
    assert organ.appointed_on == date(2026, 1, 5)
    assert [channel.name for channel in channels(session, "意见箱")] == ["政务大厅意见箱"]
    assert get_setting(session, "issuing_body") == "云溪区人民政府办公室"


def test_the_people_of_the_demo_can_log_in(session: Session, processes: Path, now: datetime) -> None:
    # given
    seed_demo(session, processes, now)
    # then
    assert [(p.login, p.unit, p.roles) for p in demo_people(session)] == [
        ("clerk1", "督查室", ["督查室经办人"]),
        ("unit-a-head", "东湖街道办事处", ["主要领导"]),
    ]
    assert authenticate(session, "clerk1", demo_people(session)[0].password, now).account is not None
    assert actor_of(session, session.get_one(Account, "unit-a-head"), now).roles == {("U_HEAD", "U01")}


def test_a_role_that_does_not_exist_is_named(session: Session, processes: Path, now: datetime) -> None:
    (processes / "demo.toml").write_text(DEMO.replace('"DCS_CLERK"', '"DCS_CLARK"'))
    with pytest.raises(InvalidData, match="DCS_CLARK"):
        seed_demo(session, processes, now)


@pytest.mark.parametrize("name", ["demo.toml", "roles.toml"])
def test_a_broken_file_is_named(session: Session, processes: Path, now: datetime, name: str) -> None:
    (processes / name).write_text("= nothing")
    with pytest.raises(InvalidData, match=name):
        seed_demo(session, processes, now)


def test_a_missing_entry_is_named(session: Session, processes: Path, now: datetime) -> None:
    (processes / "demo.toml").write_text(DEMO.replace('organ_word = "云"', ""))
    with pytest.raises(InvalidData, match="organ_word"):
        seed_demo(session, processes, now)


def test_the_real_files_make_a_demo(session: Session, now: datetime) -> None:
    assert seed_demo(session, PROCESSES, now)
    assert len(supervised_units(session)) == 10
    assert {"clerk1", "lead", "u01-contact"} <= {person.login for person in demo_people(session)}


def test_a_real_district_has_nobody_to_log_in_as(session: Session, processes: Path, now: datetime) -> None:
    # when
    units = [UnitEntry("U01", "东湖街道办事处", "街办")]
    create_district(session, processes, "临江区", units, organ_word="临", by=SYSTEM_ACTOR, now=now)
    # then
    assert session.get_one(Unit, "QZB").name == "临江区政府办公室"
    assert (is_demo(session), demo_people(session)) == (False, [])
    with pytest.raises(Conflict, match="已经有一个区"):
        create_district(session, processes, "临江区", [], organ_word="临", by=SYSTEM_ACTOR, now=now)


def test_a_unit_of_an_unknown_type_is_refused(session: Session, processes: Path, now: datetime) -> None:
    with pytest.raises(InvalidData, match="公司"):
        create_district(
            session, processes, "临江区", [UnitEntry("U01", "某公司", "公司")],
            organ_word="临", by=SYSTEM_ACTOR, now=now,
        )  # fmt: skip


def test_rules_and_calendars_are_versions(session: Session, processes: Path, now: datetime) -> None:
    # given
    seed_demo(session, processes, now)
    periods = Periods()
    first = periods.rules(session)
    assert periods.rules(session) is first
    # when the same text comes again, and then another one
    text = (processes / "deadlines.toml").read_text()
    publish_rules(session, text, by=SYSTEM_ACTOR, now=now)
    assert periods.rules(session) is first
    later = datetime(2026, 6, 1, tzinfo=now.tzinfo)
    publish_rules(session, text.replace("[CP-HANDLE]", "[CP-HANDLE-2]"), by=SYSTEM_ACTOR, now=later)
    # then
    assert "CP-HANDLE-2" in periods.rules(session)
    calendar = periods.calendar(session)
    assert periods.calendar(session) is calendar
    text = (processes / "calendar" / "2026.toml").read_text()
    row = publish_calendar(session, 2026, f"{text}\n# 更正\n", by=SYSTEM_ACTOR, now=later)
    assert row.version == 2
    assert periods.calendar(session) is not calendar


def test_without_rules_or_calendar_it_says_what_is_missing(session: Session) -> None:
    with pytest.raises(Exception, match=r"deadlines\.toml"):
        Periods().rules(session)
    with pytest.raises(Exception, match="calendar/"):
        Periods().calendar(session)


def test_every_account_of_the_demo_belongs_to_a_unit(
    session: Session, processes: Path, now: datetime
) -> None:
    seed_demo(session, processes, now)
    units = set(session.scalars(select(Unit.code)))
    assert set(session.scalars(select(Account.unit_code))) <= units
