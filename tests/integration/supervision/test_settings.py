"""The district's settings: defaults, changes with a reason on record, and what follows at once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Conflict, InvalidData, NotFound
from engine.instance import Context
from supervision.cycles.file import read_cycles
from supervision.cycles.look import look
from supervision.deadlines.versions import reasons
from supervision.identity.key import Keys
from supervision.organisation.table import Unit
from supervision.organisation.units import unit_name
from supervision.seed import seed_demo
from supervision.setting import date_setting, setting
from supervision.setting.change import answers, change_setting
from supervision.setup import make_context
from tests.integration.supervision.conftest import PROCESSES

OWNER = Actor("owner", "流程所有者")
WHY = "领导小组会议纪要第 3 号。"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def context(keys: Keys) -> Context:
    return make_context(PROCESSES, keys)


@pytest.fixture
def yunxi(session: Session, now: datetime) -> Session:
    seed_demo(session, PROCESSES, now)
    return session


def test_until_a_district_decides_the_default_is_in_force(yunxi: Session, context: Context) -> None:
    assert setting(yunxi, "award_year_basis") == "decision_year"
    assert date_setting(yunxi, "regulation_issued_on") is None
    shown = {answer.known.key: answer for answer in answers(yunxi, context)}
    assert not shown["award_year_basis"].answered
    assert shown["award_year_basis"].words == "问责决定书印发的年度"
    assert shown["dcs_name"].value == unit_name(yunxi, "DCS")
    assert shown["review_apply"].value == "30 cd"


def test_a_change_needs_a_reason_and_is_on_record(yunxi: Session, context: Context, now: datetime) -> None:
    def change(reason: str) -> None:
        change_setting(yunxi, context, "award_year_basis", "conduct_year", reason=reason, by=OWNER, now=now)

    with pytest.raises(InvalidData, match="reason"):
        change(" ")
    change(WHY)
    assert setting(yunxi, "award_year_basis") == "conduct_year"
    with pytest.raises(Conflict):
        change(WHY)


def test_a_setting_nobody_declared_cannot_be_read_or_changed(
    yunxi: Session, context: Context, now: datetime
) -> None:
    with pytest.raises(NotFound, match=r"settings\.toml"):
        setting(yunxi, "nothing")
    with pytest.raises(NotFound):
        change_setting(yunxi, context, "nothing", "x", reason=WHY, by=OWNER, now=now)


def test_the_review_period_is_the_deadline_rule_itself(
    yunxi: Session, context: Context, now: datetime
) -> None:
    change_setting(yunxi, context, "review_apply", "15 工作日", reason=WHY, by=OWNER, now=now + MINUTE)
    rule = context.rules(yunxi)["RV-A-APPLY"]
    assert (rule.value, rule.unit) == (15, "wd")
    assert WHY in reasons(yunxi, "rules.published").values()


def test_a_body_is_called_by_its_new_name(yunxi: Session, context: Context, now: datetime) -> None:
    change_setting(yunxi, context, "dcs_name", "区政务公开督查室", reason=WHY, by=OWNER, now=now)
    assert unit_name(yunxi, "DCS") == "区政务公开督查室"
    with pytest.raises(InvalidData, match="DCS"):
        change_setting(yunxi, context, "lsg_name", "区政务公开督查室", reason=WHY, by=OWNER, now=now)


def test_the_duty_of_authorised_organisations_is_theirs_at_once(
    yunxi: Session, context: Context, now: datetime
) -> None:
    """R7¶1 names 街办(管理处) and 区政府各部门 only."""
    change_setting(yunxi, context, "self_check_duty", "mandatory", reason=WHY, by=OWNER, now=now)
    duties = {u.self_check_duty for u in yunxi.query(Unit).filter(Unit.unit_type == "授权组织")}
    assert duties == {"mandatory"}


def test_an_inspection_as_government_needs_the_paper_that_empowers_it(
    yunxi: Session, context: Context, now: datetime
) -> None:
    def change(key: str, value: str) -> None:
        change_setting(yunxi, context, key, value, reason=WHY, by=OWNER, now=now)

    with pytest.raises(InvalidData, match="指定文件"):
        change("authority_mode", "政府督查")
    change("authority_doc", "云政发〔2026〕3号")
    change("authority_mode", "政府督查")
    with pytest.raises(InvalidData, match="指定文件"):
        change("authority_doc", "")


def test_a_cycle_comes_round_on_the_days_the_district_chose(
    yunxi: Session, context: Context, now: datetime
) -> None:
    change_setting(yunxi, context, "annual_inspection_dates", "9-15", reason=WHY, by=OWNER, now=now)
    cycle = next(c for c in read_cycles(PROCESSES) if c.key == "annual_inspection")
    view = look(yunxi, cycle, context.calendar(yunxi), now, date(2026, 12, 31))
    assert [(one.key, one.on) for one in view.coming] == [("annual_inspection:2026", date(2026, 9, 15))]


def test_no_year_loses_its_inspection_by_a_change_of_days(
    yunxi: Session, context: Context, now: datetime
) -> None:
    """R7¶1: 每年进行一次全区性的政务公开工作检查. On 2 March, 1 March is gone."""
    with pytest.raises(InvalidData, match="已经过去"):
        change_setting(yunxi, context, "annual_inspection_dates", "03-01", reason=WHY, by=OWNER, now=now)
