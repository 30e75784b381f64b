"""Somebody who complains: fills in the public form, keeps the receipt, comes back with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from tests.browser.hands import fill, picture, send

NAME, PHONE = "金丝雀", "13800007731"
COMPLAINT: dict[str, Any] = {
    "identity_mode": "实名", "name": NAME, "phone": PHONE, "address": "百灵巷七号",
    "reply_mode": "短信", "target_unit": "U06", "target_person": "乌鸦科长",
    "matter_type": "投诉", "topics": ["公开不及时", "不更新"],
    "facts": "我是金丝雀，该单位网站的收费目录两年没有更新，与窗口公示不一致。",
    "request": "请更新目录并向金丝雀说明原因。", "other_channel": "未向其他渠道反映", "privacy_ack": True,
}  # fmt: skip
CANARIES = ("金丝雀", "7731", "百灵巷", "乌鸦")
"""What says who complained, and of whom; the last four digits stand for the telephone."""


@dataclass(frozen=True)
class Receipt:
    """What the receipt page showed, once."""

    number: str
    code: str


def complain(page: Page, **changed: Any) -> Receipt:
    """Files a complaint with a photograph through the public form."""
    page.goto("/")
    page.locator(".hero").get_by_role("link", name="我要投诉").click()
    fill(page.locator("form.form"), {**COMPLAINT, "evidence": [picture()], **changed})
    send(page, page.locator("form.form"), "提交投诉")
    faults = page.locator(".summary")
    assert faults.count() == 0, faults.inner_text()
    return Receipt(page.locator("#number").inner_text(), page.locator("#code").inner_text())


def ask(page: Page, receipt: Receipt, code: str = "", tail: str = PHONE[-4:]) -> None:
    """Asks how far it is; the next page is the case, or the question again."""
    page.goto("/query")
    form = page.locator("form.form")
    fill(form, {"number": receipt.number, "code": code or receipt.code, "tail": tail})
    send(page, form, "查询")


def act(page: Page, part: str, button: str, **answers: Any) -> str:
    """Uses one part of the followed case (add, withdraw, rate, review); returns what the page says."""
    section = page.locator(f"#{part}")
    if section.locator("details[open]").count() == 0:
        section.locator("summary").click()
    fill(section.locator("form"), answers)
    send(page, section.locator("form"), button)
    return page.locator(".flash").first.inner_text()
