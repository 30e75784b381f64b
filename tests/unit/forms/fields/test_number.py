"""Numbers: typed as text, kept as JSON numbers."""

from __future__ import annotations

import math

import pytest

COUNT = {"type": "number", "decimalDigits": 0, "validate": {"min": 1, "max": 10000}}
FULL_WIDTH_12 = "\uff11\uff12"
MONEY = {"type": "number", "decimalDigits": 2, "increment": "0.05", "validate": {"min": "0"}}


@pytest.mark.parametrize(
    ("answer", "value"),
    [("12", 12), (12, 12), (FULL_WIDTH_12, 12), (" 12 ", 12), ("12.0", 12), (12.0, 12), ("+12", 12)],
)
def test_a_whole_number_is_kept_whole(judge, answer, value):
    clean, error = judge(COUNT, answer)
    assert (clean, type(clean), error) == (value, int, "")


def test_a_decimal_number_stays_one(judge):
    assert judge(MONEY, "0.15") == (0.15, "")  # 0.15 is no multiple of 0.05 in binary


@pytest.mark.parametrize("empty", [None, "", "  "])
def test_blanks_are_no_number(judge, empty):
    assert judge({"type": "number"}, empty) == (None, "")
    assert judge({"type": "number", "validate": {"required": True}}, empty)[1] == "此项必填，请填写。"


def test_zero_is_an_answer(judge):
    assert judge({"type": "number", "validate": {"required": True}}, 0) == (0, "")


@pytest.mark.parametrize(
    "wrong",
    ["abc", "1,000", "1_000", "1e3", "0x1", "--1", True, [1], {}, math.nan, math.inf, "NaN", "9" * 5000],
)
def test_what_is_no_number_is_refused(judge, wrong):
    assert judge({"type": "number"}, wrong) == (None, "请填写数字，例如 12。")


@pytest.mark.parametrize("huge", [10**15 + 1, "-1000000000000001", 2e15])
def test_numbers_a_browser_cannot_tell_apart_are_refused(judge, huge):
    assert judge({"type": "number"}, huge) == (None, "数字过大，请核对后重新填写。")


@pytest.mark.parametrize(
    ("field", "answer", "sentence"),
    [
        (COUNT, "0", "不得小于 1。"),
        (COUNT, "10001", "不得大于 10000。"),
        (COUNT, "1.5", "应为整数。"),
        (MONEY, "0.155", "最多保留 2 位小数。"),
        (MONEY, "0.12", "应为 0.05 的整数倍。"),
    ],
)
def test_limits_are_told(judge, field, answer, sentence):
    assert judge(field, answer) == (None, sentence)
