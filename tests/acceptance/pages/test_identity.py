"""Who complained: the vault's page, and that no other page says it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from engine.actor import SYSTEM_ACTOR
from engine.instance import start
from engine.store.tables import Instance
from tests.acceptance.pages import walk
from tests.acceptance.pages.browser import Browser
from tests.acceptance.pages.conftest import Site

Filed = Callable[..., tuple[str, str]]
SECRETS = ("卞甲乙", "13912345678", "某路 9 弄", "bian@example.com", "三次询问无人答复", "证据文字")


def case_of(site: Site) -> str:
    with site.session() as session:
        return f"/case/{session.scalars(select(Instance.id)).one()}"


def everything(browser: Browser, *addresses: str) -> str:
    """The text of these pages and of all they link to."""
    seen: dict[str, str] = {}
    waiting = list(addresses)
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        answer = browser.client.get(address, follow_redirects=True)
        seen[address] = answer.get_data().decode(errors="replace")
        if answer.mimetype == "text/html":
            page = browser.get(address)
            for start in ("/task/", "/case/", "/document/", "/attachment/", "/notices", "/published"):
                waiting += page.links(start)
    return "\n".join(seen.values())


def test_the_clerk_reads_it_with_a_reason_and_that_is_on_record(site: Site, filed: Filed) -> None:
    number, code = filed(evidence=("证据.txt", "证据文字".encode()))
    public = site.browser()
    followed = public.send("/query", {"number": number, "code": code, "tail": "5678"})
    public.submit(followed, "/query/add", {"text": "后来补充的一句话"})
    clerk, case = site.as_("clerk1"), case_of(site)
    short = clerk.submit(clerk.get(case), f"{case}/identity", {"reason": "看"})
    assert short.code == 403
    assert "请写明查看投诉人身份的理由" in short.words
    page = clerk.submit(clerk.get(case), f"{case}/identity", {"reason": "电话核实诉求"})
    for word in ("卞甲乙", "13912345678", "三次询问无人答复", "后来补充的一句话"):
        assert word in page.words
    forms = [form.action for form in page.document.forms if "/sealed/" in (form.action or "")]
    file = clerk.submit(page, forms[0])
    assert file.text == "证据文字"
    assert "查看投诉人身份" in clerk.get(case).words
    assert "电话核实诉求" in site.as_("auditor").get(case).words


@pytest.mark.parametrize("login", ["u07-contact", "auditor", "group-deputy", "u06-contact"])
def test_others_do_not(site: Site, filed: Filed, login: str) -> None:
    filed()
    walk.assign(site)
    someone, case = site.as_(login), case_of(site)
    token = someone.get("/password").form("/password").fields["csrf_token"]
    answer = someone.post(f"{case}/identity", {"reason": "我想知道", "csrf_token": token})
    assert answer.code in (403, 404)
    assert "卞甲乙" not in answer.text


def test_no_page_of_the_unit_or_of_others_says_who_complained(site: Site, filed: Filed) -> None:
    filed(evidence=("证据.txt", "证据文字".encode()))
    walk.assign(site)
    walk.handle(site)
    walk.close(site)
    case = case_of(site)
    for login in (
        "clerk1",
        "lead",
        "u07-contact",
        "u07-deputy",
        "publisher",
        "secrecy",
        "auditor",
        "manager",
    ):
        text = everything(site.as_(login), "/inbox", "/done", "/overdue", case)
        assert [word for word in SECRETS if word in text] == [], login
    text = everything(site.browser(), "/", "/published")
    assert [word for word in SECRETS if word in text] == []


def test_a_complaint_against_the_office_is_not_there_for_the_office(site: Site, filed: Filed) -> None:
    """AV-6: it goes to 区政府办公室."""
    number, _ = filed(target_unit="DCS")
    case = case_of(site)
    for login in ("clerk1", "lead"):
        assert site.as_(login).get(case).code == 404
        assert number not in site.as_(login).get("/inbox").words
    assert number in site.as_("office-clerk").get("/inbox").words


def test_what_the_clerk_types_of_it_into_the_summary_is_refused(site: Site, filed: Filed) -> None:
    filed()
    refused = site.do("clerk1", "ut_complete", **{**walk.ELEMENTS, "extract": "卞甲乙反映公示牌没有更新。"})
    assert refused.code in (403, 422)
    assert "姓名" in refused.words


def test_a_case_that_nobody_complained_in_offers_no_identity(site: Site) -> None:
    # given a 整改 that the clerk may handle
    data = {
        "source": "年度检查", "subject": "单位", "unit_code": "U06", "person": "", "report_to": ["督查室"],
        "items": [{"fact": "目录没有更新。", "clause": "第六条", "requirement": "更新目录。"}],
    }  # fmt: skip
    with site.session() as session:
        started = start(
            session, site.system.context, "rectification", data, actor=SYSTEM_ACTOR, now=site.clock(),
            start_event="st_form",
        )  # fmt: skip
        session.commit()
    # when
    page = site.as_("clerk1").get(f"/case/{started}")
    task = site.as_("clerk1").get(f"/task/{site.open_task('ut_items')}")
    # then
    assert "ZG-2026-0001" in page.words
    assert "投诉人信息" not in page.text + task.text
