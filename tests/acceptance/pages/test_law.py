"""条款对照, 法律依据, 区的设置 without script: what implements a clause, what cites a law."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from engine.store.tables import HistoryEntry
from supervision.setting import setting
from tests.acceptance.pages.conftest import Site


@pytest.mark.parametrize("address", ["/clauses", "/bases", "/bases/XZJC", "/settings"])
def test_a_clerk_is_told_who_looks_after_the_law(site: Site, address: str) -> None:
    page = site.as_("clerk1").get(address)
    assert page.code == 403
    assert "流程所有者" in page.words


def test_a_clause_shows_its_text_and_everything_that_implements_it(site: Site) -> None:
    page = site.as_("owner").get("/clauses")
    card = page.document.get_element_by_id("R7¶2")
    words = " ".join(card.text_content().split())
    assert "受理群众投诉，并及时研究处理".replace("，", ",") in words
    assert "complaint/ut_triage" in words
    assert card.xpath(".//a[contains(@href, '/cycles/box_opening')]")
    assert "五十七项要求" in page.words


def test_the_library_shows_the_repealed_law_of_article_1_and_what_replaced_it(site: Site) -> None:
    owner = site.as_("owner")
    page = owner.get("/bases")
    assert "《中华人民共和国行政监察法》" in page.words
    assert "发布日期和施行日期还没有填写" in page.words
    one = owner.get("/bases/XZJC").words
    assert "2018-03-20" in one
    assert "《中华人民共和国监察法》（2024 年修正）" in one


def test_a_basis_gets_a_new_version_and_a_mistake_is_said(site: Site) -> None:
    owner = site.as_("owner")
    page = owner.get("/bases/CF07")
    text = page.document.get_element_by_id("text").text
    refused = owner.submit(page, "/bases/CF07", {"text": "x =", "reason": "改效力"})
    assert (refused.code, "不是正确的 TOML" in refused.words) == (422, True)
    changed = text.replace('status = "待核实"', 'status = "现行有效"')
    owner.submit(page, "/bases/CF07", {"text": changed, "reason": "合法性审核确认"})
    assert "第 2 版 使用中" in owner.get("/bases/CF07").words


def test_a_setting_is_changed_with_a_reason_on_record(site: Site) -> None:
    owner = site.as_("owner")
    page = owner.get("/settings")
    assert "取消“当年”评优评先资格，当年指哪一年" in page.words
    address = "/settings/award_year_basis"
    refused = owner.submit(page, address, {"value": "conduct_year", "reason": " "})
    assert (refused.code, "请写明修改的理由" in refused.words) == (422, True)
    owner.submit(page, address, {"value": "conduct_year", "reason": "领导小组会议纪要第 3 号"})
    with site.session() as session:
        assert setting(session, "award_year_basis") == "conduct_year"
        assert session.scalar(select(HistoryEntry.kind).where(HistoryEntry.kind == "setting.changed"))
