"""The calendar and the rules as they are shipped."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.rule import RuleSet
from engine.deadline.rule_file import parse_rules

PROCESSES = Path(__file__).resolve().parents[3] / "processes"


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    """2019 to 2026; every other year is provisional."""
    folder = PROCESSES / "calendar"
    return Calendar.from_tomls(
        {year: (folder / f"{year}.toml").read_text("utf-8") for year in range(2019, 2027)}
    )


@pytest.fixture(scope="session")
def rules() -> RuleSet:
    return parse_rules((PROCESSES / "deadlines.toml").read_text("utf-8"))
