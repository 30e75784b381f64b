"""Dates and times, local to Asia/Shanghai; today is 2026-03-02."""

from __future__ import annotations

import pytest

DATE = {"type": "datetime", "subtype": "date"}
TIME = {"type": "datetime", "subtype": "time"}
BOTH = {"type": "datetime", "subtype": "datetime"}


@pytest.mark.parametrize(
    ("field", "answer", "value"),
    [
        (DATE, "2026-02-28", "2026-02-28"),
        (DATE, " 2028-02-29 ", "2028-02-29"),
        (TIME, "09:30", "09:30"),
        (TIME, "09:30:00", "09:30"),
        (TIME, "09:30:15", "09:30:15"),
        (BOTH, "2026-03-02T09:30", "2026-03-02T09:30"),
        (BOTH, "2026-03-02 09:30", "2026-03-02T09:30"),
    ],
)
def test_the_answer_is_an_iso_text(judge, field, answer, value):
    assert judge(field, answer) == (value, "")


@pytest.mark.parametrize(
    ("field", "example"),
    [
        (DATE, "请填写日期，例如 2026-03-02。"),
        (TIME, "请填写时间，例如 09:30。"),
        (BOTH, "请填写日期和时间，例如 2026-03-02 09:30。"),
    ],
)
@pytest.mark.parametrize(
    "wrong",
    [
        "2026-02-29",
        "25:00",
        "2026/3/2",
        "20260302",
        "2026-W10-1",
        "3026-01-01",
        20260302,
        True,
        ["2026-03-02"],
    ],
)
def test_everything_else_is_refused_with_an_example(judge, field, example, wrong):
    assert judge(field, wrong) == (None, example)


@pytest.mark.parametrize("empty", [None, ""])
def test_an_empty_date_is_no_answer(judge, empty):
    assert judge(DATE, empty) == (None, "")
    assert judge({**DATE, "validate": {"required": True}}, empty) == (None, "此项必填，请填写。")


@pytest.mark.parametrize(
    ("limits", "answer", "sentence"),
    [
        ({"disallowPassedDates": True}, "2026-03-01", "不能早于今天。"),
        ({"disallowPassedDates": True}, "2026-03-02", ""),
        ({"properties": {"notAfter": "today"}}, "2026-03-03", "不能晚于今天。"),
        ({"properties": {"notAfter": "today"}}, "2026-03-02", ""),
        ({"properties": {"notBefore": "2026-01-05"}}, "2026-01-04", "不能早于2026年1月5日。"),
    ],
)
def test_days_outside_the_limits_are_refused(judge, limits, answer, sentence):
    assert judge({**DATE, **limits}, answer)[1] == sentence
    assert judge({**BOTH, **limits}, f"{answer}T12:00")[1] == sentence
