"""中止计时、恢复计时 without script: who may, what is asked, what the people under it see."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine.store.tables import Deadline
from tests.acceptance.pages import walk
from tests.acceptance.pages.browser import Page
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]
ASKED = {"ground": "第三方意见", "remark": "3 月 2 日向丙公司发出征求意见书。"}


@pytest.fixture
def handling(site: Site, filed: Filed) -> str:
    """Id of the running handling period of an accepted case that a unit works on."""
    filed()
    walk.assign(site)
    walk.well(site.do("u07-contact", "ut_unit_accept", unit_reply="签收办理"))
    return row(site).id


def row(site: Site) -> Deadline:
    with site.session() as session:
        query = select(Deadline).where(
            Deadline.key == "CP-HANDLE", Deadline.status.in_(("running", "suspended"))
        )
        return session.scalars(query).one()


def post(site: Site, who: str, id: str, act: str, **data: str) -> Page:
    browser = site.as_(who)
    (token, *_) = browser.get("/inbox").document.xpath("//input[@name='csrf_token']/@value")
    return browser.post(f"/deadline/{id}/{act}", {"csrf_token": token, **data})


def test_the_lead_stops_the_clock_and_lets_it_run_again(site: Site, handling: str) -> None:
    before = row(site)
    case = site.as_("lead").get(f"/case/{before.instance_id}")
    assert f"/deadline/{handling}/clock" in case.links("/deadline/")
    # when
    page = post(site, "lead", handling, "suspend", **ASKED)
    # then everybody sees 灰
    assert "已中止计时：恢复以前不再计算，也不再提醒" in page.words
    assert "3 月 2 日向丙公司发出征求意见书" in page.words
    assert "中止计时“办理" in page.words  # in the record of the case
    task = site.as_("u07-contact").get(f"/task/{site.open_task('ut_unit_handle')}")
    assert "已中止" in task.words
    assert "期限中止" in site.as_("u07-contact").get("/inbox").words
    told = site.as_("u07-contact").get("/notices").words
    assert "的期限自 2026-03-02（周一）起中止（第三方意见）" in told
    # when
    look = site.as_("lead").get(f"/deadline/{handling}/clock")
    assert "如今天恢复" in look.words
    page = post(site, "lead", handling, "resume", remark="丙公司当日答复。")
    # then: lifted on its own day it costs nothing
    assert f"已恢复计时，改于 {before.due_on.isoformat()}" in page.words
    assert row(site).status == "running"


def test_what_is_missing_is_asked_for_beside_its_field_and_others_may_not(site: Site, handling: str) -> None:
    page = post(site, "lead", handling, "suspend", ground="中止", remark="停", on="2026-13-01")
    assert page.code == 422
    assert "日期应写成 2026-03-04 这样的格式" in page.words
    page = post(site, "lead", handling, "suspend", ground="中止", remark="停")
    assert "请写明依据，例如《行政处罚法》第六十六条" in page.words
    assert "请写明中止的具体情况" in page.words
    for login in ("clerk1", "u07-contact"):
        page = post(site, login, handling, "suspend", **ASKED)
        assert page.code == 403
        assert "计时的中止和恢复由督查室负责人决定" in page.words
        assert site.as_(login).get(f"/case/{row(site).instance_id}").links("/deadline/") == []
    assert post(site, "u06-contact", handling, "suspend", **ASKED).code == 404
    assert row(site).status == "running"


def test_a_suspended_period_is_not_suspended_again_nor_extended(site: Site, handling: str) -> None:
    post(site, "lead", handling, "suspend", **ASKED, _key="0123456789abcdef")
    twice = post(site, "lead", handling, "suspend", **ASKED, _key="0123456789abcdef")
    assert twice.code == 200  # the same form sent twice does its work once
    again = post(site, "lead", handling, "suspend", **ASKED)
    assert again.code == 409
    assert "已经中止，不能再次中止；请先恢复计时" in again.words
    unit, task = site.as_("u07-contact"), site.open_task("ut_unit_handle")
    asked = {"days": "5", "reason": "收费依据涉及三个年度的文件，需要逐件调取原始档案核对。"}
    page = unit.send(f"/task/{task}", asked, f"/task/{task}/extend")
    assert page.code == 409
    assert "中止期间不能延期；请先恢复计时" in page.words


def test_nobody_of_the_body_asks_for_more_time_with_the_complainants_name(site: Site, handling: str) -> None:
    walk.well(site.do("u07-contact", "ut_unit_handle", **walk.HANDLE))
    walk.well(site.do("u07-deputy", "ut_unit_sign", deputy_sign="同意"))
    task = site.open_task("ut_review")
    asked = {"days": "5", "reason": "卞甲乙补交的材料涉及三个年度的文件，需要逐件调取原始档案核对。"}
    page = site.as_("clerk2").send(f"/task/{task}", asked, f"/task/{task}/extend")
    assert (page.code, "这里含有投诉人的姓名" in page.words) == (422, True)
