"""Durations and instants: aware UTC, meant in Asia/Shanghai, months counted the way people do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from engine.bpmn.iso import cycle, duration, instant, is_literal
from engine.errors import ExpressionError

NOW = datetime(2026, 1, 31, 2, tzinfo=UTC)  # 10:00 in Shanghai


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("PT90M", "2026-01-31T03:30"),
        ("P10D", "2026-02-10T02:00"),
        ("P1M", "2026-02-28T02:00"),  # not 3 March
        ("P1Y1M", "2027-02-28T02:00"),
        ("P2W", "2026-02-14T02:00"),
        ("P1DT1H1M1S", "2026-02-01T03:01:01"),
    ],
)
def test_a_duration_counts_from_now(text: str, due: str) -> None:
    assert duration(text).after(NOW) == datetime.fromisoformat(due).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["", "P", "PT", "-PT1H", "PT-1H", "P1H", "1D", "P1.5D", "P10", "P999Y", "abc"]
)
def test_other_durations_are_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        duration(text)


@pytest.mark.parametrize(
    ("value", "utc"),
    [
        (date(2026, 9, 2), "2026-09-01T16:00"),  # its first moment in Shanghai
        ("2026-09-02", "2026-09-01T16:00"),
        (datetime(2026, 9, 2, 8), "2026-09-02T00:00"),  # noqa: DTZ001 - a time without zone is the point
        ("2026-09-02T08:00:00+00:00", "2026-09-02T08:00"),
        (datetime(2026, 9, 2, 8, tzinfo=UTC), "2026-09-02T08:00"),
        (timedelta(hours=1), "2026-01-31T03:00"),
        ("PT1H", "2026-01-31T03:00"),
    ],
)
def test_a_timer_s_value_means_an_instant(value: object, utc: str) -> None:
    assert instant(value, NOW) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize("value", [None, 5, "soon", [], "2026-13-01"])
def test_other_values_are_refused(value: object) -> None:
    with pytest.raises(ExpressionError):
        instant(value, NOW)


def test_a_cycle_has_a_number_of_rounds() -> None:
    assert cycle("R3/PT24H") == (3, duration("PT24H"))
    assert cycle("R/P1D")[0] is None
    with pytest.raises(ExpressionError):
        cycle("R3")


def test_a_literal_is_told_from_an_expression() -> None:
    assert is_literal("PT1H", "timeDuration")
    assert is_literal("2026-09-01T10:00", "timeDate")
    assert not is_literal("due('CP-SUPP')", "timeDate")
    assert not is_literal("P1", "timeDuration")
