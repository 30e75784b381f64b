"""Text of one line and of several."""

from __future__ import annotations

import pytest

REQUIRED = {"required": True}


@pytest.mark.parametrize("kind", ["textfield", "textarea"])
def test_text_is_trimmed_and_loses_control_characters(judge, kind):
    assert judge({"type": kind}, " \t甲\x00乙\x1f \r\n") == ("甲乙", "")


def test_lines_of_a_text_area_end_alike(judge):
    assert judge({"type": "textarea"}, "甲\r\n乙\r丙") == ("甲\n乙\n丙", "")


def test_a_text_field_has_one_line(judge):
    assert judge({"type": "textfield"}, "甲\n乙") == ("甲 乙", "")


@pytest.mark.parametrize("empty", [None, "", "   ", "\n"])
@pytest.mark.parametrize("kind", ["textfield", "textarea"])
def test_blanks_are_no_answer(judge, kind, empty):
    assert judge({"type": kind}, empty) == ("", "")
    assert judge({"type": kind, "validate": REQUIRED}, empty) == (None, "此项必填，请填写。")


@pytest.mark.parametrize("wrong", [1, True, ["甲"], {"a": 1}, 1.5])
@pytest.mark.parametrize("kind", ["textfield", "textarea"])
def test_what_is_no_text_is_refused(judge, kind, wrong):
    assert judge({"type": kind}, wrong) == (None, "此项应为文字，请重新填写。")


def test_half_a_character_is_refused(judge):
    assert "无法保存" in judge({"type": "textfield"}, "\ud83d")[1]


@pytest.mark.parametrize(
    ("kind", "length", "cap"),
    [("textfield", 1001, 1000), ("textarea", 20001, 20000)],
)
def test_text_without_a_limit_has_the_house_limit(judge, kind, length, cap):
    assert judge({"type": kind}, "字" * length)[1] == f"最多 {cap} 个字，现有 {length} 个字。请精简。"


def test_lengths_are_counted_as_the_browser_counts_them(judge):
    limited = {"type": "textarea", "validate": {"minLength": 3, "maxLength": 4}}
    assert judge(limited, "😀😀") == ("😀😀", "")  # two units each
    assert judge(limited, "甲乙") == (None, "至少 3 个字，现有 2 个字。请补充。")
    assert judge(limited, "😀😀甲") == (None, "最多 4 个字，现有 5 个字。请精简。")


def test_a_pattern_answers_with_its_own_sentence(judge):
    phone = {
        "type": "textfield",
        "validate": {"pattern": r"^1[3-9]\d{9}$", "patternErrorMessage": "请填写 11 位手机号。"},
    }
    assert judge(phone, " 13800001234 ") == ("13800001234", "")
    assert judge(phone, "1380000123") == (None, "请填写 11 位手机号。")
    assert judge(phone, "1380000123\uff14")[1] == "请填写 11 位手机号。"  # a full-width digit is no \d


def test_a_long_text_never_reaches_the_pattern(judge):
    patterned = {"type": "textfield", "validate": {"pattern": "^[a-z]+$"}}
    assert judge(patterned, "a" * 201)[1] == "最多 200 个字，现有 201 个字。请精简。"


@pytest.mark.parametrize(
    ("address", "right"),
    [("a.b+c@example.cn", True), ("a@b", True), ("a@b.", False), ("a b@c.cn", False), ("张@c.cn", False)],
)
def test_an_email_address_has_the_form_the_browser_wants(judge, address, right):
    email = {"type": "textfield", "validate": {"validationType": "email"}}
    assert (judge(email, address)[1] == "") is right
