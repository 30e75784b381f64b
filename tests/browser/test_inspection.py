"""An annual inspection of three units, one of which never answers: from the teams to the conclusions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from command.settings import Settings
from engine.deadline.shanghai import SHANGHAI
from tests.browser.desk import CONFIRM, do, open_task, work_form
from tests.browser.hands import fill, send
from tests.browser.inspection import PLAN, Behind
from tests.browser.people import People, Shoot
from tests.browser.server import Server

OCTOBER = datetime(2026, 10, 8, 9, tzinfo=SHANGHAI)
UNITS = ["U01", "U06", "U08"]
SILENT = "区城市管理局"
SELF_ASSESSED = """form => {
  for (const box of form.querySelectorAll('input[name$=".self_score"]')) {
    box.value = box.max || '1';
    const row = box.name.slice(0, -'self_score'.length);
    form.querySelector(`[name="${row}statement"]`).value = '已落实，材料附后。';
    form.querySelector(`[name="${row}evidence_url"]`).value = 'https://www.yunxi.example/zwgk';
  }
}"""
"""Types into every row of the grid what a unit says of an item, as one would by hand."""


@pytest.fixture
def server(template: Settings, tmp_path: Path) -> Iterator[Server]:
    """The district in October."""
    with Server(template, tmp_path / "data", OCTOBER) as running:
        yield running


def refused(page: Page) -> str:
    """What the page says against what was sent."""
    return page.locator(".summary[role=alert]").inner_text()


def test_a_unit_that_never_answers_is_inspected_ranked_and_told(
    people: People, server: Server, shot: Shoot
) -> None:
    # given an approved plan
    behind = Behind(server)
    behind.do("ut_plan", "clerk1", **PLAN, scope=UNITS)
    behind.do("ut_plan_check", "lead", check_result="通过")
    behind.do("ut_plan_approve", "group-head", lsg_approve="同意")
    # when the clerk sets up a team of one, the page says what is missing; two are accepted
    clerk = people.staff("clerk1")
    form = open_task(clerk, "组成督查组")
    fill(form, {"teams-0.team_no": "1", "teams-0.team_lead": "clerk1", "teams-0.members": ["clerk1"]})
    send(clerk, form, CONFIRM)
    assert "第 1 组应为两人以上，现在是 1 人（AV-10）" in refused(clerk)
    shot(clerk, "inspection-team-refused")
    fill(work_form(clerk), {"teams-0.members": ["clerk2"]})
    send(clerk, work_form(clerk), CONFIRM)
    server.move("2026-10-26T09:00")
    behind.letter("D01")
    server.move(server.clock())
    # and one unit assesses itself, item by item
    contact = people.staff("u06-contact")
    form = open_task(contact, "自评并报送材料")
    form.first.evaluate(SELF_ASSESSED)
    send(contact, form, CONFIRM)
    do(people.staff("u06-head"), "主要领导审签", head_sign="同意报送")
    rows = {
        "*": {"self_score": "满分", "statement": "已落实。", "evidence_url": "https://www.yunxi.example/"}
    }
    behind.do("ut_materials", "u01-contact", "U01", self_rows=rows)
    behind.do("ut_sign_unit", "u01-head", "U01", head_sign="同意报送")
    # but another never does: after half the period again the inspection goes on without it
    server.move("2026-11-24T10:00")
    behind.declares("clerk1", "U01")
    finding = {
        "item_id": "3-7", "fact": "公开目录没有更新。", "proof": "网页存档", "severity": "一般",
        "result": "一般问题", "grounds": [],
    }  # fmt: skip
    for unit in UNITS:
        behind.inspect(unit, finding)
    contact = people.back("u06-contact")
    do(contact, "确认底稿", unit_opinion="无异议")
    server.move("2026-12-08T10:00")
    # then the lead sees who is where, and the clerk a bulletin with all its parts
    lead = people.staff("lead")
    expect(open_task(lead, "汇总校准").first).to_contain_text(SILENT)
    fill(work_form(lead), {"calibration": "各组尺度一致，不作调整。"})
    lead.locator("button[name=_del]").first.click()
    send(lead, work_form(lead), CONFIRM)
    clerk = people.back("clerk1")
    form = open_task(clerk, "拟督查报告与通报稿")
    draft = form.locator('[name="bulletin_body"]').input_value()
    assert "应报 3 个单位，已报 3 个，全部到齐" in draft
    assert "1 个单位没有按期报送自评材料" in draft
    assert all(title in draft for title in ("一、总体情况", "五、投诉处理", "八、下一步要求与整改时限"))
    shot(clerk, "inspection-report")
    told = {"overview": "检查三个单位。", "requirements": "限期整改。", "rectify_due": "2027-01-15"}
    fill(form, {**told, "bulletin_body": draft.replace("五、投诉处理", "")})
    send(clerk, form, CONFIRM)
    assert "通报稿缺少“五、投诉处理”" in refused(clerk)
    fill(work_form(clerk), {**told, "bulletin_body": draft})
    send(clerk, work_form(clerk), CONFIRM)
    # and once the bulletin is out, the silent unit is told its conclusion like the others
    behind.do("ut_lsg", "group-head", attendees=["group-head", "group-deputy"], meeting_result="通过")
    behind.letter("D06")
    behind.do("ut_redact", "publisher", self_review="通过", channels=["公开栏"])
    behind.do("ut_secrecy_review", "secrecy", secrecy_result="可公开")
    behind.do("ut_approve", "lead", approve="同意")
    server.move(server.clock())
    behind.letter("D05", "U08")
    clerk.goto(f"/case/{behind.id}")
    expect(clerk.locator("main")).to_contain_text("督查结论反馈书")
    expect(clerk.locator("main")).to_contain_text("2026年全区性检查督查通报")
    shot(clerk, "inspection-closed")
