"""公文登记 and 作废: every number with what became of it; one person asks, another decides."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from supervision.document.table import Document
from tests.acceptance.pages import walk
from tests.acceptance.pages.conftest import Site

BOOK = "/documents"


@pytest.fixture
def numbered(site: Site, filed: Callable[..., tuple[str, str]]) -> str:
    """Id of the order to a unit: issued under 诉〔2026〕2号, not served. Number 1 was served."""
    filed()
    walk.assign(site)
    with site.session() as session:
        return session.scalars(select(Document.id).where(Document.serial == 2)).one()


def test_a_number_is_voided_by_two_and_stays_in_the_book(site: Site, numbered: str) -> None:
    # given
    clerk, lead = site.as_("clerk1"), site.as_("lead")
    place = f"{BOOK}/{numbered}/void"
    assert "诉〔2026〕2号" in clerk.get(BOOK).words
    # when
    assert "至少 5 个字" in clerk.send(place, {"reason": "错"}).words
    asked = clerk.send(place, {"reason": "主送单位写错了。"})
    assert "由另一人审批" in asked.words
    assert "待审批作废" in clerk.get(BOOK).words
    assert "作废由负责人审批" in clerk.send(place, {"decision": "yes"}).words
    done = lead.send(place, {"decision": "yes"})
    # then
    assert "公文已作废" in done.words
    book = lead.get(BOOK).words
    assert "主送单位写错了。" in book
    assert "诉〔2026〕2号" in book
    assert "诉〔2026〕2号" in lead.get(f"{BOOK}?state=void").words
    assert "诉〔2026〕1号" not in lead.get(f"{BOOK}?state=void").words


def test_whoever_asked_does_not_decide_and_what_was_served_stays(site: Site, numbered: str) -> None:
    lead = site.as_("lead")
    with site.session() as session:
        served = session.scalars(select(Document.id).where(Document.serial == 1)).one()
    place = f"{BOOK}/{served}/void"
    assert "已经送达，不能作废" in lead.send(place, {"reason": "主送单位写错了。"}).words
    place = f"{BOOK}/{numbered}/void"
    lead.send(place, {"reason": "主送单位写错了。"})
    assert "不能由您审批（AV-7）" in lead.send(place, {"decision": "yes"}).words


def test_who_may_not_see_the_case_reads_only_its_number(site: Site, numbered: str) -> None:
    words = site.as_("up1").get(BOOK).words
    assert "2 号" in words
    assert "您没有查看本案的权限" in words
    assert site.as_("up1").get(f"{BOOK}/{numbered}/void").code == 404
    assert site.as_("u07-head").get(BOOK).code == 403
