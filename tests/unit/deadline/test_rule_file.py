"""deadlines.toml as shipped, and how it refuses what cannot be meant."""

from __future__ import annotations

from collections import Counter

import pytest

from engine.deadline.rule import Cap, Extension, RuleSet
from engine.deadline.rule_file import parse_rules
from engine.deadline.rule_words import extension_in_words, length_in_words, origin_in_words
from engine.errors import InvalidData

ROW = 'step = "办结"\nstart = "受理"\nends_at = "签署"\ntag = "default"\n'
GOOD = f'[CP-X]\n{ROW}value = 15\nunit = "wd"\n'


def problems(text: str) -> dict[str, list[str]]:
    with pytest.raises(InvalidData) as refused:
        parse_rules(text)
    return refused.value.errors


def test_all_90_rules_are_there(rules: RuleSet) -> None:
    assert len(rules) == 90
    assert Counter(rule.unit for rule in rules.values()) == {"wd": 51, "cd": 31, "month": 6, "date": 2}
    assert Counter(key.partition("-")[0] for key in rules) == {
        "P0": 2, "AI": 13, "SC": 4, "CP": 19, "IC": 3, "AC": 21, "SV": 2,
        "RV": 17, "RC": 5, "EV": 1, "YR": 2, "AR": 1,
    }  # fmt: skip


def test_the_numbers_that_are_law_stand_as_in_the_law(rules: RuleSet) -> None:
    law = {key: (rule.value, rule.unit) for key, rule in rules.items() if rule.tag.startswith("source")}
    assert law["IC-DUE"] == (20, "wd")  # 政府信息公开条例第三十三条
    assert law["IC-3P"] == (15, "wd")  # 第三十二条
    assert law["CP-XF"] == (60, "cd")  # 信访工作条例第三十四条
    assert law["AC-CF"] == (6, "month")  # 行政机关公务员处分条例第四十四条
    assert law["RV-B-APPEAL"] == (15, "cd")  # 公务员法第九十五条
    assert rules["IC-DUE"].extension == Extension(20, "wd", 1)
    assert rules["AC-CF"].extension == Extension(6, "month", 1)


def test_the_special_rows_say_what_is_special(rules: RuleSet) -> None:
    assert rules["CP-TRIAGE"].cap == Cap(15, "cd")
    assert rules["SV-PUB"].shift is False
    assert rules["AI-REPORT"].value == 0
    assert rules["YR-UNIT"].month_day == "01-31"
    assert [key for key, rule in rules.items() if rule.cap] == ["CP-TRIAGE"]
    assert [key for key, rule in rules.items() if not rule.shift] == ["SV-PUB"]


def test_a_code_in_the_reference_is_spelt_out(rules: RuleSet) -> None:
    assert rules["CP-XF"].sources == ("《信访工作条例》（2022 年）",)
    assert len(rules["CP-HANDLE"].sources) == 3
    cited = {key for key, rule in rules.items() if "S:" in rule.reference and not rule.sources}
    assert cited == set()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("CP-HANDLE", "15 个工作日，自受理起"),
        ("AI-OBJ", "30 日，自结论送达起"),
        ("AC-CF", "6 个月，自批准立案起"),
        ("YR-GOV", "每年 3 月 31 日前（含当日）"),
        ("AI-REPORT", "校准完成当日"),
        ("CP-TRIAGE", "5 个工作日，自收到(补正:补正材料收到)起，最长不超过 15 日"),
    ],
)
def test_a_length_reads_as_people_say_it(rules: RuleSet, key: str, words: str) -> None:
    assert length_in_words(rules[key]) == words


def test_extension_and_origin_read_as_people_say_them(rules: RuleSet) -> None:
    assert extension_in_words(rules["CP-HANDLE"]) == "可延期 1 次，每次不超过 10 个工作日"
    assert extension_in_words(rules["CP-TRIAGE"]) == "不可延期"
    assert "不是法律规定，受法定上限约束" in origin_in_words(rules["CP-TRIAGE"])
    assert origin_in_words(rules["CP-XF"]).startswith("期限有明文规定")
    assert "待核实" in origin_in_words(rules["RV-D-APPLY"])


DAYS = 'value = 15\nunit = "wd"'
UNIT = 'unit = "wd"'
EXTEND = 'unit = "wd"\nextension = '


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("value = 15", "value = -1"), "0 至 250 的整数（工作日），但写的是 -1"),
        (("value = 15", "value = 1500"), "但写的是 1500"),
        (("value = 15", "value = true"), "但写的是 True"),
        (("value = 15", 'value = "15"'), "但写的是 '15'"),
        (("value = 15\n", ""), "但写的是 None"),
        (('"wd"', '"week"'), "wd（工作日）、cd（自然日）、month（月）、date（每年固定日期） 之一"),
        ((DAYS, 'value = 0\nunit = "month"'), "1 至 36 的整数（月）"),
        ((DAYS, 'value = "02-29"\nunit = "date"'), "每年都有的“月-日”"),
        ((DAYS, 'value = "1-31"\nunit = "date"'), "每年都有的“月-日”"),
        (('step = "办结"', "step = 3"), "step（环节）应填写文字"),
        (('tag = "default"', 'tag = "听说"'), "但写的是“听说”"),
        (("value", "vaule"), "不认识的名称“vaule”"),
        ((UNIT, 'unit = "wd"\nreference = 3'), "reference 应为文字"),
        ((UNIT, EXTEND + '10'), "extension（延期）应写成"),
        ((UNIT, EXTEND + '{ n = 10, unit = "cd", max = 1 }'), "延期的单位应与期限相同（wd）"),
        ((UNIT, EXTEND + '{ n = 0, unit = "wd", max = 1 }'), "每次延期的长度 n"),
        ((UNIT, EXTEND + '{ n = 5, unit = "wd", max = 99 }'), "延期次数 max 应为 1 至 5"),
        ((UNIT, 'unit = "wd"\ncap = { value = 15 }'), "cap（法定上限）应写成"),
        ((UNIT, 'unit = "wd"\ncap = { value = 0, unit = "cd" }'), "cap 的 value"),
        ((UNIT, 'unit = "wd"\nshift = false'), "shift 只用于自然日和月"),
        ((UNIT, 'unit = "cd"\nshift = "no"'), "应为 true 或 false"),
        ((UNIT, 'unit = "wd"\nladder = "slow"'), "ladder（督办阶梯）“slow”没有定义，现有：default"),
        ((DAYS, 'value = "01-31"\nunit = "date"\nextension = { n = 1, unit = "date", max = 1 }'),
         "固定日期不能延期"),
        ((DAYS, 'value = "01-31"\nunit = "date"\ncap = { value = 1, unit = "cd" }'),
         "固定日期没有上限"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_refused_in_chinese(change: tuple[str, str], sentence: str) -> None:
    assert any(sentence in problem for problem in problems(GOOD.replace(*change))["CP-X"])


def test_a_file_saved_by_a_windows_editor_is_read() -> None:
    assert parse_rules("\ufeff" + GOOD.replace("\n", "\r\n"))["CP-X"].value == 15


def test_a_rule_written_twice_is_refused_with_both_lines() -> None:
    assert problems(GOOD + GOOD) == {"CP-X": ["同一规则写了 2 次（第 1、8 行），请只保留一处。"]}


@pytest.mark.parametrize(
    ("text", "field", "sentence"),
    [
        ("[cp_handle]\n" + ROW, "cp_handle", "键用大写字母、数字和连字符"),
        ("CP-X = 3\n", "CP-X", "规则应写成 [键] 小节"),
        ("[CP-X\n", "deadlines.toml", "第 1 行"),
        ("[ladder.default]\namber = 130\n", "ladder.default", "amber < 100 < l3 ≤ l4"),
        ("[ladder.default]\namber = 0\n", "ladder.default", "amber 应为 1 至 1000 的整数"),
        ("[ladder.default]\ndate_l3 = 20\n", "ladder.default", "date_l3 不应大于 date_l4"),
        ("[ladder.default]\nyellow = 80\n", "ladder.default", "不认识的名称“yellow”"),
        ("[ladder]\nfast = 3\n", "ladder.fast", "督办阶梯应写成"),
        ("ladder = 3\n", "ladder", "督办阶梯应写成"),
        ("[sources]\nXF = 3\n", "sources", "代号 = 依据全称"),
    ],
)
def test_a_wrong_file_is_refused_in_chinese(text: str, field: str, sentence: str) -> None:
    assert sentence in problems(text)[field][0]


def test_the_version_is_the_digest_of_the_file() -> None:
    assert parse_rules(GOOD).version == parse_rules(GOOD).version
    changed = parse_rules(GOOD.replace("15", "16"))
    assert changed.version != parse_rules(GOOD).version
    assert changed["CP-X"].version == changed.version
