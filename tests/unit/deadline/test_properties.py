"""What holds for every period, whatever its numbers."""

from __future__ import annotations

import json
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.pause import Pause
from engine.deadline.rule import Cap, Rule, RuleSet
from engine.deadline.verify import verify

COUNTED = st.sampled_from(["wd", "cd", "month"])
STARTS = st.dates(date(2024, 6, 1), date(2028, 6, 1))
LENGTHS = st.integers(1, 36)
PAUSES = st.lists(
    st.builds(
        lambda begins, days: Pause(begins, begins + timedelta(days=days), "中止"), STARTS, st.integers(0, 40)
    ),
    max_size=3,
)


def rule(length: int, unit: str, **terms: object) -> Rule:
    return Rule("X", "环节", "开始", "结束", length, unit, **terms)  # type: ignore[arg-type]


@given(start=STARTS, length=LENGTHS, unit=COUNTED, pauses=PAUSES)
def test_a_longer_period_never_ends_earlier(
    calendar: Calendar, start: date, length: int, unit: str, pauses: list[Pause]
) -> None:
    shorter = compute(rule(length, unit), calendar, start, pauses=pauses)
    longer = compute(rule(length + 1, unit), calendar, start, pauses=pauses)
    assert longer.due_on >= shorter.due_on
    assert unit != "wd" or longer.due_on > shorter.due_on


@given(start=STARTS, length=LENGTHS, unit=COUNTED)
def test_a_later_start_never_ends_earlier(calendar: Calendar, start: date, length: int, unit: str) -> None:
    today = compute(rule(length, unit), calendar, start)
    tomorrow = compute(rule(length, unit), calendar, start + timedelta(days=1))
    assert tomorrow.due_on >= today.due_on


@given(start=STARTS, length=LENGTHS, unit=COUNTED, pauses=PAUSES)
def test_the_end_is_a_counted_workday_and_the_rungs_ascend(
    calendar: Calendar, start: date, length: int, unit: str, pauses: list[Pause]
) -> None:
    due = compute(rule(length, unit), calendar, start, pauses=pauses)
    assert calendar.is_workday(due.due_on)
    assert not any(pause.begins_on < due.due_on <= pause.ends_on for pause in pauses)
    assert due.amber_on is not None
    assert start < due.amber_on <= due.due_on < due.levels["L2"] <= due.levels["L3"] < due.levels["L4"]


@given(start=STARTS, length=LENGTHS, unit=COUNTED, pauses=PAUSES)
def test_a_suspension_never_brings_the_end_forward(
    calendar: Calendar, start: date, length: int, unit: str, pauses: list[Pause]
) -> None:
    plain = compute(rule(length, unit), calendar, start)
    assert compute(rule(length, unit), calendar, start, pauses=pauses).due_on >= plain.due_on


@given(start=STARTS, length=st.integers(1, 40), cap=st.integers(3, 30))
def test_a_cap_is_never_passed_and_never_lengthens(
    calendar: Calendar, start: date, length: int, cap: int
) -> None:
    capped = compute(rule(length, "wd", cap=Cap(cap, "cd")), calendar, start)
    assert start <= capped.due_on <= start + timedelta(days=cap)
    assert capped.due_on <= compute(rule(length, "wd"), calendar, start).due_on


@given(start=STARTS, length=LENGTHS, unit=COUNTED, by=st.integers(0, 12))
def test_an_extension_is_the_longer_period(
    calendar: Calendar, start: date, length: int, unit: str, by: int
) -> None:
    extended = compute(rule(length, unit), calendar, start, extended_by=by)
    longer = compute(rule(length + by, unit), calendar, start)
    assert (extended.due_on, extended.levels) == (longer.due_on, longer.levels)


@settings(max_examples=60)
@given(data=st.data(), start=STARTS, pauses=PAUSES)
def test_every_proof_recomputes_from_its_export(
    calendar: Calendar, rules: RuleSet, data: st.DataObject, start: date, pauses: list[Pause]
) -> None:
    chosen = rules[data.draw(st.sampled_from(sorted(rules)))]
    by = data.draw(st.integers(0, chosen.extension.n)) if chosen.extension else 0
    due = compute(chosen, calendar, start, extended_by=by, pauses=pauses)
    assert verify(json.loads(json.dumps(due.proof))) == []
