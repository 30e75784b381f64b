"""How days are counted in 2026, one fact a row with its reason. Source: DOMAIN 7.1, 民事诉讼法第八十五条."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.rule_file import parse_rules

D = date.fromisoformat
ROWS = [
    ("5 wd", "2026-02-09", "2026-02-14", "the start day is not counted; working Saturday 02-14 is the fifth"),
    ("5 wd", "2026-02-13", "2026-02-27", "02-15…23 are off; 14, 24, 25, 26, 27 are counted"),
    ("1 wd", "2026-02-27", "2026-02-28", "the Saturday after is worked for 春节"),
    ("1 wd", "2026-09-19", "2026-09-20", "begun on a Saturday; Sunday 09-20 is worked for 国庆节"),
    ("1 wd", "2026-09-30", "2026-10-08", "the whole holiday lies between"),
    ("3 wd", "2026-10-08", "2026-10-12", "9, Saturday 10 (worked), Monday 12"),
    ("1 wd", "2026-05-08", "2026-05-09", "Saturday 05-09 is worked for 劳动节"),
    ("1 wd", "2025-12-31", "2026-01-04", "元旦 to 01-03; Sunday 01-04 is worked"),
    ("0 wd", "2026-03-02", "2026-03-02", "0 is the same day"),
    ("0 wd", "2026-10-03", "2026-10-08", "the same day, but nobody works in the holiday"),
    ("7 cd", "2026-03-02", "2026-03-09", "calendar days that end on a working day do not move"),
    ("30 cd", "2026-09-01", "2026-10-08", "the 30th day is 10-01: the end moves over the whole holiday"),
    ("10 cd", "2026-02-04", "2026-02-14", "a Saturday that is worked is no rest day: no move"),
    ("10 cd", "2026-06-09", "2026-06-22", "端午节 06-19…21: the end moves to Monday"),
    ("30 cd flat", "2026-09-02", "2026-10-02", "shift = false: 公告 ends on its day, holiday or not"),
    ("1 month", "2026-01-31", "2026-02-28", "no 31st in February: its last day, a working Saturday"),
    ("1 month", "2026-03-31", "2026-04-30", "no 31st in April: its last day"),
    ("1 month", "2026-05-10", "2026-06-10", "the same-numbered day"),
    ("1 month", "2026-09-05", "2026-10-08", "10-05 is a holiday: the end moves"),
    ("6 month", "2026-08-31", "2027-03-01", "02-28 of 2027 is a Sunday: the end moves to Monday"),
    ("12 month", "2026-02-28", "2027-03-01", "the same-numbered day is Sunday 02-28"),
    ("date 03-31", "2026-01-05", "2026-03-31", "a Tuesday: the law's day is ours too"),
    ("date 01-31", "2026-01-05", "2026-01-30", "01-31 is a Saturday: ours is Friday, the law's stays"),
    ("date 10-05", "2026-09-01", "2026-09-30", "in the holiday: the last working day before it"),
    ("date 02-28", "2026-02-01", "2026-02-28", "a Saturday that is worked needs no earlier day"),
    ("date 01-31", "2026-02-01", "2027-01-29", "this year's is over: next year's, a Sunday"),
]


@pytest.mark.parametrize(("terms", "start", "due_on", "reason"), ROWS, ids=[row[3] for row in ROWS])
def test_a_fact_of_2026(calendar: Calendar, terms: str, start: str, due_on: str, reason: str) -> None:
    first, second, *flat = terms.split()
    value, unit = (f'"{second}"', first) if first == "date" else (first, second)
    text = f'[X]\nstep = "x"\nstart = "x"\nends_at = "x"\nvalue = {value}\nunit = "{unit}"\ntag = "default"\n'
    rule = parse_rules(text + ("shift = false\n" if flat else ""))["X"]
    assert compute(rule, calendar, D(start)).due_on == D(due_on), reason


def test_2026_has_its_weekday_holidays_its_working_weekends_and_248_working_days(calendar: Calendar) -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    off = [f"{day:%m-%d}" for day in days if day.weekday() < 5 and not calendar.is_workday(day)]
    worked = [f"{day:%m-%d}" for day in days if day.weekday() >= 5 and calendar.is_workday(day)]
    assert (
        off
        == (
            "01-01 01-02 02-16 02-17 02-18 02-19 02-20 02-23 04-06 05-01 05-04 05-05 06-19 09-25 "
            "10-01 10-02 10-05 10-06 10-07"
        ).split()
    )
    assert worked == "01-04 02-14 02-28 05-09 09-20 10-10".split()
    assert sum(map(calendar.is_workday, days)) == 248
