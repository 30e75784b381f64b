"""Which rung of the ladder people are told of, and when it is looked at next."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.shanghai import SHANGHAI
from supervision.escalation.rungs import coming, next_look, reached, rung, told

PROCESSES = Path(__file__).parents[3] / "processes"
CALENDAR = Calendar.from_tomls({2026: (PROCESSES / "calendar" / "2026.toml").read_text()})
LEVELS = {"L1": "2026-03-16", "L2": "2026-03-20", "L3": "2026-03-24", "L4": "2026-03-31"}
SATURDAY = {"L2": "2026-03-21", "L3": "2026-03-24", "L4": "2026-03-31"}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("moment", "level"),
    [
        ("2026-03-16T08:59", "L0"),  # nobody is told before nine
        ("2026-03-16T09:00", "L1"),
        ("2026-03-19T23:59", "L1"),
        ("2026-03-20T09:00", "L2"),
        ("2026-03-24T09:00", "L3"),
        ("2026-04-20T12:00", "L4"),  # rungs passed during an outage fall together
    ],
)
def test_rungs_are_told_of_at_nine(moment: str, level: str) -> None:
    assert rung(LEVELS, CALENDAR, at(moment)) == level


def test_a_rung_on_a_rest_day_is_told_of_on_the_next_working_day() -> None:
    assert rung(SATURDAY, CALENDAR, at("2026-03-22T12:00")) == "L0"
    assert rung(SATURDAY, CALENDAR, at("2026-03-23T09:00")) == "L2"


@pytest.mark.parametrize(
    ("announced", "known"),
    [
        ([], "L0"),
        ([("L1", "2026-03-16T09:00")], "L1"),
        ([("L1", "2026-03-12T09:00")], "L0"),  # told of the days before an extension: told again
        ([("L1", "2026-03-18T09:00")], "L1"),  # a calendar brought the day forward: not again
        ([("L1", "2026-03-16T09:00"), ("L3", "2026-03-24T09:00")], "L3"),
        ([("L4", "2026-04-20T12:00")], "L4"),
    ],
)
def test_what_was_announced_counts_for_the_days_as_they_are_now(
    announced: list[tuple[str, str]], known: str
) -> None:
    assert told(LEVELS, [(level, at(moment)) for level, moment in announced]) == known


@pytest.mark.parametrize(
    ("known", "now", "look"),
    [
        ("L0", "2026-03-16T00:00", "2026-03-16T09:00"),
        ("L1", "2026-03-16T09:00", "2026-03-20T00:00"),  # a card, at the first moment of the day
        ("L1", "2026-03-20T00:00", "2026-03-20T09:00"),
        ("L2", "2026-03-20T09:00", "2026-03-24T00:00"),
        ("L3", "2026-03-24T09:00", "2026-03-31T09:00"),  # L4 gives no card
        ("L4", "2026-03-31T09:00", None),
    ],
)
def test_it_is_looked_at_again_when_there_is_something_to_do(known: str, now: str, look: str | None) -> None:
    assert next_look(LEVELS, CALENDAR, known, at(now)) == (at(look) if look else None)


def test_the_level_that_stands_and_the_one_that_comes() -> None:
    assert (reached(LEVELS, at("2026-03-20T00:00")), reached(LEVELS, at("2026-03-15T00:00"))) == ("L2", "L0")
    assert coming(LEVELS, at("2026-03-20T00:00")) == ("L3", date(2026, 3, 24))
    assert coming(LEVELS, at("2026-04-20T00:00")) is None
