"""A unit lets a case go overdue: everybody who should know sees it, and it can still be handled."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from supervision.complaint.intake import NewReceipt
from tests.browser.backstage import backstage, filed
from tests.browser.desk import do, open_task
from tests.browser.hands import picture
from tests.browser.people import People, Shoot
from tests.browser.server import Server

HANDLE = "办理（承办单位）"


def handed_over(server: Server, unit: str = "U06") -> NewReceipt:
    """A complaint that the unit has signed for and not answered; its last day is 23 March 2026."""
    receipt = filed(server)
    with backstage(server) as yunxi:
        yunxi.triage(receipt)
        yunxi.letter(receipt)
        yunxi.do(receipt, "ut_assign", "lead", mode="转办承办单位", lead_unit=unit, due="2026-03-20")
        yunxi.letter(receipt)
        yunxi.do(receipt, "ut_unit_accept", f"{unit.lower()}-contact", unit_reply="签收办理")
    return receipt


def due_of(page: Page) -> str:
    """What the inbox says of the one case's time."""
    page.goto("/inbox")
    return page.locator("table.tbl tbody tr td.due").inner_text()


def test_a_case_turns_amber_then_red_then_is_answered(people: People, server: Server, shot: Shoot) -> None:
    # given a case in time
    receipt = handed_over(server)
    contact = people.staff("u06-contact")
    assert "剩余" in due_of(contact)
    # when its last days come
    server.move("2026-03-18T10:00")
    contact = people.back("u06-contact")
    due_of(contact)
    expect(contact.locator("td.due")).to_have_class("due amber")
    # and pass
    server.move("2026-03-25T09:30")
    contact = people.back("u06-contact")
    assert "逾期" in due_of(contact)
    expect(contact.locator("td.due")).to_have_class("due red")
    expect(contact.locator("main").get_by_text("已逾期").first).to_be_visible()
    shot(contact, "inbox-overdue")
    # then the person who has it was told, and so was the lead of the supervising office
    contact.goto("/notices")
    expect(contact.locator("main")).to_contain_text("已逾期")
    lead = people.staff("lead")
    lead.get_by_role("link", name="条未读").click()
    expect(lead.locator("main")).to_contain_text(f"{receipt.number}“办理（交办、调查、认定）”已逾期")
    # and the manager's list names case, unit, step and days, without opening what it is about
    manager = people.staff("manager")
    manager.goto("/overdue")
    row = manager.locator("table.tbl tbody tr", has_text=receipt.number)
    for words in ("区住房和城乡建设局", HANDLE, "逾期 2 个工作日"):
        expect(row).to_contain_text(words)
    expect(row).to_contain_text("黄牌")
    for link in row.get_by_role("link").all():
        assert "/cards/" in (link.get_attribute("href") or "")
    shot(manager, "overdue")
    # and the answer is still taken, and known to be late
    open_task(contact, HANDLE)
    do(
        contact, HANDLE, facts="经查，目录更新流程中断，已于今日更新。", evidence=[picture("截图.png")],
        finding="反映情况属实。", draft_reply="目录已更新。",
    )  # fmt: skip
    open_task(people.staff("u06-deputy"), "审签（分管领导）")
