"""A complaint that is not accepted, one that a unit gives back, one that is taken back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.backstage import backstage, filed, kept, letter
from tests.browser.citizen import act, ask, complain
from tests.browser.desk import do, draw_up, open_task
from tests.browser.hands import fill, send
from tests.browser.people import People
from tests.browser.server import Server
from tests.browser.triage import ACCEPTED, ELEMENTS, hand_over


def test_a_complaint_before_a_court_is_not_accepted_once_the_lead_is_content(people: People) -> None:
    # given a complaint about what a court is looking at
    citizen, clerk, lead = people.stranger(), people.staff("clerk1"), people.staff("lead")
    receipt = complain(citizen, other_channel="诉讼")
    do(clerk, "完善登记与研判要素", **ELEMENTS)
    # when the clerk proposes what the decision table suggests
    form = open_task(clerk, "研判处理方式")
    expect(form.locator("[name=route]")).to_have_value("不予受理")
    fill(form, {**ACCEPTED, "route": "不予受理", "reason": "已就同一事项提起诉讼。"})
    send(clerk, form, "提交")
    # then the lead sends it back, and what the lead wrote can be read by the clerk
    do(lead, "审批处理方式", approve="退回", approve_note="请写明救济途径。")
    open_task(clerk, "研判处理方式")
    expect(clerk.locator("main")).to_contain_text("请写明救济途径")
    do(
        clerk, "研判处理方式",
        **{**ACCEPTED, "route": "不予受理", "reason": "已提起诉讼，请按诉讼程序解决。"},
    )  # fmt: skip
    do(lead, "审批处理方式", approve="同意")
    draw_up(clerk, lead)
    # and the citizen is told
    ask(citizen, receipt)
    expect(citizen.locator("h1")).to_contain_text("不予受理")
    with citizen.expect_navigation():
        citizen.locator(".rows").get_by_role("link", name="不予受理告知书").click()
    expect(citizen.locator("main")).to_contain_text("云政公开诉〔2026〕1号")


def test_a_unit_objects_and_another_one_gets_the_case(people: People, server: Server) -> None:
    # given a complaint that was handed to a street office
    receipt = filed(server)
    with backstage(server) as yunxi:
        yunxi.triage(receipt)
        yunxi.letter(receipt)
    lead = people.staff("lead")
    hand_over(lead, server, receipt.number, "U06", "2026-03-16")
    contact = people.staff("u06-contact")
    open_task(contact, "签收（承办单位）")
    case = contact.url
    # when it objects, and the lead agrees
    do(
        contact, "签收（承办单位）",
        unit_reply="提出异议", objection="该事项不属于本局职责范围，应由市场监管局办理。",
    )  # fmt: skip
    open_task(lead, "处理异议（负责人）")
    expect(lead.locator("main")).to_contain_text("不属于本局职责范围")
    do(lead, "处理异议（负责人）", objection_result="异议成立改派", objection_reason="职责不符。")
    hand_over(lead, server, receipt.number, "U07", "2026-03-16")
    # then the other unit has it, and the first one sees nothing of it any more
    open_task(people.staff("u07-contact"), "签收（承办单位）")
    contact.goto("/inbox")
    expect(contact.locator("main")).to_contain_text("这里没有待办")
    answer = contact.goto(case)
    assert answer is not None
    assert answer.status == 404


def test_who_takes_a_complaint_back_is_let_go(people: People, server: Server) -> None:
    # given an accepted complaint
    citizen, lead = people.stranger(), people.staff("lead")
    receipt = complain(citizen)
    with backstage(server) as yunxi:
        yunxi.triage(kept(yunxi, receipt.number))
        yunxi.letter(kept(yunxi, receipt.number))
    # when the citizen withdraws it, at first without confirming
    ask(citizen, receipt)
    section = citizen.locator("#withdraw")
    section.locator("summary").click()
    fill(section, {"reason": "事情已经解决"})
    send(citizen, section, "撤回投诉")
    expect(citizen.get_by_role("alert")).to_contain_text("我确认撤回")
    expect(citizen.locator("#reason")).to_have_value("事情已经解决")
    assert "已收到您的撤回申请" in act(citizen, "withdraw", "撤回投诉", sure=True)
    # then everything else stops until the lead has decided
    lead.goto("/inbox")
    assert lead.locator("table.tbl tbody tr").count() == 1
    do(lead, "处理撤回申请", withdraw_decision="同意终止", reason="事项已经解决。")
    letter(server, receipt.number)
    ask(citizen, receipt)
    expect(citizen.locator("h1")).to_contain_text("撤回")
    expect(citizen.locator("#withdraw")).to_have_count(0)
