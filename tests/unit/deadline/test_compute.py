"""Due days, a reason per row. T-numbers are the dated stories of the specification."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.rule import Rule, RuleSet
from engine.deadline.rule_file import parse_rules
from engine.errors import InvalidData

D = date.fromisoformat
STORIES = [
    # T01: the annual inspection after 国庆节; Saturday 10-10 counts
    ("AI-PLAN", "2026-10-08", "2026-10-21"),
    ("AI-NOTICE", "2026-10-21", "2026-10-26"),
    ("AI-MAT", "2026-10-26", "2026-11-09"),
    ("AI-ONSITE", "2026-11-09", "2026-11-30"),
    ("AI-CONFIRM", "2026-11-30", "2026-12-07"),
    ("AI-SCORE", "2026-12-07", "2026-12-14"),
    ("AI-REPORT", "2026-12-14", "2026-12-14"),  # 0 working days: the same day
    ("AI-LSG", "2026-12-14", "2026-12-21"),
    ("AI-NOTIFY", "2026-12-21", "2026-12-24"),
    # T03: 30 days end on Sunday 08-09 and move to Monday
    ("AI-OBJ", "2026-07-10", "2026-08-10"),
    ("AI-REV", "2026-08-10", "2026-09-09"),
    # T05: 20 working days over 端午 06-19
    ("SC-DUE", "2026-06-01", "2026-06-30"),
    # T10: before 春节; Saturday 02-14 counts, 02-15…23 do not
    ("CP-TRIAGE", "2026-02-13", "2026-02-27"),
    ("CP-HANDLE", "2026-02-27", "2026-03-19"),
    # T12: Sunday 09-20 counts; the supplement restarts the clock on Saturday 10-10
    ("CP-TRIAGE", "2026-09-16", "2026-09-22"),
    ("CP-SUPP-N", "2026-09-16", "2026-09-24"),
    ("CP-SUPP", "2026-09-22", "2026-10-13"),
    ("CP-TRIAGE", "2026-10-10", "2026-10-16"),
    # T21: the answer to a request made as a complaint
    ("IC-DUE", "2026-09-10", "2026-10-14"),
    # T23: calendar days that end on a Friday
    ("AC-SCREEN", "2026-03-10", "2026-03-24"),
    ("AC-INV", "2026-03-18", "2026-04-17"),
    # T26: delivery, and a report whose 30th day is 国庆节
    ("AC-SERVE", "2026-08-26", "2026-09-04"),
    ("AC-IMPL", "2026-09-01", "2026-10-08"),
    # T33: review asked for on the last day; the decision falls on Saturday 11-07
    ("RV-A-APPLY", "2026-09-01", "2026-10-08"),
    ("RV-A-DECIDE", "2026-10-08", "2026-11-09"),
    ("RV-CORRECT", "2026-11-09", "2026-11-16"),
    # T35: rectification
    ("RC-PLAN", "2026-06-15", "2026-06-23"),
    ("RC-DUE", "2026-06-15", "2026-07-15"),
    ("RC-VERIFY", "2026-07-14", "2026-07-28"),
    ("RC-LOOK", "2026-07-28", "2026-10-28"),
    # T38: six months to the same-numbered day
    ("AC-CF", "2026-03-10", "2026-09-10"),
    # every kind at its corners
    ("RV-C-APPLY", "2026-01-31", "2026-02-28"),  # no 31st in February; 02-28 is a working Saturday
    ("RV-C-APPLY", "2026-03-31", "2026-04-30"),
    ("RV-C-APPLY", "2026-04-01", "2026-05-06"),  # 05-01…05 off: the month's end moves
    ("RV-C-APPEAL-DECIDE", "2025-12-31", "2026-02-28"),
    ("SV-PUB", "2026-09-02", "2026-10-02"),  # 公告 is not shifted, though 10-02 is a holiday
    ("AI-REPORT", "2026-10-03", "2026-10-08"),  # the same day, but nobody works in the holiday
    ("CP-TRIAGE", "2026-02-18", "2026-02-28"),  # begun in the holiday: 24, 25, 26, 27, and Saturday 28
    ("YR-GOV", "2026-01-05", "2026-03-31"),
    ("YR-GOV", "2026-03-31", "2026-03-31"),  # on the day itself it is this year's
    ("YR-GOV", "2026-04-01", "2027-03-31"),
]


@pytest.mark.parametrize(("key", "start", "due_on"), STORIES)
def test_a_period_ends_on_its_day(
    calendar: Calendar, rules: RuleSet, key: str, start: str, due_on: str
) -> None:
    due = compute(rules[key], calendar, D(start))
    assert (due.start_on, due.due_on) == (D(start), D(due_on))


@pytest.mark.parametrize(
    ("key", "start", "by", "due_on"),
    [
        ("IC-DUE", "2026-09-10", 20, "2026-11-11"),  # T21 with the full extension
        ("AC-CF", "2026-03-10", 6, "2027-03-10"),  # T38: twelve months are the absolute end
        ("RC-DUE", "2026-06-15", 15, "2026-07-30"),  # 45 days from the start, not 15 from a shifted end
        ("RV-A-DECIDE", "2026-10-08", 15, "2026-11-23"),  # the 45th day is Sunday 11-22: shifted once
        ("CP-HANDLE", "2026-02-27", 10, "2026-04-02"),
    ],
)
def test_an_extension_counts_on_from_the_original_length(
    calendar: Calendar, rules: RuleSet, key: str, start: str, by: int, due_on: str
) -> None:
    assert compute(rules[key], calendar, D(start), extended_by=by).due_on == D(due_on)


def test_a_period_ends_at_24_o_clock_in_shanghai(calendar: Calendar, rules: RuleSet) -> None:
    due = compute(rules["CP-HANDLE"], calendar, D("2026-02-27"))
    assert due.due_at == datetime(2026, 3, 19, 16, 0, tzinfo=UTC)
    assert due.due_at.utcoffset() == UTC.utcoffset(None)


@pytest.mark.parametrize(
    ("instant", "start_on"),
    [
        ("2026-02-27T15:59:59+00:00", "2026-02-27"),  # one second to midnight in Shanghai
        ("2026-02-27T16:00:00+00:00", "2026-02-28"),  # already the next day there
        ("2026-02-27T23:59:59+08:00", "2026-02-27"),
    ],
)
def test_an_instant_starts_on_its_shanghai_day(
    calendar: Calendar, rules: RuleSet, instant: str, start_on: str
) -> None:
    due = compute(rules["CP-HANDLE"], calendar, datetime.fromisoformat(instant))
    assert due.start_on == D(start_on)


def test_a_fixed_date_on_a_sunday_is_due_before_but_late_only_after(
    calendar: Calendar, rules: RuleSet
) -> None:
    # T41: 2027-01-31 is a Sunday; our own day is Friday, the law's is still Sunday
    due = compute(rules["YR-UNIT"], calendar, D("2027-01-04"))
    assert (due.due_on, due.legal_on) == (D("2027-01-29"), D("2027-01-31"))
    assert due.levels["L2"] == D("2027-02-01")
    assert due.due_at == datetime(2027, 1, 31, 16, tzinfo=UTC)
    assert due.provisional


def test_a_fixed_date_never_falls_before_its_start(calendar: Calendar, rules: RuleSet) -> None:
    # begun on Saturday 01-30: the Friday is gone, and the law's day is the only one left
    due = compute(rules["YR-UNIT"], calendar, D("2027-01-30"))
    assert (due.due_on, due.amber_on, due.legal_on) == (D("2027-01-30"), D("2027-01-30"), D("2027-01-31"))


CAPPED = """
[CP-X]
step = "审查"
start = "收到"
ends_at = "告知"
value = 12
unit = "wd"
cap = { value = 15, unit = "cd" }
tag = "default, capped"
"""


@pytest.mark.parametrize(
    ("start", "due_on"),
    [
        ("2026-03-02", "2026-03-17"),  # 12 working days end on 03-18, the 15 days on Tuesday 03-17
        ("2026-02-12", "2026-02-27"),  # the holiday pushes the working days to 03-10
        ("2026-09-18", "2026-09-30"),  # the 15th day is 10-03: the last working day before it
    ],
)
def test_a_cap_is_never_passed(calendar: Calendar, start: str, due_on: str) -> None:
    due = compute(parse_rules(CAPPED)["CP-X"], calendar, D(start))
    assert due.due_on == D(due_on)
    assert due.amber_on is not None
    assert due.amber_on <= due.due_on


@pytest.mark.parametrize(
    ("key", "start", "provisional"),
    [
        ("CP-HANDLE", "2026-11-02", False),
        ("CP-HANDLE", "2026-12-21", True),  # counts working days of 2027
        ("CP-HANDLE", "2026-12-08", True),  # due 12-29, but its last rung is in 2027
        ("CP-XF", "2026-10-20", False),  # 60 days to 12-21: rungs in calendar days need no notice
        ("CP-XF", "2026-11-10", True),  # ends on 2027-01-11: whether that is a working day is a guess
        ("CP-HANDLE", "2024-12-31", False),  # the start day itself is not counted
    ],
)
def test_whatever_rests_on_a_year_without_notice_is_provisional(
    calendar: Calendar, rules: RuleSet, key: str, start: str, provisional: bool
) -> None:
    assert compute(rules[key], calendar, D(start)).provisional is provisional


@pytest.mark.parametrize(
    ("start", "extended_by", "field", "sentence"),
    [
        (datetime(2026, 2, 27, 9), 0, "start", "没有时区，请写成“2026-02-27T09:00:00+08:00”"),  # noqa: DTZ001
        (date(206, 2, 27), 0, "start", "请检查年份"),
        (date(9999, 12, 31), 0, "start", "请检查年份"),
        (date(2026, 2, 27), -1, "extended_by", "不能按 -1 延长"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    calendar: Calendar, rules: RuleSet, start: date, extended_by: int, field: str, sentence: str
) -> None:
    with pytest.raises(InvalidData) as refused:
        compute(rules["CP-HANDLE"], calendar, start, extended_by=extended_by)
    assert sentence in refused.value.errors[field][0]


def test_a_fixed_date_cannot_be_lengthened(calendar: Calendar, rules: RuleSet) -> None:
    with pytest.raises(InvalidData, match="YR-UNIT"):
        compute(rules["YR-UNIT"], calendar, D("2026-01-05"), extended_by=1)


def test_the_proof_is_written_only_when_asked_for(
    calendar: Calendar, rules: RuleSet, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[date] = []

    def reason(self: Calendar, day: date) -> str:
        asked.append(day)
        return "工作日"

    monkeypatch.setattr(Calendar, "reason", reason)
    due = compute(rules["CP-HANDLE"], calendar, D("2026-02-27"))
    assert asked == []
    assert due.proof["result"]["due_on"] == "2026-03-19"
    assert asked


def test_two_computations_of_the_same_are_equal(calendar: Calendar, rules: RuleSet) -> None:
    rule: Rule = rules["CP-HANDLE"]
    assert compute(rule, calendar, D("2026-02-27")) == compute(rule, calendar, D("2026-02-27"))
