"""What goes wrong in a browser gets a clear sentence, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta

from playwright.sync_api import Page, expect

from tests.browser.backstage import backstage, filed, task_id
from tests.browser.desk import do, open_task, work_form
from tests.browser.hands import fill, send
from tests.browser.people import People, log_in
from tests.browser.server import Server
from tests.browser.triage import ELEMENTS

REGISTER = "完善登记与研判要素"
EXTRACT = "反映收费目录两年没有更新，与窗口公示不一致。"


def test_the_second_of_two_clerks_is_told_who_did_it(people: People, server: Server) -> None:
    # given two clerks with the same task open
    filed(server)
    first, second = people.staff("clerk1"), people.staff("clerk2")
    fill(open_task(second, REGISTER), {**ELEMENTS, "extract": EXTRACT})
    expect(second.locator("[data-draft-state]")).to_contain_text("已自动保存")
    do(first, REGISTER, **ELEMENTS)
    # when the second one sends, too
    answer = sent(second)
    # then the page says who was quicker, and when
    assert answer == 409
    expect(second.locator("main")).to_contain_text("已由 陈明远 于")
    expect(second.locator("main")).to_contain_text("2026-03-02 10:00 办理")
    second.get_by_role("link", name="回到待办").click()
    expect(second.locator("main")).to_contain_text("研判处理方式")


def test_pressing_twice_does_it_once(people: People, server: Server) -> None:
    # given a task filled in
    receipt = filed(server)
    clerk = people.staff("clerk1")
    fill(open_task(clerk, REGISTER), ELEMENTS)
    # when the button is pressed twice
    with clerk.expect_navigation():
        work_form(clerk).get_by_role("button", name="提交", exact=True).dblclick()
    # then it was done once
    expect(clerk.locator(".flash")).to_contain_text(f"“{REGISTER}”已办理")
    with backstage(server) as yunxi:
        assert yunxi.open(receipt) == ["ut_triage"]


def test_what_was_typed_survives_a_log_in_that_ended(people: People, server: Server) -> None:
    # given a clerk who went to lunch with the form half filled in
    filed(server)
    clerk = people.staff("clerk1")
    fill(open_task(clerk, REGISTER), {"extract": EXTRACT, "concrete_lead": "true"})
    expect(clerk.locator("[data-draft-state]")).to_contain_text("已自动保存")
    server.move(timedelta(hours=2))
    # when the clerk goes on and sends
    fill(work_form(clerk), {"target_is_leader": "false"})
    send(clerk, work_form(clerk), "提交")
    expect(clerk.locator("main")).to_contain_text("登录已过期")
    log_in(clerk, "clerk1")
    # then the task is there again with everything in it
    form = work_form(clerk)
    expect(form.locator("[name=extract]")).to_have_value(EXTRACT)
    expect(form.locator("[name=concrete_lead][value=true]")).to_be_checked()
    expect(form.locator("[name=target_is_leader][value=false]")).to_be_checked()
    # and can be finished
    fill(form, ELEMENTS)
    send(clerk, form, "提交")
    expect(clerk.locator(".flash").first).to_contain_text(f"“{REGISTER}”已办理")


def test_a_draft_follows_its_writer_to_another_browser(people: People, server: Server) -> None:
    # given a clerk who typed and saw it saved
    receipt = filed(server)
    clerk = people.staff("clerk1")
    fill(open_task(clerk, REGISTER), {"extract": EXTRACT})
    expect(clerk.locator("[data-draft-state]")).to_have_text("已自动保存 10:00")
    # when the clerk goes on at another desk, and a colleague opens the task as well
    elsewhere = log_in(people.stranger(), "clerk1")
    colleague = people.staff("clerk2")
    for page in (elsewhere, colleague):
        page.goto(f"/task/{task_id(server, receipt, 'ut_complete')}")
    # then only the clerk finds the words
    expect(work_form(elsewhere).locator("[name=extract]")).to_have_value(EXTRACT)
    expect(elsewhere.locator("[data-draft-state]")).to_contain_text("已恢复")
    expect(work_form(colleague).locator("[name=extract]")).to_have_value("")


def test_a_task_that_somebody_signed_for_is_theirs(people: People, server: Server) -> None:
    # given a task that one clerk signed for
    receipt = filed(server)
    first, second = people.staff("clerk1"), people.staff("clerk2")
    open_task(first, REGISTER)
    with first.expect_navigation():
        first.get_by_role("button", name="签收", exact=True).click()
    expect(first.locator(".flash")).to_contain_text("由您办理")
    # when another one opens it
    second.goto(f"/task/{task_id(server, receipt, 'ut_complete')}")
    # then the page says whose it is, until it is given back
    expect(second.locator("main")).to_contain_text("已由 陈明远 签收")
    with first.expect_navigation():
        first.get_by_role("button", name="退签").click()
    open_task(second, REGISTER)


def test_the_back_button_does_nothing_twice(people: People, server: Server) -> None:
    # given a clerk who did a task
    receipt = filed(server)
    clerk = people.staff("clerk1")
    do(clerk, REGISTER, **ELEMENTS)
    # when the clerk goes back to the form and sends it again
    clerk.go_back()
    clerk.reload()
    # then the page says that it is done
    expect(clerk.locator("main")).to_contain_text("已由 陈明远 于")
    with backstage(server) as yunxi:
        assert yunxi.open(receipt) == ["ut_triage"]


def sent(page: Page) -> int:
    """Sends the task's form; the status of the answer."""
    with page.expect_navigation() as answer:
        work_form(page).get_by_role("button", name="提交", exact=True).click()
    return answer.value.status if answer.value else 0
