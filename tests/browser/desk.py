"""A member of staff at work: finds a task in the inbox, does it, reads what the page said."""

from __future__ import annotations

import re
from typing import Any, Literal

from playwright.sync_api import Locator, Page

from tests.browser.hands import fill, send

CONFIRM = "提交"
SAID = """() => [
    [...document.querySelectorAll(".summary[role=alert]")].map((e) => e.innerText),
    document.querySelector(".flash")?.innerText,
]"""
"""What the page refuses, and what it says has been done."""
READY: Literal["domcontentloaded"] = "domcontentloaded"
"""A page can be worked with then; its diagram may still be drawn."""


def open_task(page: Page, name: str) -> Locator:
    """Goes through the inbox to the one task of that name; returns its form."""
    row = page.locator("table.tbl tbody tr").filter(has=page.get_by_text(name, exact=True))
    if not page.url.endswith("/inbox") or row.count() == 0:
        page.goto("/inbox")
    with page.expect_navigation(wait_until=READY):
        row.get_by_role("link", name=re.compile("^办理")).click()
    return work_form(page)


def work_form(page: Page) -> Locator:
    """The form of the task page."""
    return page.locator("form.form")


def do(page: Page, name: str, **answers: Any) -> str:
    """Does the task; returns what the next page says. A refusal fails here, with the page's own reasons."""
    form = open_task(page, name)
    fill(form, answers)
    send(page, form, CONFIRM)
    refused, said = page.evaluate(SAID)
    assert refused == []
    return said or page.locator(".flash").first.inner_text()


def draw_up(clerk: Page, lead: Page, at: str = "2026-03-02T10:00") -> None:
    """A document from its draft to its signature and its delivery."""
    do(clerk, "拟稿")
    do(lead, "签发", sign_result="同意签发")
    do(clerk, "登记送达", mode="短信", served_at=at)
