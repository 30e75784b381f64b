"""`ducha check` on Word templates: what is wrong is named by file, paragraph and tag."""

from __future__ import annotations

import pytest

from command.template_check import problems_of, templates_at
from supervision.document.word.check import template_problems
from supervision.document.word.environment import environment
from tests.unit.processes.bundles import PROCESSES
from tests.word_template import BEGIN, END, word

WORDS = {"facts": "查明事实"}


def told(content: bytes) -> list[str]:
    return [str(one) for one in template_problems("D26.docx", content, environment(WORDS), set(WORDS))]


def test_the_districts_templates_have_no_problems() -> None:
    assert (
        problems_of(templates_at([PROCESSES / "documents" / f"{code}.docx" for code in ("D11", "D26")])) == []
    )


@pytest.mark.parametrize(
    ("paragraphs", "said"),
    [
        (
            (BEGIN, "一、事实：{{ facts| }}", END),
            "第 2 段“一、事实：{{ facts| }}”的标签 {{ facts| }} 写法有误",
        ),
        ((BEGIN, "{%p if facts == %}", "一", "{%p endif %}", END), "第 2 段"),
        ((BEGIN, "{%p if facts %}", "一", END), "不配对"),
        (("一、{{ facts }}",), "没有正文段"),
        ((BEGIN, "一、", "{{ fact }}", END), "第 3 段用了变量 fact"),
    ],
)
def test_what_is_wrong_is_named_by_its_paragraph(paragraphs: tuple[str, ...], said: str) -> None:
    [problem] = told(word(*paragraphs))
    assert problem.startswith("D26.docx：")
    assert said in problem


def test_a_file_that_is_no_word_file_says_so() -> None:
    assert told(b"<p>page</p>") == ["D26.docx：不是 Word 文件（.docx）：请用 Word 另存为 .docx"]


def test_a_right_template_has_no_problems() -> None:
    assert (
        told(word(BEGIN, "一、{{ facts }}{% if facts %}（{{ clause(“R4”) }}）{% else %}无{% endif %}", END))
        == []
    )
