"""问责 in the browser: a complaint, its decision, a 复核 that revokes it, the award restored."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engine.errors import InvalidData
from tests.browser.accountability import REVIEW, Inquiry
from tests.browser.desk import do
from tests.browser.hands import fill, picture, send
from tests.browser.people import People, Shoot
from tests.browser.server import Server

COMPLAINANT = ("安宁", "13800000001")


def main_of(page: Page, inquiry: Inquiry) -> str:
    """What the case page says; who complained is nowhere on it."""
    page.goto(f"/case/{inquiry.id}")
    words = page.locator("main").inner_text()
    assert not any(secret in page.content() for secret in COMPLAINANT)
    return words


def test_a_decision_is_served_reviewed_revoked_and_the_award_restored(
    people: People, server: Server, shot: Shoot
) -> None:
    """R8(5), R11(3), R13¶1, R13¶2."""
    # given a complaint that was found true and handed over
    inquiry = Inquiry(server)
    clerk = people.staff("clerk1")
    do(
        clerk, "线索研判",
        consequence="产生严重后果", consequence_evidence="群众多缴费用。", opinion="立案",
        screen_reason="虚假公开，产生严重后果。",
    )  # fmt: skip
    inquiry.settle()
    inquiry.investigate()
    # when the lead proposes, the unit is told and answers in writing
    lead = people.staff("lead")
    do(lead, "拟处理意见", outcome="拟问责", measures=["通报批评", "责令限期整改", "取消评优评先"])
    inquiry.settle()
    assert "问责决定书" not in main_of(lead, inquiry)
    inquiry.letter("D23")
    do(
        clerk, "等待、登记陈述申辩",
        defence_mode="书面", defence_on=inquiry.today.isoformat(), defence_text="数字由旧系统带出。",
    )  # fmt: skip
    inquiry.settle()
    inquiry.discuss()
    inquiry.letter("D26")
    inquiry.letter("D29", about="取消评优评先", mode="短信")
    do(
        clerk, "执行登记",
        executor="领导小组办公室", executed_on=inquiry.today.isoformat(), proof=[picture("通知.png")],
        execution_result="已执行",
    )  # fmt: skip
    inquiry.settle()
    # then the case page shows the decision and the bar
    number = inquiry.number("D26")
    assert number in main_of(clerk, inquiry)
    bar = clerk.locator("section", has=clerk.get_by_role("heading", name="评优评先资格"))
    expect(bar).to_contain_text("2026 年度全部评优评先")
    shot(clerk, "accountability-decided")
    # when the unit applies for 复核 by the number of its decision, and not of another paper
    unit = people.staff("u06-head")
    unit.goto(f"/begin/{REVIEW}?decision={inquiry.number('D19')}")
    expect(unit.locator("[role=alert]")).to_contain_text("没有找到向您或者您单位送达的这份文书")
    unit.goto(f"/begin/{REVIEW}?decision={number}")
    expect(unit.locator("main")).to_contain_text("怎样算出来的")
    form = unit.locator("form.form")
    fill(form, {"request": "撤销", "reasons": "公示与收费一致。", "decision_kind": "问责措施（非处分）"})
    shot(unit, "accountability-review")
    send(unit, form, "提交申请")
    expect(unit.locator("h1")).to_have_text("复核申请已收到")
    inquiry.settle()
    inquiry.review()
    member = people.staff("member3")
    do(
        member, "作出复核决定",
        result="撤销并终结", ground=["事实不清证据不足"],
        corrections=["恢复评优评先资格", "更正或撤回通报", "重算统计"], decide_reason="事实不清。",
    )  # fmt: skip
    inquiry.settle()
    inquiry.letter("D35", process=REVIEW)
    do(
        clerk, "办理纠正",
        corrected_on=inquiry.today.isoformat(), corrected_notice="撤回原通报。", awards_decided="否",
    )  # fmt: skip
    inquiry.settle()
    # then the award is restored, and by which decision
    main_of(clerk, inquiry)
    expect(bar).to_contain_text(inquiry.number("D35"))
    shot(clerk, "accountability-restored")
    # and the letter that was still being drawn up is not signed any more
    inquiry.do("ut_draft", "clerk1", about="通报批评")
    inquiry.do("ut_check", "lead", about="通报批评", check_result="通过")
    with pytest.raises(InvalidData, match="已经撤销，不得再制发"):
        inquiry.do("ut_sign_head", "group-head", about="通报批评", sign_result="同意签发")
    inquiry.do("ut_sign_head", "group-head", about="通报批评", sign_result="不予签发", sign_note="已撤销。")
    do(
        clerk, "执行登记",
        executor="领导小组办公室", executed_on=inquiry.today.isoformat(), proof=[picture("复核决定.png")],
        execution_result="不再执行",
    )  # fmt: skip
    inquiry.settle()
    assert inquiry.number("D30") == ""
