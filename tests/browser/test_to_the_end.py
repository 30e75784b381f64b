"""A complaint from the public form to the closed case."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.backstage import letter
from tests.browser.citizen import CANARIES, act, ask, complain
from tests.browser.desk import do, open_task
from tests.browser.hands import picture
from tests.browser.people import People
from tests.browser.server import Server
from tests.browser.triage import accept, hand_over

ANSWER = "经查，您反映的情况属实，已要求该单位立即更新目录并说明原因。"
PUBLIC_TEXT = "群众反映某单位收费目录未及时更新，经查属实，已责令整改。"


def test_a_complaint_goes_from_the_public_form_to_the_closed_case(people: People, server: Server) -> None:
    # given a citizen who complains with a photograph
    citizen = people.stranger()
    receipt = complain(citizen)
    assert receipt.number == "TS-2026-0001"
    assert receipt.code not in citizen.url
    clerk, lead, contact = people.staff("clerk1"), people.staff("lead"), people.staff("u07-contact")
    # when the supervising office accepts it and hands it to a unit
    accept(clerk, lead)
    hand_over(lead, server, receipt.number, "U07", "2026-03-16")
    # then the unit answers, never knowing who asked
    do(contact, "签收（承办单位）", unit_reply="签收办理")
    open_task(contact, "办理（承办单位）")
    _knows_nobody(contact)
    expect(contact.locator("main")).not_to_contain_text("查看投诉人信息")
    do(
        contact, "办理（承办单位）", facts="经查，目录更新流程中断，已于今日更新。",
        evidence=[picture("目录截图.png")], finding="反映情况属实。", draft_reply="目录已更新。",
    )  # fmt: skip
    do(people.staff("u07-deputy"), "审签（分管领导）", deputy_sign="同意")
    do(people.staff("clerk2"), "审核（经办人）", dcs_review="通过")
    do(lead, "审核（负责人）", dcs_review="通过")
    # and the office decides, writes to the citizen, publishes
    do(
        lead, "认定与答复（负责人）", conclusion="属实", rectify="true", accountability="false",
        reply=ANSWER, publish_text=PUBLIC_TEXT, publish="true",
    )  # fmt: skip
    letter(server, receipt.number)
    do(people.staff("publisher"), "脱敏", self_review="通过", channels=["网络", "公开栏"])
    do(people.staff("secrecy"), "保密审查", secrecy_result="可公开")
    do(lead, "批准公开", approve="同意")
    # and the citizen sees the answer, the numbered letters, the publication, and is content
    ask(citizen, receipt)
    assert receipt.code not in citizen.url
    expect(citizen.locator("main")).to_contain_text(ANSWER)
    expect(citizen.locator("main")).to_contain_text("云政公开诉〔2026〕1号")
    expect(citizen.locator("main")).to_contain_text("云政公开诉〔2026〕3号")
    assert "谢谢" in act(citizen, "rate", "提交评价", rating="满意", opinion="很快")
    citizen.goto("/published")
    citizen.get_by_role("link", name=receipt.number).or_(citizen.locator(".rows a").first).first.click()
    expect(citizen.locator("article")).to_contain_text(PUBLIC_TEXT)
    # and once the callback is made and the time for a review is over, the case is closed
    do(clerk, "回访", satisfaction="满意")
    server.move("2026-04-20T09:00")
    ask(citizen, receipt)
    expect(citizen.locator("h1")).to_have_text("已办结")
    _knows_nobody(contact, "/inbox", "/done", "/notices")


def _knows_nobody(page: Page, *addresses: str) -> None:
    """No canary in the page, nor in what its addresses show."""
    for address in addresses or (page.url,):
        page.goto(address)
        text = page.content()
        assert [canary for canary in CANARIES if canary in text] == []
