"""Whatever befalls a period in whatever order: row, task and timer stand where counting on fingers leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.deadline.calendar import Calendar
from engine.errors import Conflict, InvalidData
from engine.instance import Context, clock, start
from engine.instance.advance import advance
from engine.instance.course import counted
from engine.instance.rearm import NEVER
from engine.instance.recount import recount
from engine.store.tables import Deadline, Job, Task
from tests.unit.bpmn.drawn import END, START

from .clocks import BOUND, LEAD, under
from .conftest import CLERK, PROCESSES
from .village import publish, user

PLAIN = (PROCESSES / "calendar" / "2026.toml").read_text()
STORM = PLAIN + '\n[[holiday]]\nname = "停工"\nfrom = 2026-03-18\nto = 2026-03-20\n'
CALENDARS = {storm: Calendar.from_tomls({2026: STORM if storm else PLAIN}) for storm in (False, True)}
STORMY = {date(2026, 3, day) for day in (18, 19, 20)}
DAYS_OFF = {
    date(2026, *map(int, day.split("-")))
    for day in (
        "1-1 1-2 2-16 2-17 2-18 2-19 2-20 2-23 4-6 5-1 5-4 5-5 6-19 9-25 10-1 10-2 10-5 10-6 10-7".split()
    )
}
WORKING_WEEKENDS = {date(2026, *map(int, day.split("-"))) for day in "1-4 2-14 2-28 5-9 9-20 10-10".split()}
"""Written down from the notice, not read from the calendar that is tested."""
LENGTHS = {"CP-HANDLE": (15, True, 10), "CP-XF": (60, False, 30)}
"""Rule → (length, whether working days, longest extension)."""
FIRST = date(2026, 3, 2)

ACTS = st.one_of(
    st.tuples(st.just("wait"), st.integers(1, 9)),
    st.tuples(st.just("extend"), st.sampled_from([1, 5, 10, 11, 30, 31])),
    st.tuples(st.sampled_from(["suspend", "resume", "resume", "restart", "storm", "calm"]), st.just(0)),
)


@dataclass
class Fingers:
    """A period counted day by day, by somebody who knows no formula."""

    key: str
    today: date = FIRST
    begun: date = FIRST
    more: int = 0
    off: set[date] = field(default_factory=set)
    stopped: date | None = None
    storm: bool = False

    def works(self, day: date) -> bool:
        rests = day in DAYS_OFF or (self.storm and day in STORMY)
        return not rests and (day.weekday() < 5 or day in WORKING_WEEKENDS)

    def due(self) -> date:
        length, working, _ = LENGTHS[self.key]
        day, left = self.begun, length + self.more
        while left:
            day += timedelta(days=1)
            if day not in self.off and (not working or self.works(day)):
                left -= 1
        while day in self.off or not self.works(day):
            day += timedelta(days=1)
        return day

    def allows(self, act: str, days: int) -> bool:
        if act == "resume":
            return self.stopped is not None
        if act == "suspend":
            return self.stopped is None and self.today <= self.due()
        if act == "extend":
            most = LENGTHS[self.key][2]
            return self.stopped is None and self.today <= self.due() and not self.more and days <= most
        return True

    def do(self, act: str, days: int) -> None:
        if act == "wait":
            self.today += timedelta(days=days)
        elif act == "extend":
            self.more = days
        elif act == "suspend":
            self.stopped = self.today
        elif act == "resume" and self.stopped:
            while self.stopped < self.today:
                self.stopped += timedelta(days=1)
                self.off.add(self.stopped)
            self.stopped = None
        elif act == "restart":
            self.begun, self.more, self.off, self.stopped = self.today, 0, set(), None
        elif act in ("storm", "calm"):
            self.storm = act == "storm"


@dataclass
class Engine:
    """The same through the engine."""

    session: Session
    context: Context
    instance_id: str
    key: str

    def row(self) -> Deadline:
        rows = self.session.scalars(select(Deadline).where(Deadline.instance_id == self.instance_id))
        return next(row for row in rows if row.element_id == "a")

    def do(self, act: str, days: int, now: datetime) -> None:
        """Raises Conflict or InvalidData."""
        session, of = self.session, self.row().id
        who: dict[str, Any] = {"actor": LEAD, "now": now}
        acts: dict[str, Callable[[], list[Any]]] = {
            "extend": lambda: clock.extend(session, self.context, of, days, reason="-", **who).after,
            "suspend": lambda: clock.suspend(session, self.context, of, reason="中止", **who).after,
            "resume": lambda: clock.resume(session, self.context, of, **who).after,
            "restart": lambda: clock.restart(
                session,
                self.context,
                self.instance_id,
                self.key,
                start_on=self.day(now),
                reason="补正",
                **who,
            ),
        }
        if act in ("storm", "calm"):
            calendar = CALENDARS[act == "storm"]
            self.context = replace(self.context, calendar=lambda _: calendar)
            recount(session, self.context, reason="通知", **who)
        elif act in acts:
            for work in acts[act]():
                advance(session, self.context, work, **who)

    @staticmethod
    def day(now: datetime) -> date:
        return (now + timedelta(hours=8)).date()

    def stands(self) -> tuple[date | None, date | None, date | None, date]:
        """(row's day, its proof's day, the task's day, the day at whose end the timer fires)."""
        row, session = self.row(), self.session
        session.refresh(row)
        task = session.scalars(select(Task).where(Task.instance_id == self.instance_id)).one()
        session.refresh(task)
        fires = session.scalars(
            select(Job.due_at).where(
                Job.instance_id == self.instance_id, Job.kind == "timer", Job.status == "ready"
            )
        ).one()
        assert task.deadline_id == row.id
        proof = counted(session, self.context, row).due_on
        if row.status == "suspended":
            return None, None, task.due_on, (fires + timedelta(hours=8)).date()
        return row.due_on, proof, task.due_on, (fires + timedelta(hours=8)).date() - timedelta(days=1)


@pytest.mark.parametrize(
    "courses", [12, pytest.param(200, marks=pytest.mark.campaign)], ids=["short", "long"]
)
@pytest.mark.parametrize("key", sorted(LENGTHS))
def test_any_course_of_a_period_agrees_with_counting_day_by_day(
    session: Session, context: Context, key: str, courses: int
) -> None:
    elements = START + END + under(key) + BOUND.replace("CP-HANDLE", key) + user("late")
    publish(session, elements, "s > a; a > e; t > late; late > e")
    session.commit()
    plain = replace(context, calendar=lambda _: CALENDARS[False])

    @settings(max_examples=courses, deadline=None, suppress_health_check=list(HealthCheck))
    @given(acts=st.lists(ACTS, min_size=4, max_size=10))
    def runs(acts: list[tuple[str, int]]) -> None:
        fingers = Fingers(key)
        at = datetime(2026, 3, 2, 2, tzinfo=UTC)
        instance_id = start(session, plain, "p", {"since": FIRST.isoformat()}, actor=CLERK, now=at)
        machine = Engine(session, plain, instance_id, key)
        try:
            for act, days in acts:
                now = at + (fingers.today - FIRST)
                if fingers.allows(act, days):
                    machine.do(act, days, now)
                    fingers.do(act, days)
                else:
                    with pytest.raises((Conflict, InvalidData)):
                        machine.do(act, days, now)
                if fingers.stopped:
                    assert machine.stands() == (None, None, None, (NEVER + timedelta(hours=8)).date())
                else:
                    assert machine.stands() == (fingers.due(),) * 4
        finally:
            session.rollback()

    runs()
