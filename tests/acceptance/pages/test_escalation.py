"""预警与亮牌: what a late unit, its supervisors and the lead see and do about a case that nobody finishes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from command.clock import MovableClock
from command.compose import compose, key_file
from command.pumping import make_pump
from command.settings import Settings
from engine.instance import Context
from engine.store.tables import Deadline, Instance
from scheduler.pump import QUEUES, drain
from scheduler.remind import AFTER_TIMERS, remind
from supervision.escalation.table import Card, FollowUp
from supervision.identity.key import load_keys
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import COMPLAINT, MORNING, Site, app_of, settings_in

LATE = datetime(2026, 4, 2, 2, tzinfo=UTC)


def let_pass(site: Site, to: datetime) -> None:
    """The clock moves; the ladder acts at each of its moments."""
    pump = make_pump(site.system, "test")
    while True:
        with site.session() as session:
            look = session.scalar(select(func.min(Deadline.watch_at)).where(Deadline.status != "suspended"))
        if look is None or look > to:
            break
        site.clock.move(max(look, site.clock()))
        with site.session() as session:
            remind(session, site.clock())
            session.commit()
        site.clock.move(site.clock() + AFTER_TIMERS)
        for queue in QUEUES:
            drain(pump, queue, site.clock)
    site.clock.move(to)


@pytest.fixture(scope="module")
def long_late(prepared: Path, context: Context, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """区市场监督管理局 has let CP-HANDLE (to 03-23) pass by half: L4 since 04-02. Told once, copied often."""
    folder = tmp_path_factory.mktemp("late") / "var"
    shutil.copytree(prepared, folder)
    for site in opened(settings_in(folder), context, MORNING):
        assert site.browser().send("/complaint", COMPLAINT).code == 200
        walk.assign(site)
        walk.well(site.do("u07-contact", "ut_unit_accept", unit_reply="签收办理"))
        let_pass(site, LATE)
    return folder


@pytest.fixture
def late(long_late: Path, context: Context, tmp_path: Path) -> Iterator[Site]:
    shutil.copytree(long_late, tmp_path / "late")
    yield from opened(settings_in(tmp_path / "late"), context, LATE)


def opened(settings: Settings, context: Context, at: datetime) -> Iterator[Site]:
    clock = MovableClock(at)
    system = replace(compose(settings, load_keys(key_file(settings)), clock), context=context)
    yield Site(app_of(system, clock), system, clock)
    system.database.dispose()


def one(site: Site, kind: str) -> str:
    with site.session() as session:
        return session.scalars(select(FollowUp.id).where(FollowUp.kind == kind)).one()


def case_id(site: Site) -> str:
    with site.session() as session:
        return session.scalars(select(Card.instance_id)).first() or ""


def test_the_list_of_what_is_late_shows_level_cards_and_what_is_proposed(late: Site) -> None:
    page = late.as_("lead").get("/overdue")
    for words in ("红灯·严重", "黄牌", "红牌", "催办通知书制发中", "约谈待决定", "线索待确认"):
        assert words in page.words
    assert late.as_("u07-head").get("/overdue").words.count("待确认") == 0  # the unit sees its cards only
    assert "红牌" in late.as_("u07-head").get("/overdue").words


def test_a_clue_is_confirmed_by_the_lead_once_however_often_clicked(late: Site) -> None:
    lead, url = late.as_("lead"), f"/follow-up/{one(late, '线索')}"
    page = lead.get(url)
    assert "区市场监督管理局" in page.words
    assert "不会自动立案" in page.words
    form = page.document.xpath("//form[.//textarea[@name='reason']]")[0]
    data = {name: value for name, value in form.form_values()}
    assert data["grounds"] == "R8(8)"
    refused = lead.post(f"{url}/accept", data)
    assert refused.code == 422
    assert "请写明理由" in refused.words
    data["reason"] = "经核实，单位未说明原因"
    first, again = (lead.post(f"{url}/accept", data) for _ in range(2))
    assert "XS-2026-0001" in first.words
    assert again.code == 200
    other = lead.post(f"{url}/decline", {**data, "_key": "another"})
    assert other.code == 409
    assert "已经决定" in other.words
    with late.session() as session:
        assert session.scalars(select(FollowUp.number).where(FollowUp.number.is_not(None))).all() == [
            "XS-2026-0001"
        ]


def test_the_talk_is_declined_with_a_reason_by_who_may(late: Site) -> None:
    url = f"/follow-up/{one(late, '约谈')}"
    assert not late.as_("clerk1").get(url).document.xpath("//textarea[@name='reason']")
    deputy = late.as_("group-deputy")
    form = deputy.get(url).document.xpath("//form[.//textarea[@name='reason']]")[0]
    page = deputy.post(f"{url}/decline", {**dict(form.form_values()), "reason": "单位已当面说明"})
    assert "已决定不约谈" in page.words
    assert "单位已当面说明" in page.words


def test_who_only_looks_on_does_not_open_a_proposal(late: Site) -> None:
    url = f"/follow-up/{one(late, '线索')}"
    codes = {who: late.as_(who).get(url).code for who in ("u07-head", "u08-head", "manager", "office-head")}
    assert codes == {"u07-head": 404, "u08-head": 404, "manager": 403, "office-head": 404}


def test_cards_by_unit_and_who_sees_them(late: Site) -> None:
    lead = late.as_("lead").get("/cards")
    assert "区市场监督管理局" in lead.words
    assert "2026-03-24" in lead.words  # the day after the end
    assert "2027-03-24" in lead.words  # the last day on which it counts
    assert "区市场监督管理局" in late.as_("u07-contact").get("/cards").words
    assert "没有有效的黄牌和红牌" in late.as_("u08-head").get("/cards").words
    assert "没有已撤销的黄牌和红牌" in late.as_("lead").get("/cards?state=已撤销").words
    assert late.as_("publisher").get("/cards").code == 403


def test_the_lead_withdraws_a_card_with_a_reason(late: Site) -> None:
    with late.session() as session:
        card = session.scalars(select(Card.id).where(Card.colour == "黄牌")).one()
    url = f"/cards/{card}"
    assert "撤销黄牌" not in late.as_("u07-head").get(url).words
    assert late.as_("u08-head").get(url).code == 404
    page = late.as_("lead").send(url, {"reason": ""}, f"{url}/withdraw")
    assert (page.code, "请写明撤销的理由" in page.words) == (422, True)
    page = late.as_("lead").send(url, {"reason": "逾期由系统故障造成"}, f"{url}/withdraw")
    assert "已撤销，记录和理由保留" in page.words
    assert "逾期由系统故障造成" in late.as_("u07-head").get(url).words
    assert "已撤销" in late.as_("u07-head").get("/notices").words


def test_the_case_shows_whom_each_warning_reached(late: Site) -> None:
    page = late.as_("lead").get(f"/case/{case_id(late)}")
    assert "预警与亮牌" in page.words
    for words in ("黄灯提醒", "红灯·上报", "红灯·严重", "站内", "已送达"):
        assert words in page.words
    own = late.as_("u07-head").get(f"/case/{case_id(late)}")
    trail = own.document.xpath("string(//*[@class='trail'])")
    assert "红牌" in trail
    leaders = ("周正言", "吴知行", "线索")
    assert not any(word in trail for word in leaders)  # the unit reads of its own people only


def test_urging_again_waits_for_the_letter_before_and_names_nobody(late: Site) -> None:
    lead = late.as_("lead")
    assert not lead.get("/overdue").document.xpath("//form[contains(@action, '/urge')]")
    with late.session() as session:
        letter = session.scalars(
            select(Instance)
            .where(Instance.process_id == "document_issue")
            .order_by(Instance.started_at.desc())
        ).first()
        assert letter is not None
        letter.status = "completed"
        session.commit()
    page = lead.get("/overdue")
    action = page.document.xpath("//form[contains(@action, '/urge')]/@action")[0]
    data = dict(page.form(action).form_values())
    assert "草稿已经生成" in lead.post(action, data).words
    assert lead.post(action, data).code == 200  # a second click of the same button
    assert "还在制发" in lead.post(action, {**data, "_key": "other"}).words
    with late.session() as session:
        urged = session.scalars(select(FollowUp).where(FollowUp.kind == "催办")).all()
        assert sorted(follow.serial for follow in urged) == [1, 2]
    for url in ("/overdue", "/cards", "/notices", f"/case/{case_id(late)}"):
        assert not re.search("卞甲乙|13912345678", lead.get(url).text)


def test_a_card_is_not_withdrawn_with_the_complainants_name(late: Site) -> None:
    with late.session() as session:
        card = session.scalars(select(Card.id).where(Card.colour == "黄牌")).one()
    url = f"/cards/{card}"
    page = late.as_("lead").send(url, {"reason": "卞甲乙来电说单位已经答复"}, f"{url}/withdraw")
    assert (page.code, "这里含有投诉人的姓名" in page.words) == (422, True)
    assert "卞甲乙来电" not in late.as_("u07-head").get(url).text


@pytest.mark.parametrize(("kind", "act"), [("约谈", "accept"), ("线索", "decline")])
def test_nor_is_a_proposal_decided_with_it(late: Site, kind: str, act: str) -> None:
    url = f"/follow-up/{one(late, kind)}"
    form = late.as_("lead").get(url).document.xpath("//form[.//textarea[@name='reason']]")[0]
    data = {**dict(form.form_values()), "reason": "卞甲乙三次来电催问未获答复"}
    page = late.as_("lead").post(f"{url}/{act}", data)
    assert (page.code, "这里含有投诉人的姓名" in page.words) == (422, True)
    assert "来电催问" not in late.as_("auditor").get(url).text


def test_before_anything_is_late_the_pages_say_so(site: Site) -> None:
    assert "没有有效的黄牌和红牌" in site.as_("lead").get("/cards").words
    assert "没有逾期和即将到期的事项" in site.as_("lead").get("/overdue").words
