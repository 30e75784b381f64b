"""Which regular expressions a form may use."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.fields.pattern import LONGEST_TEXT, problem_of

EMPTY_GROUP_LETTERS = "ab()[]{}*+?|^$\\d1,-."


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        r"^1[3-9]\d{9}$",
        r"^(1[3-9]\d{9}|0\d{2,3}-?\d{7,8})$",
        r"^(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}(?:-\d{1,6})?|400-?\d{3}-?\d{4})$",
        r"^[^@\s]+@[^@\s]+$",
        r"^[A-Z]{2,4}-\d{4}-\d+$",
        r"^[\u4e00-\u9fa5]{2,20}$",
        r"\bR[89]\(\d+\)",
        r"^(?:\d{4}-){3}\d{4}$",
        r"^.{3,}$",
        r"^a+?b$",
    ],
)
def test_a_pattern_that_means_the_same_everywhere_is_taken(pattern):
    assert problem_of(pattern) == ""


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(a+)+$",
        r"^(a*)*$",
        r"^(a|a)*$",
        r"^(a|ab)+c$",
        r"^(\d+-?)+$",
        r"^(a?){30}a{30}$",
        r"^(a{1,9}){9}$",
        r"^a*a*a*a*a*$",
        r"\s+\s+\s+\s+$",
        r"^((a+)b?)+$",
        r"a{0,200}a{0,200}a{0,200}a{0,200}",
    ],
)
def test_a_pattern_that_could_hang_is_refused(pattern):
    assert "卡住" in problem_of(pattern)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        (r"^\p{Han}+$", "含义不同"),
        (r"^\u{4e00}$", "含义不同"),
        (r"(?<year>\d{4})", "不支持的括号写法"),
        (r"(?P<year>\d{4})", "不支持的括号写法"),
        (r"(?=a)b", "不支持的括号写法"),
        (r"(?i)a", "不支持的括号写法"),
        (r"(a)\1", "含义不同"),
        (r"a\Z", "含义不同"),
        (r"[[:alpha:]]", "含义不同"),
        (r"[a&&b]", "含义不同"),
        (r"[a", "含义不同"),
        ("\\", "含义不同"),
        (r"(a", "右括号"),
        (r"a)", "左括号"),
        (r"*a", "可重复"),
        (r"a{x}", "可重复"),
        (r"a{3,1}", "下限大于上限"),
        (r"[z-a]", "写法有误"),
        (r"a**", "可重复"),
        ("(" * 9 + ")" * 9, "嵌套超过"),
        ("a" * 301, "长度超过"),
    ],
)
def test_a_pattern_that_differs_or_is_broken_is_refused_with_the_reason(pattern, said):
    assert said in problem_of(pattern)


def test_the_worst_pattern_that_is_taken_is_quick():
    worst = r"^[^@]*@?[^@]*[^@]*$"
    assert problem_of(worst) == ""
    begun = time.perf_counter()
    assert not re.search(worst, "a" * (LONGEST_TEXT - 2) + "@@", re.ASCII)
    assert time.perf_counter() - begun < 2


@given(st.text(alphabet=EMPTY_GROUP_LETTERS, max_size=30))
def test_what_is_taken_compiles(pattern):
    if not problem_of(pattern):
        re.compile(pattern, re.ASCII)
