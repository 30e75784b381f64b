"""Two schedulers, or a scheduler and a person, come to one occasion at once: its process starts once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, sessionmaker

import engine.definition
import engine.incident
import supervision.tables
from engine.actor import Actor
from engine.deadline.calendar import Calendar
from engine.errors import Conflict
from engine.instance import Context
from engine.store.tables import Incident, Instance, Job
from engine.store.visibility import SYSTEM, see_as
from scheduler.pump import Pump, drain
from supervision.cycles.by_hand import start_now
from supervision.cycles.file import parse_cycles
from supervision.cycles.plan import KIND, plan, starter
from supervision.cycles.recur import Cycle
from supervision.cycles.table import CycleRun
from tests.integration.scheduler.conftest import HERE, T0

assert supervision.tables

CYCLES = parse_cycles(
    """
[daily_look]
process = "wait"
weekday = "五"
at = "15:00"
rest_day = "previous"
start_now = ["DCS_LEAD"]

[half]
process = "wait"
dates = ["06-01", "12-01"]
at = "09:00"
rest_day = "next"
lead_workdays = 5
"""
)
CALENDAR = Calendar({}, "")
ADMIN = Actor("admin", "管理员", frozenset({("ADMIN", "")}))
LEAD = Actor("lead", "负责人", frozenset({("DCS_LEAD", "")}))
FRIDAY = datetime(2026, 3, 6, 7, tzinfo=UTC)


@pytest.fixture
def published(session: Session) -> None:
    files = {"wait.bpmn": (HERE / "diagrams" / "wait.bpmn").read_bytes()}
    engine.definition.publish(session, "wait", files, by="甲", approved_by="乙", now=T0)
    plan(session, CYCLES, CALENDAR, T0)
    session.commit()


def together(*acts: Callable[[], object]) -> list[object]:
    """What each came to: its result, or the error that ended it."""
    barrier, results = Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        barrier.wait()
        try:
            results[number] = acts[number]()  # type: ignore[call-overload]
        except Exception as error:  # shown by the assertion of the test
            results[number] = error  # type: ignore[call-overload]

    threads = [Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return list(results)


def schedule(
    sessions: sessionmaker[Session], context: Context, owner: str, now: datetime,
    cycles: Sequence[Cycle] = CYCLES,
) -> list[str]:  # fmt: skip
    """One round of a scheduler, as `command.pumping` makes it."""
    with see_as(sessions(), SYSTEM) as session:
        planned = plan(session, cycles, CALENDAR, now)
        session.commit()
    drain(Pump(sessions, context, owner, {KIND: starter(context)}), "engine", lambda: now)
    return planned


def started(sessions: sessionmaker[Session]) -> dict[str, int]:
    with see_as(sessions(), SYSTEM) as session:
        rows = session.execute(select(Instance.business_key, func.count()).group_by(Instance.business_key))
        return {row[0]: row[1] for row in rows if ":" in row[0]}


def runs(sessions: sessionmaker[Session], cycle: str) -> list[CycleRun]:
    with see_as(sessions(), SYSTEM) as session:
        mine = select(CycleRun).where(CycleRun.cycle == cycle).order_by(CycleRun.key)
        return list(session.scalars(mine).all())


@pytest.mark.usefixtures("published")
def test_two_schedulers_start_each_occasion_once(sessions: sessionmaker[Session], context: Context) -> None:
    for week in range(4):
        now = FRIDAY + timedelta(weeks=week)
        results = together(
            lambda now=now: schedule(sessions, context, "one", now),
            lambda now=now: schedule(sessions, context, "two", now),
        )
        assert sorted(len(planned) for planned in results) == [0, 1], results  # type: ignore[arg-type]
    schedule(sessions, context, "one", now)
    assert set(started(sessions).values()) == {1}
    assert len(started(sessions)) == 4
    assert [run.status for run in runs(sessions, "daily_look")] == ["started"] * 4


@pytest.mark.usefixtures("published")
def test_a_person_and_the_clock_start_it_once(
    sessions: sessionmaker[Session], context: Context, session: Session
) -> None:
    given = replace(context, calendar=lambda session: CALENDAR)  # type: ignore[arg-type]

    def by_hand() -> str:
        with see_as(sessions(), SYSTEM) as own:
            made = start_now(
                own,
                given,
                CYCLES[0],
                "daily_look:2026-W10",
                reason="有人催",
                by=LEAD,
                now=FRIDAY - timedelta(seconds=1),
            )
            own.commit()
            return made

    results = together(by_hand, by_hand, lambda: schedule(sessions, context, "one", FRIDAY))
    schedule(sessions, context, "one", FRIDAY)
    assert started(sessions) == {"daily_look:2026-W10": 1}
    assert all(isinstance(result, str | list | Conflict) for result in results), results


@pytest.mark.usefixtures("published")
def test_a_week_of_downtime_starts_it_once_and_late(
    sessions: sessionmaker[Session], context: Context
) -> None:
    back = FRIDAY + timedelta(days=7, hours=-1)
    assert schedule(sessions, context, "one", back) == ["daily_look:2026-W10"]
    assert schedule(sessions, context, "one", back) == []
    (run,) = runs(sessions, "daily_look")
    assert (run.due_at, run.started_at) == (FRIDAY, back)
    assert run.cycle_on.isoformat() == "2026-03-06"  # periods count from the day of the cycle all the same


@pytest.mark.usefixtures("published")
def test_a_process_begins_its_lead_before_the_day_and_is_told_the_day(
    sessions: sessionmaker[Session], context: Context
) -> None:
    schedule(sessions, context, "one", datetime(2026, 5, 25, 0, 59, tzinfo=UTC))
    assert "half:2026H1" not in started(sessions)
    schedule(sessions, context, "one", datetime(2026, 5, 25, 1, 0, tzinfo=UTC))
    assert started(sessions)["half:2026H1"] == 1
    (run,) = runs(sessions, "half")
    assert run.cycle_on.isoformat() == "2026-06-01"


def test_a_new_system_does_not_miss_a_cycle_whose_draft_was_due_yesterday(
    sessions: sessionmaker[Session], context: Context, session: Session
) -> None:
    files = {"wait.bpmn": (HERE / "diagrams" / "wait.bpmn").read_bytes()}
    engine.definition.publish(session, "wait", files, by="甲", approved_by="乙", now=T0)
    session.commit()
    planned = schedule(sessions, context, "one", datetime(2026, 5, 28, 1, tzinfo=UTC))
    assert planned == ["half:2026H1"]


@pytest.mark.usefixtures("published")
def test_two_years_off_start_a_year_and_skip_the_rest_with_a_reason(
    sessions: sessionmaker[Session], context: Context
) -> None:
    schedule(sessions, context, "one", FRIDAY + timedelta(days=730), CYCLES[1:])
    rows = runs(sessions, "half")
    assert [(row.label, row.status) for row in rows] == [
        ("2026H1", "skipped"), ("2026H2", "skipped"), ("2027H1", "started"), ("2027H2", "started"),
    ]  # fmt: skip
    assert "停机超过 53 周" in rows[0].reason


@pytest.mark.usefixtures("published")
def test_what_a_clock_that_ran_ahead_skipped_still_comes_on_its_day(
    sessions: sessionmaker[Session], context: Context
) -> None:
    with see_as(sessions(), SYSTEM) as own:
        plan(own, CYCLES, CALENDAR, T0 + timedelta(days=1000))  # two years and more ahead, then set right
        own.commit()
    assert [run.status for run in runs(sessions, "daily_look")][:1] == ["skipped"]
    assert schedule(sessions, context, "one", FRIDAY - timedelta(minutes=1)) == []
    assert schedule(sessions, context, "one", FRIDAY) == ["daily_look:2026-W10"]
    assert started(sessions) == {"daily_look:2026-W10": 1}


@pytest.mark.usefixtures("published")
def test_a_start_that_fails_is_an_incident_and_the_next_occasion_comes_all_the_same(
    sessions: sessionmaker[Session], context: Context
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("没有单位")

    broken = replace(context, on_start=fail)  # type: ignore[arg-type]
    with see_as(sessions(), SYSTEM) as own:
        plan(own, CYCLES, CALENDAR, FRIDAY)
        own.commit()
    for minutes in (0, 1, 5, 20):
        now = FRIDAY + timedelta(minutes=minutes)
        drain(Pump(sessions, broken, "p", {KIND: starter(broken)}), "engine", lambda now=now: now)
    with see_as(sessions(), SYSTEM) as own:
        job = own.scalars(select(Job).where(Job.key == "daily_look:2026-W10")).one()
    assert (job.status, "没有单位" in job.last_error) == ("incident", True)
    assert schedule(sessions, context, "one", FRIDAY + timedelta(days=7)) == ["daily_look:2026-W11"]
    assert [run.status for run in runs(sessions, "daily_look")] == ["planned", "started"]
    assert started(sessions) == {"daily_look:2026-W11": 1}
    # and an administrator lets it be tried again
    with see_as(sessions(), SYSTEM) as own:
        given = replace(context, calendar=lambda session: CALENDAR)  # type: ignore[arg-type]
        with pytest.raises(Conflict, match="启动时出错，请系统管理员在“异常处理”中重试"):
            start_now(own, given, CYCLES[0], "daily_look:2026-W10", reason="急", by=LEAD, now=FRIDAY)
        own.rollback()
        incident = own.scalars(select(Incident).where(Incident.job_id == job.id)).one()
        engine.incident.retry(own, context, incident.id, reason="已登记单位", actor=ADMIN, now=now)
        own.commit()
    schedule(sessions, context, "one", FRIDAY + timedelta(days=8))
    assert started(sessions) == {"daily_look:2026-W10": 1, "daily_look:2026-W11": 1}
