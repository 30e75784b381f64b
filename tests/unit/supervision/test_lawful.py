"""A default may change; a legal period may not be worsened: each refusal names the clause."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.deadline.rule_file import parse_rules
from engine.deadline.rule_text import with_terms
from engine.errors import InvalidData
from supervision.deadlines.lawful import refuse_unlawful

TEXT = (Path(__file__).parents[3] / "processes" / "deadlines.toml").read_text()
RULES = parse_rules(TEXT)


@pytest.mark.parametrize(
    ("key", "terms", "sentence"),
    [
        (
            "IC-DUE",
            {"value": 21},
            "（依据《中华人民共和国政府信息公开条例》（2019 年修订）第三十三条），不能延长为 21 个工作日",
        ),
        ("IC-DUE", {"unit": "cd", "extension": None}, "单位和固定日期由法律规定"),
        ("IC-DUE", {"extension": {"n": 20, "unit": "wd", "max": 2}}, "不能增加次数或每次的长度"),
        (
            "CP-XF-FC-APPLY",
            {"value": 29},
            "法律给当事人的时间（依据《信访工作条例》（2022 年）第三十五条），不能缩短为 29 日",
        ),
        (
            "YR-GOV",
            {"value": "04-30"},
            "固定日期由法律规定（依据《中华人民共和国政府信息公开条例》（2019 年修订）第四十九条第二款）",
        ),
        ("RV-C-DECIDE", {"value": 2}, "不能延长为 2 个月"),
    ],
)
def test_what_the_law_fixes_is_refused(key: str, terms: dict[str, object], sentence: str) -> None:
    with pytest.raises(InvalidData) as refused:
        refuse_unlawful(RULES, parse_rules(with_terms(TEXT, key, terms)))  # type: ignore[arg-type]
    assert list(refused.value.errors) == [key]
    assert any(sentence in text for text in refused.value.errors[key]), refused.value.errors


@pytest.mark.parametrize(
    ("key", "terms"),
    [
        ("CP-HANDLE", {"value": 25}),  # a default of ours
        ("CP-HANDLE", {"unit": "cd", "extension": None}),
        ("CP-OBJ", {"value": 8}),  # only like a law
        ("IC-DUE", {"value": 15}),  # stricter than the law
        ("IC-DUE", {"extension": None}),
        ("CP-XF-FC-APPLY", {"value": 45}),  # kinder to the person than the law
    ],
)
def test_what_is_ours_to_set_passes(key: str, terms: dict[str, object]) -> None:
    refuse_unlawful(RULES, parse_rules(with_terms(TEXT, key, terms)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('[CP-TRIAGE]', '[CP-TRIAGE-2]', "被删去了"),
        ('cap = { value = 15,', 'cap = { value = 20,', "法定上限 15 日不能取消或放宽"),
        ('art.33"\ntag = "source"', 'art.33"\ntag = "default"', "来源不能改为"),
        ('minimum = true', 'minimum = false', "不能去掉 minimum"),
    ],
)  # fmt: skip
def test_the_guards_themselves_cannot_be_taken_away(old: str, new: str, sentence: str) -> None:
    assert old in TEXT
    with pytest.raises(InvalidData) as refused:
        refuse_unlawful(RULES, parse_rules(TEXT.replace(old, new)))
    assert any(sentence in text for texts in refused.value.errors.values() for text in texts)
