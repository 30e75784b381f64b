"""What a clerk writes on the first two forms of an ordinary complaint."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from tests.browser.backstage import letter
from tests.browser.desk import do, draw_up
from tests.browser.server import Server

ELEMENTS: dict[str, Any] = {
    "extract": "反映网站收费目录长期未更新，与窗口公示不一致，请求更新并说明。",
    "suspected_duty_crime": "false", "suspected_other_crime": "false", "is_disclosure_application": "false",
    "disclosure_dispute": "false", "in_scope_unit": "true", "in_scope_subject": "true",
    "finally_reviewed": "false", "concrete_lead": "true", "target_is_leader": "false",
}  # fmt: skip
ACCEPTED: dict[str, Any] = {
    "route": "受理", "category": "一般投诉", "confidentiality": "隐去身份", "urgency": "一般",
    "reason": "属于政务公开投诉，要素齐全。",
}  # fmt: skip


def accept(clerk: Page, lead: Page, at: str = "2026-03-02T10:00") -> None:
    """From the registered complaint to the letter of acceptance in the complainant's hands."""
    do(clerk, "完善登记与研判要素", **ELEMENTS)
    do(clerk, "研判处理方式", **ACCEPTED)
    draw_up(clerk, lead, at=at)


def hand_over(lead: Page, server: Server, number: str, unit: str, due: str) -> None:
    """交办: to `unit`; the order that goes with it is drawn up backstage."""
    do(lead, "交办（负责人）", mode="转办承办单位", lead_unit=unit, due=due, instruction="请核实。")
    letter(server, number)
