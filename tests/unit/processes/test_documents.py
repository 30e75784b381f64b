"""公文模板: they quote the regulation word for word, and cite what they quote."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from supervision.document.template import BODY, Templates, blanks
from supervision.document.titles import SERIES, TITLES
from tests.unit.processes.bundles import PROCESSES

TEMPLATES = Templates(PROCESSES)
FILES = sorted((PROCESSES / "documents").glob("D*.html"))
COUNTED = {
    "due": lambda key, start="": "2026年3月23日",
    "period": lambda key: "30日",
    "unit": lambda code: "区监察委员会",
}
QUOTED = re.compile(r'clause\("([^"]+)", "([^"]+)"\)')


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_quoted_stands_in_the_regulation(path: Path) -> None:
    quotes = QUOTED.findall(path.read_text())
    assert quotes
    for code, part in quotes:
        assert part in TEMPLATES.clauses[code].replace(",", "，").replace(";", "；")
    assert set(TEMPLATES.cited(path.stem)) == {code for code, _ in quotes}


def test_there_is_a_template_for_every_title() -> None:
    assert {path.stem for path in FILES} == set(TITLES) >= set(SERIES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_each_has_the_parts_of_an_official_document(path: Path) -> None:
    number, signer = "云政公开诉〔2026〕1号", "督查室负责人"
    page = TEMPLATES.page(
        path.stem, {**COUNTED, "title": "标题", "doc_no": number, "signed_as": signer}, "正文"
    )
    for part in ('class="head"', f">{number}<", "<h1>标题</h1>", "<p>正文</p>", 'class="sign"'):
        assert part in page
    assert ("投诉人：" in page) == (path.stem in ("D10", "D11", "D12", "D14", "D15", "D17"))
    assert "签发：督查室负责人" in page
    assert BODY in TEMPLATES._template(path.stem).blocks


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
