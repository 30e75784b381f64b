"""Ten years of cycles, whatever happens to the server: every occasion is started exactly once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from engine.deadline.calendar import Calendar
from engine.deadline.shanghai import SHANGHAI
from engine.store.base import Base, table_of
from engine.store.db import make_engine
from engine.store.tables import Job
from supervision.cycles.plan import plan
from supervision.cycles.recur import Cycle, Monthly, Weekly, Yearly, occasions
from supervision.cycles.table import CycleRun, CycleState
from supervision.setting.table import Setting

FOLDER = Path(__file__).parents[3] / "processes" / "calendar"
NOTICES = {year: (FOLDER / f"{year}.toml").read_text() for year in range(2019, 2027)}
BEGIN = datetime(2019, 3, 1, 1, tzinfo=UTC)
END = datetime(2029, 3, 1, tzinfo=UTC)
CYCLES = (
    Cycle("self_check", "p", "每半年自查", Yearly(((6, 1), (12, 1))), time(9), earlier=False, lead=5),
    Cycle("annual", "p", "全区性检查", Yearly(((10, 8),)), time(9), earlier=False),
    Cycle("sampling", "p", "网站抽查", Monthly(1), time(9), earlier=False),
    Cycle("box", "p", "意见箱开箱", Weekly(4), time(15), earlier=True),
)


@pytest.fixture(scope="module")
def database() -> Iterator[Session]:
    engine = make_engine("sqlite:///:memory:")
    tables = [table_of(entity) for entity in (Job, CycleState, CycleRun, Setting)]
    Base.metadata.create_all(engine, tables=tables)
    with Session(engine) as session:
        yield session
    engine.dispose()


def published_by(now: datetime) -> Calendar:
    """The notice of a year comes out in November of the year before."""
    return _calendar(max(y for y in NOTICES if now >= datetime(y - 1, 11, 20, tzinfo=UTC)))


@cache
def _calendar(last: int) -> Calendar:
    return Calendar.from_tomls({year: text for year, text in NOTICES.items() if year <= last})


GAPS = st.lists(
    st.one_of(
        st.integers(1, 26).map(lambda weeks: timedelta(weeks=weeks)),  # the server was off
        st.floats(0.01, 9).map(lambda days: timedelta(days=days)),
        st.floats(-20, -0.01).map(lambda days: timedelta(days=days)),  # the clock was set back
    ),
    min_size=20,
    max_size=60,
)
QUICKLY = settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(gaps=GAPS, twice=st.booleans())
@QUICKLY
def test_every_occasion_is_started_exactly_once(
    database: Session, gaps: list[timedelta], twice: bool
) -> None:
    live_through(database, gaps, twice)


@pytest.mark.campaign
@given(gaps=GAPS, twice=st.booleans())
@settings(QUICKLY, max_examples=100)
def test_every_occasion_of_many_decades_is_started_exactly_once(
    database: Session, gaps: list[timedelta], twice: bool
) -> None:
    live_through(database, gaps, twice)


def live_through(database: Session, gaps: list[timedelta], twice: bool) -> None:
    # given a database that never saw a cycle
    database.expunge_all()
    for entity in (Job, CycleState, CycleRun):
        database.execute(delete(entity))
    started: Counter[str] = Counter()
    now = latest = BEGIN
    # when somebody looks at odd moments, once or by two schedulers, with the notices known by then
    for gap in gaps:
        for _ in range(2 if twice else 1):
            plan(database, CYCLES, published_by(now), now)
        for job in database.scalars(select(Job).where(Job.status == "ready", Job.due_at <= now)).all():
            started[job.key] += 1
            job.status = "done"
        database.flush()
        latest = max(latest, now)
        now = min(max(now + gap, BEGIN), END)
    # then what came due since the first look was started once, and nothing else
    begun = datetime.combine(BEGIN.astimezone(SHANGHAI), time(), SHANGHAI)
    expected = {
        occasion.key
        for cycle in CYCLES
        for occasion in occasions(cycle, published_by(latest), begun.date(), latest)
        if occasion.due_at >= begun
    }
    assert set(started.values()) <= {1}
    assert set(started) >= expected
    assert not [key for key in set(started) - expected if not _moved_by_a_notice(key, latest)]


def _moved_by_a_notice(key: str, latest: datetime) -> bool:
    """Started on the provisional day, before the notice moved the occasion behind the last look."""
    cycle = next(cycle for cycle in CYCLES if key.startswith(f"{cycle.key}:"))
    soon = latest + timedelta(days=15)
    found = occasions(cycle, published_by(latest), (latest - timedelta(days=15)).date(), soon)
    return key in {occasion.key for occasion in found}
