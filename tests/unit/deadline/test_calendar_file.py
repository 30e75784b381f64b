"""A calendar file that cannot be meant is refused with the place and the reason."""

from __future__ import annotations

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.calendar_file import parse_notice
from engine.errors import InvalidData

HEAD = 'year = 2026\nnotice = "关于2026年部分节假日安排的通知"\nnumber = "七号"\n'


def holiday(name: str, first: str, last: str, make_up: str = "[]") -> str:
    return f'[[holiday]]\nname = "{name}"\nfrom = {first}\nto = {last}\nmake_up = {make_up}\n'


GOOD = holiday("国庆节", "2026-10-01", "2026-10-07", "[2026-09-20, 2026-10-10]")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            HEAD + holiday("国庆节", "2026-10-01", "2026-10-07", "[2026-10-09]"),
            "2026-10-09（周五）不是周六或周日",
        ),
        (HEAD + GOOD + holiday("中秋节", "2026-10-07", "2026-10-08"), "2026-10-07（周三）写了两次"),
        (
            HEAD + GOOD + holiday("中秋节", "2026-09-25", "2026-09-27", "[2026-10-10]"),
            "2026-10-10（周六）写了两次",
        ),
        (
            HEAD + holiday("国庆节", "2026-10-01", "2026-10-07", "[2026-10-03]"),
            "既写成放假日又写成调休上班日",
        ),
        (HEAD + holiday("元旦", "2026-01-01", "2025-01-03"), "不是合理的假期"),  # the year was not changed
        (HEAD + holiday("元旦", "2026-01-01", "2026-12-31"), "不是合理的假期"),
        (HEAD + holiday("元旦", "2025-12-31", "2026-01-02"), "2025-12-31 不在 2026 年"),
        (HEAD + holiday("元旦", '"2026-01-01"', "2026-01-03"), "应为不带引号的日期"),
        (HEAD + holiday("元旦", "2026-01-01", "2026-01-03", '["1月4日"]'), "应为日期的列表"),
        (HEAD + GOOD.replace("make_up", "makeup"), "不认识的名称“makeup”"),
        (HEAD + "[[holiday]]\nfrom = 2026-01-01\nto = 2026-01-03\n", "第 1 个节日没有 name"),
        (HEAD + "holiday = [1]\n", "应写成 [[holiday]] 小节"),
        (HEAD, "没有 [[holiday]]"),
        (HEAD.replace("2026\n", "2025\n", 1) + GOOD, "year 应为 2026"),
        (HEAD.replace('number = "七号"\n', "") + GOOD, "number（文号）应填写文字"),
        (HEAD.replace("关于2026年部分节假日安排的通知", " ") + GOOD, "notice（通知名称）应填写文字"),
        (HEAD + "colour = 1\n" + GOOD, "不认识的名称“colour”"),
        (HEAD + "[[holiday]\n", "第 4 行第 10 列附近不符合 TOML 格式"),
    ],
)
def test_a_wrong_file_is_refused_in_chinese(text: str, sentence: str) -> None:
    with pytest.raises(InvalidData) as refused:
        parse_notice(2026, text)
    assert any(sentence in problem for problem in refused.value.errors["calendar/2026.toml"])


def test_all_problems_of_all_years_are_told_at_once() -> None:
    with pytest.raises(InvalidData) as refused:
        Calendar.from_tomls({2026: HEAD, 2027: HEAD + GOOD})
    assert sorted(refused.value.errors) == ["calendar/2026.toml", "calendar/2027.toml"]
    assert len(refused.value.errors["calendar/2027.toml"]) == 10  # the year, nine days of another year


def test_a_good_file_gives_its_days(calendar: Calendar) -> None:
    notice = parse_notice(2026, HEAD + GOOD)
    assert len(notice.holidays) == 7
    assert [day.isoformat() for day in notice.make_up] == ["2026-09-20", "2026-10-10"]
