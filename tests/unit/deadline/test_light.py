"""Colours and words of a deadline at a moment."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.light import light
from engine.deadline.rule import RuleSet
from engine.deadline.words import in_words
from engine.deadline.workdays import remaining_workdays

D = date.fromisoformat


def at(text: str) -> datetime:
    """Shanghai time."""
    return datetime.fromisoformat(f"{text}+08:00")


@pytest.mark.parametrize(
    ("now", "colour"),
    [
        ("2026-02-27T10:00", "green"),
        ("2026-03-15T23:59:59", "green"),
        ("2026-03-16T00:00", "amber"),
        ("2026-03-19T23:59:59", "amber"),  # the last second still belongs to the period
        ("2026-03-20T00:00", "red"),
    ],
)
def test_the_light_changes_at_midnight_in_shanghai(
    calendar: Calendar, rules: RuleSet, now: str, colour: str
) -> None:
    assert light(compute(rules["CP-HANDLE"], calendar, D("2026-02-27")), at(now)) == colour


def test_a_finished_deadline_keeps_the_colour_of_its_end(calendar: Calendar, rules: RuleSet) -> None:
    due, long_after = compute(rules["CP-HANDLE"], calendar, D("2026-02-27")), at("2026-12-01T09:00")
    assert light(due, long_after, finished_at=at("2026-03-19T23:59")) == "green"
    assert light(due, long_after, finished_at=at("2026-03-20T00:00")) == "red"


def test_a_suspended_deadline_is_grey_even_after_its_day(calendar: Calendar, rules: RuleSet) -> None:
    due = compute(rules["CP-HANDLE"], calendar, D("2026-02-27"))
    assert light(due, at("2026-04-01T09:00"), suspended=True) == "grey"


def test_a_deadline_without_amber_goes_from_green_to_red(calendar: Calendar, rules: RuleSet) -> None:
    due = compute(rules["AI-REPORT"], calendar, D("2026-12-14"))
    assert light(due, at("2026-12-14T23:59")) == "green"
    assert light(due, at("2026-12-15T00:00")) == "red"


@pytest.mark.parametrize(
    ("key", "start", "now", "words"),
    [
        ("CP-HANDLE", "2026-02-27", "2026-03-16T09:00", "剩余 3 个工作日"),
        ("CP-HANDLE", "2026-02-27", "2026-03-19T23:59", "今日到期"),
        ("CP-HANDLE", "2026-02-27", "2026-03-20T00:00", "逾期 1 个工作日"),
        ("CP-HANDLE", "2026-02-27", "2026-03-23T09:00", "逾期 2 个工作日"),  # the weekend is not counted
        ("CP-TRIAGE", "2026-09-29", "2026-10-10T09:00", "剩余 1 个工作日"),  # a working Saturday
        ("CP-OBJ", "2026-03-06", "2026-03-14T09:00", "已逾期，不足 1 个工作日"),  # due Friday, now Saturday
        ("SV-PUB", "2026-09-02", "2026-09-30T09:00", "剩余 2 日"),  # ends inside the holiday
        ("SV-PUB", "2026-09-02", "2026-10-02T09:00", "今日到期"),
        ("YR-UNIT", "2027-01-04", "2027-01-28T09:00", "剩余 1 个工作日（暂定）"),
        ("YR-UNIT", "2027-01-04", "2027-01-30T09:00", "已过内部期限，法定期限为 1 月 31 日（暂定）"),
        ("YR-UNIT", "2027-01-04", "2027-01-31T09:00", "今日到期"),
        ("CP-HANDLE", "2026-12-21", "2026-12-21T09:00", "剩余 15 个工作日（暂定）"),
    ],
)
def test_the_time_left_reads_as_people_say_it(
    calendar: Calendar, rules: RuleSet, key: str, start: str, now: str, words: str
) -> None:
    assert in_words(compute(rules[key], calendar, D(start)), calendar, at(now)) == words


@pytest.mark.parametrize(
    ("today", "due_on", "left"),
    [
        ("2026-03-16", "2026-03-19", 3),
        ("2026-03-19", "2026-03-19", 0),
        ("2026-03-23", "2026-03-19", -2),
        ("2026-02-13", "2026-02-27", 5),  # over 春节, with the working Saturday
        ("2026-02-21", "2026-02-14", 0),  # overdue, but the whole week was a holiday
    ],
)
def test_remaining_workdays_are_negative_when_overdue(
    calendar: Calendar, today: str, due_on: str, left: int
) -> None:
    assert remaining_workdays(calendar, D(today), D(due_on)) == left
