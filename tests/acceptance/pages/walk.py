"""Brings a case to a place through the pages, each step as the person who does it."""

from __future__ import annotations

from tests.acceptance.pages.browser import Page
from tests.acceptance.pages.conftest import Site

ELEMENTS = {
    "extract": "反映某单位维修资金使用情况公示牌一年没有更新。",
    "suspected_duty_crime": "false",
    "suspected_other_crime": "false",
    "is_disclosure_application": "false",
    "disclosure_dispute": "false",
    "in_scope_unit": "true",
    "in_scope_subject": "true",
    "finally_reviewed": "false",
    "concrete_lead": "true",
    "target_is_leader": "false",
}
TRIAGE = {
    "route": "受理",
    "category": "一般投诉",
    "confidentiality": "隐去身份",
    "urgency": "一般",
    "reason": "属于政务公开投诉，要素齐全。",
}
ASSIGN = {"mode": "转办承办单位", "lead_unit": "U07", "due": "2026-03-16"}
HANDLE = {
    "facts": "经查，公示更新中断。",
    "finding": "反映情况属实。",
    "measures_taken": "已更新公示牌。",
    "draft_reply": "您反映的情况属实，已更新。",
    "evidence": ("截图.txt", b"screen"),
}
DECIDE = {
    "conclusion": "属实",
    "rectify": "false",
    "accountability": "false",
    "reply": "经查属实，已经更新并说明原因。",
    "publish_text": "群众反映公示未及时更新，经查属实，已经更新。",
    "publish": "true",
}


def well(page: Page) -> Page:
    """The page, when the step was done."""
    assert page.code == 200, page.words[:1500]
    assert "已办理。" in page.words, page.words[:1500]
    return page


def declared(site: Site, login: str, element_id: str) -> Page:
    """The page of a task, after the declaration that it asks for first."""
    task_id = site.open_task(element_id)
    asked = site.as_(login).get(f"/task/{task_id}")
    answers = {"has_conflict": "无", "confidentiality_pledge": "true"}
    site.as_(login).submit(asked, f"/task/{task_id}/declaration", answers)
    return site.as_(login).get(f"/task/{task_id}")


def triage(site: Site, **changes: object) -> None:
    well(site.do("clerk1", "ut_complete", **ELEMENTS))
    well(site.do("clerk1", "ut_triage", **{**TRIAGE, **changes}))


def letter(site: Site, deliver: bool = True) -> None:
    """Drafted, signed by another person, and delivered."""
    well(site.do("clerk1", "ut_draft"))
    well(site.do("lead", "ut_sign", sign_result="同意签发"))
    if deliver:
        well(site.do("clerk1", "ut_deliver", mode="短信", served_at="2026-03-02T09:00"))


def assign(site: Site, **changes: object) -> None:
    """Accepted, told to the complainant, and given to a unit."""
    triage(site)
    letter(site)
    well(site.do("lead", "ut_assign", **{**ASSIGN, **changes}))
    letter(site, deliver=False)


def handle(site: Site) -> None:
    """From the unit's receipt to the lead's decision."""
    well(site.do("u07-contact", "ut_unit_accept", unit_reply="签收办理"))
    well(site.do("u07-contact", "ut_unit_handle", **HANDLE))
    well(site.do("u07-deputy", "ut_unit_sign", deputy_sign="同意"))
    well(site.do("clerk2", "ut_review", dcs_review="通过"))
    well(site.do("lead", "ut_review_ok", dcs_review="通过"))


def close(site: Site) -> None:
    """From the decision to the callback."""
    well(site.do("lead", "ut_decide", **DECIDE))
    letter(site)
    well(site.do("publisher", "ut_redact", self_review="通过", channels=["网络"]))
    well(site.do("secrecy", "ut_secrecy_review", secrecy_result="可公开"))
    well(site.do("lead", "ut_approve", approve="同意"))
