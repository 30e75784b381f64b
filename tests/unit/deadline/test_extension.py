"""Whether a running deadline may be moved once more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.extension import check_extension
from engine.deadline.rule import RuleSet
from engine.errors import DeadlineClosed, InvalidData

BEFORE = datetime(2026, 3, 18, 1, 0, tzinfo=UTC)


@pytest.mark.parametrize("days", [1, 10])
def test_an_open_deadline_may_be_extended(calendar: Calendar, rules: RuleSet, days: int) -> None:
    due = compute(rules["CP-HANDLE"], calendar, date(2026, 2, 27))
    last_moment = due.due_at - timedelta(microseconds=1)
    check_extension(rules["CP-HANDLE"], due, 0, days, last_moment)
    with pytest.raises(DeadlineClosed):  # the same request one moment later
        check_extension(rules["CP-HANDLE"], due, 0, days, due.due_at)


@pytest.mark.parametrize(
    ("key", "times", "now", "sentence"),
    [
        ("CP-HANDLE", 1, BEFORE, "最多延期 1 次，已经用完"),
        ("CP-HANDLE", 0, datetime(2026, 3, 20, 1, tzinfo=UTC), "已于 2026-03-19（周四）24:00 届满"),
        ("CP-TRIAGE", 0, datetime(2026, 2, 27, 1, tzinfo=UTC), "“P3 受理审查并告知”的期限不可延期"),
    ],
)
def test_a_closed_deadline_is_not_extended(
    calendar: Calendar, rules: RuleSet, key: str, times: int, now: datetime, sentence: str
) -> None:
    due = compute(rules[key], calendar, date(2026, 2, 27))
    with pytest.raises(DeadlineClosed, match=sentence):
        check_extension(rules[key], due, times, 5, now)


@pytest.mark.parametrize("days", [0, -3, 11, 10**9, True, 2.5, "5"])
def test_a_wrong_number_of_days_is_refused_with_the_limit(
    calendar: Calendar, rules: RuleSet, days: Any
) -> None:
    due = compute(rules["CP-HANDLE"], calendar, date(2026, 2, 27))
    with pytest.raises(InvalidData) as refused:
        check_extension(rules["CP-HANDLE"], due, 0, days, BEFORE)
    assert "每次延期应为 1 至 10 个工作日" in refused.value.errors["days"][0]
