"""Which rung of the ladder people are told of, and when."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.shanghai import SHANGHAI
from scheduler.remind import rung

PROCESSES = Path(__file__).parents[3] / "processes"
CALENDAR = Calendar.from_tomls({2026: (PROCESSES / "calendar" / "2026.toml").read_text()})
LEVELS = {"L1": "2026-03-16", "L2": "2026-03-20", "L3": "2026-03-24", "L4": "2026-03-31"}


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-03-16T08:59", "L0"),  # nobody is told before nine
        ("2026-03-16T09:00", "L1"),
        ("2026-03-19T23:59", "L1"),
        ("2026-03-20T09:00", "L2"),
        ("2026-03-24T09:00", "L3"),
        ("2026-04-20T12:00", "L4"),  # rungs passed during an outage fall together
    ],
)
def test_rungs_are_told_of_at_nine(moment: str, told: str) -> None:
    assert rung(LEVELS, CALENDAR, datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)) == told


def test_a_rung_on_a_rest_day_is_told_of_on_the_next_working_day() -> None:
    saturday = {"L2": "2026-03-21"}
    at = datetime(2026, 3, 22, 12, tzinfo=SHANGHAI)
    assert rung(saturday, CALENDAR, at) == "L0"
    assert rung(saturday, CALENDAR, at.replace(day=23)) == "L2"
