"""Templates of documents: drafted as text, filled in Word and as a page, never run as code."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import InvalidData
from supervision.document.template import Templates, blanks
from supervision.document.words import cn_date
from tests.word_template import BEGIN, END, packed, save


@pytest.fixture
def templates(tmp_path: Path) -> Templates:
    (tmp_path / "documents").mkdir()
    (tmp_path / "regulation").mkdir()
    save(
        tmp_path, "D10", BEGIN, "投诉人：",
        "您的投诉（{{ complaint_no }}）于{{ accepted_on | cn_date }}受理，依据：{{ clause(“R7¶2”) }}", END,
        "{{ doc_no }}", title="{{ title }}",
    )  # fmt: skip
    save(tmp_path, "D16-公开稿", "{{ extract }}")
    save(tmp_path, "D11", BEGIN, "{{ ''.__class__.__mro__ }}", END)
    save(tmp_path, "D12", "{%p if %}")
    (tmp_path / "documents" / "D13.docx").write_bytes(b"<p>page</p>")
    (tmp_path / "documents" / "D14.docx").write_bytes(
        packed(
            "<w:p><w:r><w:t>{%p block body %}</w:t></w:r></w:p><w:p><w:r><w:t>{%p if a %}</w:t></w:r></w:p>"
            "<w:p><w:r><w:t>一{% endif %}</w:t></w:r></w:p><w:p><w:r><w:t>{%p endblock %}</w:t></w:r></w:p>"
        )
    )
    (tmp_path / "regulation" / "clauses.toml").write_text('"R7¶2" = "受理群众投诉"\n')
    return Templates(tmp_path)


GIVEN = {"complaint_no": "TS-2026-0001", "accepted_on": "2026-02-27", "title": "受理告知书"}


def test_the_drafter_starts_from_plain_paragraphs(templates: Templates) -> None:
    assert templates.body("D10", GIVEN).splitlines() == [
        "投诉人：",
        "您的投诉（TS-2026-0001）于2026年2月27日受理，依据：受理群众投诉",
    ]


def test_the_page_keeps_the_frame_around_what_was_drafted(templates: Templates) -> None:
    page = templates.page("D10", {**GIVEN, "doc_no": "云政公开诉〔2026〕1号"}, "一\n\n<b>二</b>\x0c")
    assert "<h1>受理告知书</h1>" in page
    assert "<p>一</p>\n<p>&lt;b&gt;二&lt;/b&gt;</p>" in page
    assert "云政公开诉〔2026〕1号" in page


def test_a_missing_value_is_a_blank_to_fill_in(templates: Templates) -> None:
    text = templates.body("D10", {"accepted_on": ""})
    assert blanks(text) == ["complaint_no"]


def test_a_template_says_where_the_drafters_text_goes(templates: Templates) -> None:
    with pytest.raises(InvalidData, match="没有正文段"):
        templates.body("D16", {"extract": "名单没有更新"})


@pytest.mark.parametrize("code", ["D99", "../D10", "D1?"])
def test_an_unknown_template_is_named(templates: Templates, code: str) -> None:
    with pytest.raises(InvalidData, match="没有公文模板"):
        templates.body(code, {})


def test_a_template_cannot_reach_the_machine(templates: Templates) -> None:
    with pytest.raises(InvalidData, match="无法生成"):
        templates.body("D11", {})


@pytest.mark.parametrize("code", ["D12", "D13"])
def test_a_broken_template_says_so(templates: Templates, code: str) -> None:
    with pytest.raises(InvalidData, match=f"{code}.docx”写法有误"):
        templates.body(code, {})


def test_a_condition_that_ends_in_another_paragraph_is_named(templates: Templates) -> None:
    with pytest.raises(InvalidData, match="跨段"):
        templates.page("D14", {}, "一")


def test_a_template_saved_again_is_used_at_once(templates: Templates) -> None:
    assert "受理群众投诉" in templates.body("D10", GIVEN)
    save(templates.folder, "D10", BEGIN, "另一段", END)
    assert templates.body("D10", GIVEN) == "另一段"


def test_the_same_values_give_the_same_bytes(templates: Templates) -> None:
    assert templates.fill("D10", GIVEN, "一").file == templates.fill("D10", GIVEN, "一").file


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
