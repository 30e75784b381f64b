"""公文模板: they quote the regulation word for word, and cite what they quote."""

from __future__ import annotations

import io
import re
from pathlib import Path

import docx
import pytest

from supervision.basis.cited import codes_of
from supervision.document.template import Templates, blanks
from supervision.document.word.package import MAIN
from tests.unit.processes.bundles import PROCESSES

TEMPLATES = Templates(PROCESSES)
FILES = sorted((PROCESSES / "documents").glob("D*.docx"))
COUNTED = {
    "due": lambda key, start="": "2026年3月23日",
    "period": lambda key: "30日",
    "unit": lambda code: "区监察委员会",
}
LETTERS = ("D10", "D11", "D12", "D14", "D15", "D17")
"""They go to the complainant, who is never named."""
FILLED_IN = ("doc_no", "issuing_body", "letterhead", "target", "today")
"""Given whenever a document is drawn up."""
QUOTED = re.compile(r'clause\("([^"]+)", "([^"]+)"\)')


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_quoted_stands_in_the_regulation(path: Path) -> None:
    quotes = QUOTED.findall(TEMPLATES.form(path.stem).sources[MAIN])
    own = [cited for cited in TEMPLATES.register[path.stem].cites if not cited.startswith("S:")]
    assert quotes or not own
    for code, part in quotes:
        assert part in TEMPLATES.clauses[code].replace(",", "，").replace(";", "；")
    assert set(TEMPLATES.cited(path.stem)) == {code for code, _ in quotes}


def test_there_is_a_template_for_every_document_of_the_register() -> None:
    assert [path.stem for path in FILES] == [f"D{number:02}" for number in range(1, 45)]
    assert list(TEMPLATES.register) == [path.stem for path in FILES]


def test_a_document_of_the_register_cites_clauses_that_exist() -> None:
    laws = {path.stem for path in (PROCESSES / "regulation" / "bases").glob("*.toml")}
    for entry in TEMPLATES.register.values():
        clauses = {cited for cited in entry.cites if not cited.startswith("S:")}
        assert clauses - {"R13"} <= {*TEMPLATES.clauses}, entry.code
        assert {*codes_of(entry.cites)} - {"R"} <= laws, entry.code


@pytest.mark.parametrize(
    ("role", "codes"),
    [("decision", ["D26", "D27"]), ("defence_notice", ["D23"]), ("review_decision", ["D35"])],
)
def test_what_a_document_is_in_law_is_registered(role: str, codes: list[str]) -> None:
    assert [entry.code for entry in TEMPLATES.register.values() if entry.role == role] == codes


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_missing_is_named_in_chinese(path: Path) -> None:
    text = TEMPLATES.page(path.stem, {**COUNTED, "title": "标题"}, TEMPLATES.body(path.stem, COUNTED))
    unnamed = [name for name in blanks(text) if name.isascii()]
    assert unnamed == [name for name in unnamed if name in FILLED_IN]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("D23", "不因陈述和申辩加重处理"),
        ("D23", "视为放弃陈述和申辩"),
        ("D26", "复核期间，问责决定不停止执行"),
        ("D26", "以书面形式报告"),
        ("D01", "书面申请其回避"),
    ],
)
def test_what_the_law_demands_stays_whatever_is_drafted(code: str, said: str) -> None:
    assert said in TEMPLATES.page(code, {**COUNTED, "title": "标题"}, "另写的正文，别的什么也没有。")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_has_the_parts_of_an_official_document(path: Path) -> None:
    number, signer = "云政公开诉〔2026〕1号", "督查室负责人"
    page = TEMPLATES.page(
        path.stem, {**COUNTED, "title": "标题", "doc_no": number, "signed_as": signer}, "正文"
    )
    for part in ('class="head"', f">{number}<", "<h1>标题</h1>", "<p>正文</p>", 'class="sign"'):
        assert part in page
    assert ("投诉人：" in page) == (path.stem in LETTERS)
    assert ("签发：督查室负责人" in page) == (path.stem != "D32")  # 回证由送达人填写，不经签发
    assert TEMPLATES.form(path.stem).has_body


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("D12", "提出，由未参与原处理的人员办理"),
        ("D15", "申请复核，由未参与原处理的人员办理"),
        ("D10", "申请其回避"),
        ("D13", "书面提出异议"),
    ],
)
def test_the_remedy_is_told_where_one_is_due(code: str, said: str) -> None:
    assert said in TEMPLATES.body(code, COUNTED)


def test_a_quotation_that_is_not_in_the_clause_leaves_a_blank() -> None:
    assert TEMPLATES._clause_text("R7¶2", "受理群众投诉，并及时研究处理") == "受理群众投诉，并及时研究处理"
    assert TEMPLATES._clause_text("R11(4)") == "触犯刑律的，移送司法机关处理"
    assert blanks(TEMPLATES._clause_text("R7¶2", "从快处理")) == ["R7¶2"]
    assert blanks(TEMPLATES._clause_text("R99")) == ["R99"]


@pytest.mark.parametrize("code", ["D10", "D26", "D32"])  # a letter, one with a red head, one for the file
def test_a_hostile_value_stays_text_in_word(code: str) -> None:
    # given what would be markup on a page, in XML, in Jinja, and what no XML may hold
    hostile = '<script>&amp;]]><w:p/>{{ 7*7 }}\x00\x0b\ud800"\n第二行'
    # when
    made = TEMPLATES.fill(code, {**COUNTED, "title": hostile, "letterhead": hostile}, "正文" + hostile)
    # then
    assert "<script>" not in made.page
    paragraphs = [one.text for one in docx.Document(io.BytesIO(made.file)).paragraphs]
    assert paragraphs[0] == paragraphs[2] == '<script>&amp;]]><w:p/>{{ 7*7 }}"\n第二行'
    assert '正文<script>&amp;]]><w:p/>{{ 7*7 }}"' in paragraphs


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_is_laid_out_as_the_standard_asks_and_names_no_author(path: Path) -> None:
    """GB/T 9704—2012 5.2: A4, 天头 37 mm, 订口 28 mm, 版心 156 mm × 225 mm."""
    made = docx.Document(io.BytesIO(TEMPLATES.fill(path.stem, {**COUNTED, "title": "标题"}, "正文").file))
    [page] = made.sections
    size = [page.page_width, page.page_height, page.top_margin, page.left_margin]
    assert [round(one.mm) for one in size] == [210, 297, 37, 28]
    assert round(page.page_width.mm - page.left_margin.mm - page.right_margin.mm) == 156
    assert round(page.page_height.mm - page.top_margin.mm - page.bottom_margin.mm) == 225
    assert made.styles["公文标题"].font.size.pt == 22
    assert "docProps" not in "".join(TEMPLATES.form(path.stem).parts)
