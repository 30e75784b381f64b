"""When cycles come round: moved off rest days, the same key however often computed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from pathlib import Path

import pytest

from engine.deadline.calendar import Calendar
from engine.errors import InvalidData
from supervision.cycles import Cycle, occasions, parse_cycles
from supervision.cycles.recur import Monthly, Recurrence, Weekly, Yearly

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
    ],
)
def test_a_broken_section_says_what_is_expected(section: str, sentence: str) -> None:
    with pytest.raises(InvalidData, match=sentence):
        parse_cycles(f"[box]\n{section}\n")


def test_a_file_that_is_no_toml_is_told_so() -> None:
    with pytest.raises(InvalidData, match="不是有效的 TOML"):
        parse_cycles("[box\n")
