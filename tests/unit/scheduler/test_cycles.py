"""When cycles come round: Fridays at 15:00, moved before holidays, the same key however often computed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine.deadline.calendar import Calendar
from engine.errors import InvalidData
from scheduler.cycles import Cycle, occasions, parse_cycles

PROCESSES = Path(__file__).parents[3] / "processes"
CALENDAR = Calendar.from_tomls({2026: (PROCESSES / "calendar" / "2026.toml").read_text()})


@pytest.fixture
def box() -> Cycle:
    (cycle,) = parse_cycles((PROCESSES / "cycles.toml").read_text())
    return cycle


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


def test_nothing_is_due_before_its_hour(box: Cycle) -> None:
    before = datetime(2026, 3, 6, 6, 59, tzinfo=UTC)
    assert list(occasions(box, CALENDAR, date(2026, 3, 2), before)) == []
    assert len(list(occasions(box, CALENDAR, date(2026, 3, 2), before.replace(hour=7, minute=0)))) == 1


@pytest.mark.parametrize(
    "section",
    [
        "weekday = '五'",
        "process='x'\nweekday='八'\nat='15:00'\nrest_day='next'",
        "process='x'\nweekday='五'\nat='三点'\nrest_day='next'",
    ],
)
def test_a_broken_section_is_named(section: str) -> None:
    with pytest.raises(InvalidData, match="box"):
        parse_cycles(f"[box]\n{section}\n")
