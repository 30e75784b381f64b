"""Which days are working days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar
import pytest

from engine.deadline.calendar import Calendar

D = date.fromisoformat


def days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def test_every_year_agrees_with_the_published_package_on_every_day(calendar: Calendar) -> None:
    differing = [
        day
        for day in days(date(2019, 1, 1), date(2026, 12, 31))
        if calendar.is_workday(day) != chinese_calendar.is_workday(day)
    ]
    assert differing == []


def test_2026_has_the_248_workdays_of_the_notice(calendar: Calendar) -> None:
    year = list(days(date(2026, 1, 1), date(2026, 12, 31)))
    assert sum(map(calendar.is_workday, year)) == 248


def test_the_weekday_holidays_and_working_weekends_of_2026_are_those_of_the_notice(
    calendar: Calendar,
) -> None:
    year = list(days(date(2026, 1, 1), date(2026, 12, 31)))
    off = [f"{day:%m-%d}" for day in year if day.weekday() < 5 and not calendar.is_workday(day)]
    worked = [f"{day:%m-%d}" for day in year if day.weekday() >= 5 and calendar.is_workday(day)]
    assert off == [
        "01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "02-23", "04-06", "05-01", "05-04",
        "05-05", "06-19", "09-25", "10-01", "10-02", "10-05", "10-06", "10-07",
    ]  # fmt: skip
    assert worked == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


@pytest.mark.parametrize(
    ("day", "workday", "reason"),
    [
        ("2026-03-02", True, "工作日"),
        ("2026-03-01", False, "周末"),
        ("2026-02-14", True, "调休上班（春节）"),  # a Saturday that makes up for the long holiday
        ("2026-02-15", False, "春节放假"),  # a Sunday inside the holiday is named after it
        ("2026-06-19", False, "端午节放假"),
        ("2026-09-20", True, "调休上班（国庆节）"),
        ("2027-01-01", False, "元旦（法定节日，暂定）"),  # no notice yet: the statutory day is known
        ("2027-02-08", True, "工作日"),  # 春节 moves with the moon: unknown until the notice
        ("2027-10-03", False, "国庆节（法定节日，暂定）"),
        ("2027-01-30", False, "周末"),
    ],
)
def test_every_day_has_a_reason(calendar: Calendar, day: str, workday: bool, reason: str) -> None:
    assert (calendar.is_workday(D(day)), calendar.reason(D(day))) == (workday, reason)


def test_a_year_without_notice_is_provisional_and_says_so(calendar: Calendar) -> None:
    assert calendar.years == tuple(range(2019, 2027))
    assert [year for year in range(2024, 2029) if calendar.provisional(year)] == [2027, 2028]
    assert "2027 年放假安排尚未录入" in calendar.source(2027)
    assert "国务院办公厅关于2026年部分节假日安排的通知" in calendar.source(2026)


def test_a_provisional_year_rests_on_the_six_fixed_statutory_days(calendar: Calendar) -> None:
    off = [
        f"{day:%m-%d}"
        for day in days(date(2029, 1, 1), date(2029, 12, 31))
        if day.weekday() < 5 and not calendar.is_workday(day)
    ]
    assert off == ["01-01", "05-01", "05-02", "10-01", "10-02", "10-03"]  # all on weekdays in 2029


def test_the_version_changes_with_the_files() -> None:
    head = 'year = 2031\nnotice = "通知"\nnumber = "一号"\n'
    text = head + '[[holiday]]\nname = "元旦"\nfrom = 2031-01-01\nto = 2031-01-01\n'
    first, again = Calendar.from_tomls({2031: text}), Calendar.from_tomls({2031: text})
    changed = Calendar.from_tomls({2031: text.replace("to = 2031-01-01", "to = 2031-01-02")})
    assert first.version == again.version != changed.version
    assert len(first.version) == 64


def test_the_nth_workday_is_found_across_years(calendar: Calendar) -> None:
    # 2026-12-31 is a Thursday; 2027-01-01 is 元旦, then comes a weekend
    assert calendar.workday_after(D("2026-12-30"), 1) == D("2026-12-31")
    assert calendar.workday_after(D("2026-12-30"), 2) == D("2027-01-04")
    assert calendar.workday_after(D("2024-12-31"), 249) == D("2026-01-04")  # 248 workdays in 2025 also
