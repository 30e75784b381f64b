"""各单位: who was asked, how far each is, who is missing; asking one more; and what a unit sees of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.task
from command.play.chain import DONE
from engine.actor import SYSTEM_ACTOR, Actor
from engine.instance import fan_in, start
from engine.store.tables import Deadline, FanOut, FanOutMember, HistoryEntry, Instance, Task
from scheduler.pump import Pump, drain
from supervision.organisation.table import Unit
from tests.acceptance.pages.browser import Page
from tests.acceptance.pages.conftest import Site


@pytest.fixture
def parent(site: Site) -> str:
    """A self-check whose day has come, and that has asked every unit."""
    with site.session() as session:
        parent = start(
            session, site.system.context, "self_check", {"label": "2026H1", "cycle_on": "2026-03-02"},
            actor=SYSTEM_ACTOR, now=site.clock(), business_key="self_check:2026H1",
        )  # fmt: skip
        complete(site, session, parent, "ut_notice")
        complete(site, session, parent, "ut_ok", notice_ok="同意")
        issue_the_notice(site, session, parent)
        session.commit()
    pump(site)
    return parent


def complete(
    site: Site,
    session: Session,
    instance_id: str,
    element_id: str,
    by: Actor = SYSTEM_ACTOR,
    **data: object,
) -> None:
    task = session.scalars(
        select(Task.id).where(
            Task.instance_id == instance_id, Task.element_id == element_id, Task.status == "open"
        )
    ).one()
    engine.task.complete(session, site.system.context, task, data, actor=by, now=site.clock())


def issue_the_notice(site: Site, session: Session, instance_id: str) -> None:
    """Whatever steps the issuing of a document has: all agree."""
    agreed = {**DONE, "title": "关于开展自查的通知", "body": "请各单位对照第六条逐项自查，按期报送。"}
    for _ in range(10):
        open_now = select(Task.element_id).where(Task.instance_id == instance_id, Task.status == "open")
        elements = list(session.scalars(open_now))
        if not elements:
            return
        for element_id in elements:
            by = replace(SYSTEM_ACTOR, login=element_id)  # who drafts does not sign
            complete(site, session, instance_id, element_id, by, **agreed)


def pump(site: Site) -> None:
    drain(Pump(site.system.sessions, site.system.context, "p"), "engine", site.clock)


def child(site: Site, parent: str, unit: str) -> str:
    with site.session() as session:
        found = session.scalars(
            select(FanOutMember.instance_id).where(
                FanOutMember.parent_id == parent, FanOutMember.item == unit
            )
        ).one()
    assert found is not None
    return found


def names(page: Page) -> list[str]:
    return [cell.text_content() for cell in page.document.xpath("//table//*[@class='tt']")]


def ask(site: Site, parent: str, login: str = "clerk1", **data: object) -> Page:
    browser = site.as_(login)
    return browser.submit(browser.get(f"/case/{parent}/units"), f"/case/{parent}/units", data)


def add_unit(site: Site) -> None:
    with site.session() as session:
        session.add(
            Unit(
                code="N01", name="区数据局", unit_type="区政府部门", self_check_duty="mandatory", position=90
            )
        )
        session.commit()


def test_the_case_shows_who_is_missing_and_leads_to_each_unit(site: Site, parent: str) -> None:
    # given one unit that has reported
    with site.session() as session:
        ours = child(site, parent, "U01")
        for step in ("ut_assign", "ut_fill"):
            complete(site, session, ours, step)
        complete(site, session, ours, "ut_inner", inner_check="通过")
        complete(site, session, ours, "ut_head", head_sign="同意报送")
        told = {f"inner_notice_{name}": "已通报" for name in ("no", "date", "scope", "file")}
        told["inner_notice_date"] = "2026-03-09"
        complete(site, session, ours, "ut_inner_notice", **told)
        complete(site, session, ours, "ut_submit", report="逐项自查，没有发现问题。")
        complete(site, session, ours, "ut_review", dcs_review="通过")
        session.commit()
    # then
    page = site.as_("clerk1").get(f"/case/{parent}")
    assert "共 10 个单位，已报 1 个，未报 9 个" in page.words
    assert "东溪街道办事处" not in names(page)
    assert "西桥街道办事处" in names(page)
    assert f"/case/{child(site, parent, 'U02')}" in page.links("/case/")
    reported = site.as_("clerk1").get(f"/case/{parent}/units?show=reported")
    assert names(reported) == ["东溪街道办事处"]
    assert "按期办结" in reported.words
    everybody = site.as_("clerk1").get(f"/case/{parent}/units?show=all")
    assert len(names(everybody)) == 10
    opened = site.as_("clerk1").get(f"/case/{child(site, parent, 'U02')}")
    assert "单位自查 2026H1 西桥街道办事处" in opened.words


def test_many_units_come_in_pages(site: Site, parent: str) -> None:
    with site.session() as session:
        fan = session.scalars(select(FanOut)).one()
        fan.total = 45
        for number in range(10, 45):
            row = {"fan_out_id": fan.id, "parent_id": parent, "data": {}, "status": "pending"}
            session.add(FanOutMember(position=number, item=f"M{number}", name=f"单位{number}", **row))
        session.commit()
    first = site.as_("clerk1").get(f"/case/{parent}/units?show=all")
    (further,) = [link for link in first.links(f"/case/{parent}/units") if "before=20" in link]
    second = site.as_("clerk1").get(further)
    assert len(names(first)) == len(names(second)) == 20
    assert not set(names(first)) & set(names(second))
    assert names(site.as_("clerk1").get(further.replace("before=20", "before=40"))) == [
        f"单位{number}" for number in range(40, 45)
    ]
    assert site.as_("clerk1").get(f"/case/{parent}/units?before=x&show=nothing").code == 200


def test_a_unit_sees_its_own_process_only(site: Site, parent: str) -> None:
    unit = site.as_("u01-contact")
    assert unit.get(f"/case/{child(site, parent, 'U01')}").code == 200
    hidden = (f"/case/{parent}", f"/case/{parent}/units", f"/case/{child(site, parent, 'U02')}")
    assert [unit.get(url).code for url in hidden] == [404, 404, 404]
    assert "西桥街道" not in unit.get(f"/case/{child(site, parent, 'U01')}").words


def test_a_unit_that_is_new_is_asked_once_with_a_reason(site: Site, parent: str) -> None:
    # given a unit that was set up after the others were asked
    add_unit(site)
    page = site.as_("clerk1").get(f"/case/{parent}/units")
    assert page.document.xpath("//select[@name='unit_code']/option/text()") == ["请选择", "区数据局"]
    # when it is asked without a reason, then with one, and the form is sent again
    refused = ask(site, parent, unit_code="N01", reason="新")
    assert (refused.code, "请写明补发理由" in refused.words) == (422, True)
    asked = ask(site, parent, unit_code="N01", reason="三月新设的单位")
    assert (asked.code, "已向“区数据局”补发" in asked.words) == (200, True)
    pump(site)
    again = site.as_("clerk1").submit(
        page, f"/case/{parent}/units", {"unit_code": "N01", "reason": "三月新设"}
    )
    # then it has one process, and the record says who asked and why
    assert (again.code, "已在名单中" in again.words) == (409, True)
    with site.session() as session:
        found = session.scalars(select(Instance).where(Instance.title.contains("区数据局"))).all()
        (entry,) = session.scalars(select(HistoryEntry).where(HistoryEntry.kind == "fan_out.added")).all()
    assert len(found) == 1
    assert (entry.actor, entry.name) == ("clerk1", "区数据局")
    assert "补发" in site.as_("clerk1").get(f"/case/{parent}").words


def test_who_may_not_ask_is_refused(site: Site, parent: str) -> None:
    add_unit(site)
    auditor = site.as_("auditor")
    page = auditor.get(f"/case/{parent}/units")
    assert (page.code, "区数据局" in page.words) == (200, False)
    token = page.document.xpath("string(//input[@name='csrf_token']/@value)")
    data = {"csrf_token": token, "unit_code": "N01", "reason": "新设的单位"}
    assert auditor.client.post(f"/case/{parent}/units", data=data).status_code == 403
    assert site.as_("clerk1").get("/case/nothing/units").code == 404


def test_when_the_summary_has_begun_nobody_is_asked_any_more(site: Site, parent: str) -> None:
    add_unit(site)
    page = site.as_("clerk1").get(f"/case/{parent}/units")
    with site.session() as session:
        fan_in.close(session, parent, "", site.clock())
        session.commit()
    late = site.as_("clerk1").submit(
        page, f"/case/{parent}/units", {"unit_code": "N01", "reason": "新设单位"}
    )
    assert late.code == 409
    closed = site.as_("clerk1").get(f"/case/{parent}/units").words
    assert "已经汇总，不再等候；未报的单位仍须报送" in closed
    assert "补发" not in closed


def test_a_district_without_such_units_is_told_so(site: Site) -> None:
    with site.session() as session:
        for unit in session.scalars(select(Unit)):
            unit.active = False
        parent = start(
            session, site.system.context, "district_report", {}, actor=SYSTEM_ACTOR, now=site.clock()
        )
        session.commit()
    pump(site)
    page = site.as_("lead").get(f"/case/{parent}")
    assert "没有符合条件的单位：请核对单位名录" in page.words
    with site.session() as session:
        assert session.scalars(select(Task.element_id).where(Task.instance_id == parent)).all() == [
            "ut_check"
        ]


def test_no_page_nor_calendar_nor_proof_shows_a_key_of_the_system(site: Site, parent: str) -> None:
    ours, unit, lead = child(site, parent, "U01"), site.as_("u01-contact"), site.as_("lead")
    called = "单位自查 2026H1 东溪街道办事处"
    with site.session() as session:
        row = session.scalars(select(Deadline.id).where(Deadline.instance_id == ours)).first()
        task = session.scalars(select(Task.id).where(Task.instance_id == ours, Task.status == "open")).one()
    (address,) = unit.send("/me", action="/me/feed").document.xpath("//input[@id='address']/@value")
    feed = site.app.test_client().get(str(address).removeprefix("http://localhost")).get_data(as_text=True)
    shown = [feed.replace("\r\n ", ""), lead.get(f"/deadline/{row}/clock").words]
    shown += [
        unit.get(url).words
        for url in (f"/task/{task}", f"/case/{ours}", f"/case/{ours}/deadline/{row}/proof", "/inbox")
    ]
    asked = {"ground": "第三方意见", "remark": "3 月 2 日发出征求意见书。"}
    lead.send(f"/deadline/{row}/clock", asked, f"/deadline/{row}/suspend")
    shown.append(unit.get("/notices").words)
    assert f"{called}“分派自查”的期限自" in shown[-1]
    for words in shown:
        assert called in words
        assert "self_check:" not in words
    assert "self_check:" not in site.as_("clerk1").get(f"/case/{parent}").words
