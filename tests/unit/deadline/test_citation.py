"""What rules rest on, in the words of a person who looks it up."""

from __future__ import annotations

import re

import pytest

from engine.deadline.citation import in_words, numeral, own_clauses, place_of
from engine.deadline.rule import RuleSet


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("CP-XF", "《信访工作条例》（2022 年）第三十四条"),
        ("YR-GOV", "《中华人民共和国政府信息公开条例》（2019 年修订）第四十九条第二款"),
        ("AI-NOTIFY", "《政务公开工作督查及问责办法》第七条第一款 “并通报情况”；硬截止 12-31"),
        ("CP-PUB", "《政务公开工作督查及问责办法》第八条第（八）项（无数字）"),
        (
            "CP-HANDLE",
            "实践15 个工作日 徐汇区效能投诉须知（外地实践）、霍邱县有关规定（外地实践）；"
            "13 个工作日 某市 12345 承办规则（外地实践）",
        ),
        (
            "AC-DEF",
            "《政务公开工作督查及问责办法》第十三条（无数字）；"
            "《中华人民共和国行政处罚法》（2021 年修订）第六十四条第（一）项、第八十五条 五日=工作日",
        ),
        ("RV-B-DECIDE", "《中华人民共和国公务员法》（2018 年修订）第九十五条至第九十六条"),
        ("SC-DUE", "《政务公开工作督查及问责办法》第七条第一款 每半年一次；通知提前5 个工作日拟稿"),
        ("CP-REF", "催询，不是有权机关的法定期限"),
    ],
)
def test_a_reference_reads_as_title_and_article(rules: RuleSet, key: str, words: str) -> None:
    assert in_words(rules[key].reference, rules[key].sources) == words


def test_no_shipped_rule_shows_a_code_to_people(rules: RuleSet) -> None:
    for rule in rules.values():
        words = in_words(rule.reference, rule.sources)
        assert not re.search(r"S:|art|¶|wd| cd|[;(]", words), (rule.key, words)


def test_a_code_without_title_stays_a_code() -> None:
    assert in_words("S:NEW art.3", ()) == "NEW第三条"


def test_the_regulations_own_clauses_are_told_by_their_codes() -> None:
    assert own_clauses("R7¶1、R8(8);R7¶1,R14") == ["R7¶1", "R8(8)", "R14"]
    assert own_clauses("S:XF art.34") == []


@pytest.mark.parametrize(
    ("number", "word"),
    [(0, "零"), (7, "七"), (10, "十"), (12, "十二"), (20, "二十"), (96, "九十六"), (105, "一百零五")],
)
def test_numbers_of_articles_in_characters(number: int, word: str) -> None:
    assert numeral(number) == word


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("R8(5)", "第八条第（五）项"),
        ("R11(3)", "第十一条第（三）项"),
        ("R7¶2", "第七条第二款"),
        ("其他", "其他"),
    ],
)
def test_a_code_of_the_regulation_is_called_by_its_place(code: str, words: str) -> None:
    assert place_of(code) == words
