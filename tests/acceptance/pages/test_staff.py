"""Staff: a case through everybody's pages, and the lists that show it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select

from supervision.case.table import Case
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]


def test_a_case_goes_through_everybodys_pages_to_the_public_list(site: Site, filed: Filed) -> None:
    number, code = filed()
    walk.assign(site)
    walk.handle(site)
    walk.close(site)
    walk.well(site.do("clerk1", "ut_callback", satisfaction="满意"))
    published = site.browser().get("/published")
    assert number in published.words
    result = site.browser().get(published.links("/published/")[0])
    assert "经查属实" in result.words
    followed = site.browser().send("/query", {"number": number, "code": code, "tail": "5678"})
    assert "属实" in followed.words
    letters = followed.links("/query/letter/")
    assert letters
    rated = site.browser()
    case = rated.send("/query", {"number": number, "code": code, "tail": "5678"})
    assert "处理结果告知书" in rated.get(letters[-1]).words
    thanks = rated.submit(case, "/query/rate", {"rating": "满意"})
    assert "谢谢您的评价" in thanks.words


def test_the_inbox_shows_what_is_due_first_and_finds_by_number(site: Site, filed: Filed) -> None:
    first, _ = filed()
    site.clock.move(site.clock() + timedelta(days=1))
    second, _ = filed()
    clerk = site.as_("clerk1")
    inbox = clerk.get("/inbox")
    assert inbox.words.index(first) < inbox.words.index(second)
    assert "剩余" in inbox.words
    assert second not in clerk.get(f"/inbox?q={first}").words
    assert "没有找到" in clerk.get("/inbox?q=%25").words
    assert first not in site.as_("u07-contact").get("/inbox").words


def test_overdue_cases_stand_red_in_the_inbox_and_on_the_managers_list(site: Site, filed: Filed) -> None:
    number, _ = filed()
    site.clock.move(site.clock() + timedelta(days=12))
    inbox = site.as_("clerk1").get("/inbox?tab=overdue")
    assert number in inbox.words
    assert "逾期" in inbox.words
    manager = site.as_("manager")
    board = manager.get("/overdue")
    assert board.code == 200
    assert number in board.words
    assert "督查室" in board.words
    with site.session() as session:
        instance_id = session.scalars(select(Case.instance_id)).one()
    assert manager.get(f"/case/{instance_id}").code == 403
    assert site.as_("publisher").get("/overdue").code == 403


def test_claiming_keeps_others_out_and_giving_back_lets_them_in(site: Site, filed: Filed) -> None:
    filed()
    task_id = site.open_task("ut_complete")
    mine = site.as_("clerk1")
    mine.submit(mine.get(f"/task/{task_id}"), f"/task/{task_id}/claim")
    other = site.as_("clerk2").get(f"/task/{task_id}")
    assert "已由 陈明远 签收" in other.words
    back = mine.submit(mine.get(f"/task/{task_id}"), f"/task/{task_id}/unclaim")
    assert "已退签" in back.words
    assert "提交" in site.as_("clerk2").get(f"/task/{task_id}").words


def test_the_task_page_says_how_the_day_was_counted_and_where_the_case_stands(
    site: Site, filed: Filed
) -> None:
    filed()
    page = site.as_("clerk1").get(f"/task/{site.open_task('ut_complete')}")
    assert "怎样算出来的" in page.words
    assert "计入第 1 日" in page.words
    assert "完善登记与研判要素" in page.words
    assert 'data-state="{&#34;current&#34;:[&#34;ut_complete&#34;]' in page.text
    source = page.document.xpath("//*[@data-src]/@data-src")[0]
    assert b"<bpmn:definitions" in site.as_("clerk1").client.get(source).data


def test_more_time_is_asked_for_and_granted_by_another(site: Site, filed: Filed) -> None:
    filed()
    walk.assign(site)
    walk.well(site.do("u07-contact", "ut_unit_accept", unit_reply="签收办理"))
    task_id = site.open_task("ut_unit_handle")
    unit = site.as_("u07-contact")
    short = unit.submit(
        unit.get(f"/task/{task_id}"), f"/task/{task_id}/extend", {"days": "5", "reason": "忙"}
    )
    assert short.code == 422
    assert "至少 20 个字" in short.words
    reason = "需要向原开发企业调取维修资金使用台账，预计两周内能够取得。"
    asked = unit.submit(
        unit.get(f"/task/{task_id}"), f"/task/{task_id}/extend", {"days": "10", "reason": reason}
    )
    assert "延期申请已提交" in asked.words


def test_a_clerk_enters_a_telephone_call(site: Site, complaint: dict[str, object]) -> None:
    clerk = site.as_("clerk1")
    receipt = clerk.send("/new/phone", complaint)
    assert receipt.code == 200, receipt.words
    assert "TS-2026-0001" in receipt.words
    assert "并告知投诉人" in receipt.words
    with site.session() as session:
        assert session.scalars(select(Case.channel)).one() == "电话"
    assert site.as_("u07-contact").get("/new/phone").code == 403
    assert clerk.get("/new/fax").code == 404


def test_a_box_is_opened_by_two_and_recorded_even_when_empty(site: Site) -> None:
    clerk = site.as_("clerk1")
    clerk.send("/box")
    task_id = site.open_task("ut_open")
    page = clerk.get(f"/task/{task_id}")
    box = page.document.xpath("//select[@name='box_id']//option[@value!='']/@value")[0]
    data = {"box_id": box, "opened_at": "2026-03-02T09:00", "count": "0"}
    alone = clerk.submit(page, f"/task/{task_id}", {**data, "openers": ["clerk1"]})
    assert alone.code == 422
    walk.well(clerk.send(f"/task/{task_id}", {**data, "openers": ["clerk1", "clerk2"]}))
    assert "陈明远、王思齐" in clerk.get("/box").words


def test_notices_lead_to_the_task_and_can_be_read(site: Site, filed: Filed) -> None:
    filed()
    clerk = site.as_("clerk1")
    bell = clerk.get("/notices")
    assert f"/task/{site.open_task('ut_complete')}" in bell.text
    read = clerk.submit(bell, "/notices/read")
    assert "已标为已读" in read.words


def test_the_password_is_changed_by_its_owner(site: Site) -> None:
    clerk = site.as_("clerk1")
    wrong = clerk.send("/password", {"old": "not-it", "new": "ein-neues-wort-9", "again": "ein-neues-wort-9"})
    assert wrong.code == 422
    assert "原密码不正确" in wrong.words
    apart = clerk.send("/password", {"old": "yunxi-demo-2026", "new": "a-new-word-77", "again": "other"})
    assert "两次输入的新密码不一样" in apart.words
    done = clerk.send(
        "/password", {"old": "yunxi-demo-2026", "new": "a-new-word-77", "again": "a-new-word-77"}
    )
    assert "密码已修改" in done.words
