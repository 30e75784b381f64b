"""Templates of documents: drafted as text, printed as a page, never run as code."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InvalidData
from supervision.document.template import Templates, blanks
from supervision.document.words import cn_date, paragraphs, text_of

FRAME = """<article><h1>{{ title }}</h1>{% block body %}{% endblock %}<p>{{ doc_no }}</p></article>"""
D10 = """{% extends "frame.html" %}{% block body %}
<p>投诉人：</p>
<p>您的投诉（{{ complaint_no }}）于{{ accepted_on | cn_date }}
受理，依据：{{ clause("R7¶2") }}</p>
{% endblock %}"""


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "documents").mkdir()
    (tmp_path / "regulation").mkdir()
    (tmp_path / "documents" / "frame.html").write_text(FRAME)
    (tmp_path / "documents" / "D10.html").write_text(D10)
    (tmp_path / "documents" / "D16-公开稿.html").write_text("<p>{{ extract }}</p>")
    (tmp_path / "documents" / "D11.html").write_text("{{ ''.__class__.__mro__ }}")
    (tmp_path / "documents" / "D12.html").write_text("{% if %}")
    (tmp_path / "regulation" / "clauses.toml").write_text('"R7¶2" = "受理群众投诉"\n')
    return Templates(tmp_path)


GIVEN = {"complaint_no": "TS-2026-0001", "accepted_on": "2026-02-27", "title": "受理告知书"}


def test_the_drafter_starts_from_plain_paragraphs(templates: Templates) -> None:
    assert templates.body("D10", GIVEN).splitlines() == [
        "投诉人：",
        "您的投诉（TS-2026-0001）于2026年2月27日受理，依据：受理群众投诉",
    ]


def test_the_page_keeps_the_frame_around_what_was_drafted(templates: Templates) -> None:
    page = templates.page("D10", {**GIVEN, "doc_no": "云政公开诉〔2026〕1号"}, "一\n\n<b>二</b>")
    assert "<h1>受理告知书</h1>" in page
    assert "<p>一</p>\n<p>&lt;b&gt;二&lt;/b&gt;</p>" in page
    assert "云政公开诉〔2026〕1号" in page


def test_an_unchanged_text_leaves_the_templates_own_paragraphs(templates: Templates) -> None:
    page = templates.page("D10", GIVEN, templates.body("D10", GIVEN))
    assert "于2026年2月27日\n受理" in page


def test_a_missing_value_is_a_blank_to_fill_in(templates: Templates) -> None:
    text = templates.body("D10", {"accepted_on": ""})
    assert blanks(text) == ["complaint_no"]


def test_a_template_without_a_body_block_is_all_body(templates: Templates) -> None:
    assert templates.body("D16", {"extract": "名单没有更新"}) == "名单没有更新"
    assert templates.page("D16", {}, "名单没有更新") == "<p>名单没有更新</p>"


@pytest.mark.parametrize("code", ["D99", "../D10", "D1?"])
def test_an_unknown_template_is_named(templates: Templates, code: str) -> None:
    with pytest.raises(InvalidData, match="没有公文模板"):
        templates.body(code, {})


def test_a_template_cannot_reach_the_machine(templates: Templates) -> None:
    with pytest.raises(InvalidData, match="无法生成"):
        templates.body("D11", {})


def test_a_broken_template_says_so(templates: Templates) -> None:
    with pytest.raises(InvalidData, match="写法有误"):
        templates.body("D12", {})


def test_values_are_escaped(templates: Templates) -> None:
    assert "<script>" not in templates.page("D10", {**GIVEN, "title": "<script>"}, "一")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("2026-03-02", "2026年3月2日"),
        ("2026-03-01T16:00:00+00:00", "2026年3月2日"),  # already the next day in Shanghai
        ("", ""),
        (None, ""),
        ("三月", "三月"),
    ],
)
def test_dates_are_printed_as_documents_print_them(value: str | None, words: str) -> None:
    assert cn_date(value) == words


def test_a_page_and_its_text_belong_together() -> None:
    assert text_of(str(paragraphs("一\n二 < 三"))) == "一\n二 < 三"
    assert text_of("") == ""
    assert text_of("<table><tr><td>甲</td></tr></table>尾<!-- 注 -->") == "甲\n尾"
