"""When cycles come round: moved off rest days, the same key however often computed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from pathlib import Path

import pytest

from engine.deadline.calendar import Calendar
from engine.errors import InvalidData
from supervision.cycles.check import check_cycles
from supervision.cycles.file import parse_cycles
from supervision.cycles.recur import Cycle, Monthly, Recurrence, Weekly, Yearly, occasions
from supervision.cycles.words import late_in_words

PROCESSES = Path(__file__).parents[3] / "processes"
CALENDAR = Calendar.from_tomls(
    {year: (PROCESSES / "calendar" / f"{year}.toml").read_text() for year in (2025, 2026)}
)


@pytest.fixture
def box() -> Cycle:
    return next(cycle for cycle in parse_cycles(CYCLES) if cycle.key == "box_opening")


CYCLES = (PROCESSES / "cycles.toml").read_text()


def cycle(recurrence: Recurrence, *, earlier: bool = False) -> Cycle:
    return Cycle("x", "x", "周期", recurrence, time(9), earlier)


def until(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 15, 59, tzinfo=UTC)  # 23:59 in Shanghai


@pytest.mark.parametrize(
    ("week_of", "opens"),
    [
        (date(2026, 3, 2), "2026-03-06T15:00:00+08:00"),  # an ordinary Friday
        (date(2026, 4, 27), "2026-04-30T15:00:00+08:00"),  # 05-01 is Labour Day: the Thursday before
        (
            date(2026, 2, 16),
            "2026-02-14T15:00:00+08:00",
        ),  # the whole week is Spring Festival: make-up Saturday
    ],
)
def test_a_box_is_opened_on_friday_or_the_working_day_before(box: Cycle, week_of: date, opens: str) -> None:
    found = next(iter(occasions(box, CALENDAR, week_of, until(date(2026, 12, 31)))))
    assert found.due_at.isoformat() == opens


def test_each_week_has_one_occasion_with_a_key_of_its_own(box: Cycle) -> None:
    found = list(occasions(box, CALENDAR, date(2026, 1, 1), until(date(2026, 12, 31))))
    assert len({occasion.key for occasion in found}) == len(found) == 53
    assert [o.due_at for o in found] == sorted(o.due_at for o in found)
    assert found[0].key == "box_opening:2026-W01"


@pytest.mark.parametrize(
    ("recurrence", "expected"),
    [
        # DOMAIN 7.2: half-yearly self-check, 2026-06-01 is a Monday, 12-01 a Tuesday
        (Yearly(((6, 1), (12, 1))), [("x:2026H1", "2026-06-01"), ("x:2026H2", "2026-12-01")]),
        # annual inspection: the first day after the National Day holiday
        (Yearly(((10, 8),)), [("x:2026", "2026-10-08")]),
        # annual report: first working day of January
        (Yearly(((1, 1),)), [("x:2026", "2026-01-04")]),
        (Yearly(((2, 16),)), [("x:2026", "2026-02-24")]),  # into Spring Festival, out on the 24th
    ],
)
def test_yearly_cycles_fall_on_their_day_or_the_next_workday(
    recurrence: Recurrence, expected: list[tuple[str, str]]
) -> None:
    found = occasions(cycle(recurrence), CALENDAR, date(2026, 1, 1), until(date(2026, 12, 31)))
    assert [(o.key, o.due_at.date().isoformat()) for o in found] == expected


def test_a_monthly_cycle_on_the_first_begins_on_the_first_workday_of_each_month() -> None:
    found = list(occasions(cycle(Monthly(1)), CALENDAR, date(2026, 1, 15), until(date(2026, 12, 31))))
    assert [f"{o.due_at:%m-%d}" for o in found] == [
        "01-04", "02-02", "03-02", "04-01", "05-06", "06-01",
        "07-01", "08-03", "09-01", "10-08", "11-02", "12-01",
    ]  # fmt: skip
    assert (found[0].key, found[-1].label) == ("x:2026-01", "2026-12")


def test_a_moved_occasion_remembers_the_day_it_was_drawn_on() -> None:
    (found,) = occasions(cycle(Yearly(((10, 1),))), CALENDAR, date(2026, 1, 1), until(date(2026, 12, 31)))
    assert (found.drawn_on, found.due_at.date()) == (date(2026, 10, 1), date(2026, 10, 8))


@pytest.mark.parametrize("recurrence", [Weekly(4), Monthly(28), Yearly(((6, 1), (12, 1)))])
def test_periods_follow_each_other_from_that_of_the_first_day(recurrence: Recurrence) -> None:
    first = date(2026, 6, 15)
    days = [day for _, day in takewhile(lambda item: item[1].year < 2030, recurrence.days(first))]
    assert days == sorted(set(days))
    assert days[0] <= first + timedelta(days=31)


def test_nothing_is_due_before_its_hour(box: Cycle) -> None:
    before = datetime(2026, 3, 6, 6, 59, tzinfo=UTC)
    assert list(occasions(box, CALENDAR, date(2026, 3, 2), before)) == []
    assert len(list(occasions(box, CALENDAR, date(2026, 3, 2), before.replace(hour=7, minute=0)))) == 1


WRITTEN = "process='x'\nat='15:00'\nrest_day='next'\n"


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        ("at='15:00'\nrest_day='next'\nweekday='五'", "应写明 process"),
        (WRITTEN + "weekday='八'", "weekday 是“八”"),
        (WRITTEN + "monthday=31", "monthday 是“31”"),
        (WRITTEN + "dates=[]", "dates 是“\\[\\]”"),
        (WRITTEN + "dates=['02-29']", "02-29"),
        (WRITTEN + "dates=['6月1日']", "月-日"),
        (WRITTEN + "weekday='五'\nmonthday=1", "只写一项"),
        (WRITTEN, "只写一项"),
        ("process='x'\nweekday='五'\nat='三点'\nrest_day='next'", "三点"),
        ("process='x'\nweekday='五'\nat='24:00'\nrest_day='next'", "24:00"),
        ("process='x'\nweekday='五'\nat='15:00'\nrest_day='skip'", "skip"),
        (WRITTEN + "weekday='五'\ncron='0 9 1 6 *'", "不认识“cron”"),
        (WRITTEN + "monthday=true", "monthday 是“True”"),
        (WRITTEN + "dates=['2025-06-01']", "“2025-06-01”写了年份：周期每年都来"),
        (WRITTEN + "dates=[2025-06-01]", "写了年份"),
        (WRITTEN + "dates=['06-01', '06-01']", "“06-01”写了两次"),
        (WRITTEN + "dates=['02-30']", "“02-30”不是每年都有"),
        (WRITTEN + "weekday='五'\nlead_workdays=-1", "0 至 20 的整数"),
        (WRITTEN + "weekday='五'\nlead_workdays=400", "0 至 20 的整数"),
        (WRITTEN + "weekday='五'\nstart_now='DCS_LEAD'", "start_now 应是可以立即启动的角色"),
        (WRITTEN + "weekday='五'\nfrom=2027-01-01\nuntil=2026-01-01", "晚于 until"),
        (WRITTEN + "weekday='五'\nfrom='2027-01-01'", "不加引号的日期"),
        (WRITTEN + "weekday='五'\nuntil=3027-01-01", "2000 至 2099"),
    ],
)
def test_a_broken_section_says_what_is_expected(section: str, sentence: str) -> None:
    with pytest.raises(InvalidData, match=sentence):
        parse_cycles(f"[box]\n{section}\n")


def test_a_file_that_is_no_toml_is_told_so() -> None:
    with pytest.raises(InvalidData, match="不是有效的 TOML"):
        parse_cycles("[box\n")


def test_two_cycles_with_one_key_are_told_apart_from_other_slips() -> None:
    section = f"[box]\n{WRITTEN}weekday='五'\n"
    with pytest.raises(InvalidData) as wrong:
        parse_cycles(section * 2)
    assert wrong.value.errors == {
        "box": ["键“box”写了两次（第 6 行又写了一次）：每个周期应有自己的键，请改名或删去一个"]
    }


@pytest.mark.parametrize("key", ["Box", '"意见箱"', '"box:1"', "1box"])
def test_a_key_can_stand_in_addresses(key: str) -> None:
    with pytest.raises(InvalidData, match="键应由小写字母开头"):
        parse_cycles(f"[{key}]\n{WRITTEN}weekday='五'\n")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("process='drawn'", ""),
        ("process='nowhere'", "没有流程“nowhere”"),
        ("process='drawn'\nstart_now=['BOSS']", "“BOSS”不在 roles.toml 里"),
        ("process='drawn'\nuntil=2026-03-01", "已经过去：until 是 2026-03-01，今天是 2026-03-02"),
        ("process='drawn'\nuntil=2026-03-02", ""),  # today is its last day
    ],
)
def test_a_cycle_is_checked_beside_processes_roles_and_the_day(change: str, sentence: str) -> None:
    content = f"[box]\n{change}\nat='15:00'\nrest_day='next'\nweekday='五'\n"
    problems = check_cycles(content, processes={"drawn"}, roles={"DCS_LEAD"}, today=date(2026, 3, 2))
    assert len(problems) == bool(sentence)
    assert all(sentence in str(problem) and problem.file == "cycles.toml" for problem in problems)


@pytest.mark.parametrize(
    ("key", "on", "starts"),
    [
        # DOMAIN 7.2, second column; the notice of a self-check is drafted from five working days before
        ("self_check:2026H1", "2026-06-01", "2026-05-25T09:00:00+08:00"),
        ("self_check:2026H2", "2026-12-01", "2026-11-24T09:00:00+08:00"),
        ("annual_inspection:2026", "2026-10-08", "2026-10-08T09:00:00+08:00"),
        ("district_report:2027", "2027-01-04", "2027-01-04T09:00:00+08:00"),
        ("website_sampling:2026-05", "2026-05-06", "2026-05-06T09:00:00+08:00"),
        ("box_opening:2026-W18", "2026-04-30", "2026-04-30T15:00:00+08:00"),
    ],
)
def test_the_cycles_of_the_regulation_come_on_the_days_of_the_specification(
    key: str, on: str, starts: str
) -> None:
    found = {
        occasion.key: occasion
        for cycle in parse_cycles(CYCLES)
        for occasion in occasions(cycle, CALENDAR, date(2026, 1, 1), until(date(2027, 1, 31)))
    }
    assert (found[key].on.isoformat(), found[key].due_at.isoformat()) == (on, starts)


def test_a_lead_never_begins_on_a_rest_day() -> None:
    early = Cycle("x", "x", "周期", Yearly(((10, 12),)), time(9), earlier=False, lead=3)
    (found,) = occasions(early, CALENDAR, date(2026, 1, 1), until(date(2026, 12, 31)))
    # before Monday the 12th: Saturday 10-10 is a make-up day, then Friday and Thursday after the holiday
    assert found.due_at.isoformat() == "2026-10-08T09:00:00+08:00"


def test_only_occasions_between_from_and_until_exist() -> None:
    bounded = Cycle(
        "x", "x", "周期", Monthly(1), time(9), earlier=False,
        first_on=date(2026, 3, 1), last_on=date(2026, 5, 1),
    )  # fmt: skip
    found = occasions(bounded, CALENDAR, date(2025, 1, 1), until(date(2027, 12, 31)))
    assert [occasion.label for occasion in found] == ["2026-03", "2026-04", "2026-05"]


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (timedelta(minutes=9), ""),
        (timedelta(minutes=30), "晚 30 分钟"),
        (timedelta(hours=18), "晚 18 小时"),
        (timedelta(days=7, hours=3), "晚 7 天"),
    ],
)
def test_lateness_is_said_in_one_unit(late: timedelta, words: str) -> None:
    assert late_in_words(late) == words
