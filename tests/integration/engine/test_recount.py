"""A new holiday notice moves what runs: the row, its tasks, its timer; what is over keeps its day."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.job
from engine.actor import Actor
from engine.deadline.calendar import Calendar
from engine.instance import Context
from engine.instance.recount import recount, recounted
from engine.store.tables import Deadline, DeadlineEvent, HistoryEntry, Job, Task
from supervision.deadlines.calendars import load_year
from supervision.notice.table import Notice
from tests.unit.bpmn import drawn
from tests.unit.bpmn.drawn import END, START

from .conftest import PROCESSES, T0, open_task
from .village import begin, complete, publish, user

OWNER = Actor("owner", "许清源", frozenset({("OWNER", "")}))
BEFORE = {2026: (PROCESSES / "calendar" / "2026.toml").read_text()}
# a storm closes everything on two plain working days of the period
AFTER = {
    2026: BEFORE[2026] + '\n[[holiday]]\nname = "停工"\nfrom = 2026-03-05\nto = 2026-03-06\n',
}
TASK = drawn.user(
    "a",
    attributes='camunda:candidateGroups="CLERK"',
    inside='<extensionElements><camunda:properties><camunda:property name="deadline" value="CP-HANDLE"/>'
    "</camunda:properties></extensionElements>",
)
TIMER = (
    '<intermediateCatchEvent id="t" name="补正期满"><timerEventDefinition>'
    "<timeDate>${due('CP-SUPP')}</timeDate></timerEventDefinition></intermediateCatchEvent>"
)


@pytest.fixture
def stormy(context: Context) -> Context:
    calendar = Calendar.from_tomls(AFTER)
    return replace(context, calendar=lambda session: calendar)


def rows(session: Session, kind: str) -> list[DeadlineEvent]:
    return list(session.scalars(select(DeadlineEvent).where(DeadlineEvent.kind == kind)))


def test_row_and_task_move_with_an_event_that_says_why(
    session: Session, context: Context, stormy: Context
) -> None:
    publish(session, START + END + TASK, "s > a; a > e")
    instance_id = begin(session, context)
    moved = recount(session, stormy, reason="停工通知", actor=OWNER, now=T0)
    session.commit()
    assert [(change.before, change.after.due_on, change.moves) for change in moved] == [
        (date(2026, 3, 19), date(2026, 3, 23), True)
    ]
    row, task = session.scalars(select(Deadline)).one(), open_task(session, "a")
    assert (row.due_on, task.due_on, task.due_at) == (date(2026, 3, 23), date(2026, 3, 23), row.due_at)
    assert row.calendar_version == stormy.calendar(session).version
    (event,) = rows(session, "recompute")
    assert (event.actor, event.detail) == (
        "owner",
        {"from": "2026-03-19", "to": "2026-03-23", "reason": "停工通知"},
    )
    kinds = session.scalars(select(HistoryEntry.kind).where(HistoryEntry.chain == instance_id)).all()
    assert kinds.count("deadline.recomputed") == 1


def test_a_task_shows_what_is_nearest_on_the_new_calendar(
    session: Session, context: Context, stormy: Context
) -> None:
    # given a task to 03-19 in a block to 03-20, of which the storm moves the task's own period only
    around = drawn.extensions(deadline="AC-INV", deadlineStart="since")
    inside = '<startEvent id="bs"/><endEvent id="be"/>' + TASK + around
    publish(session, START + END + drawn.block("b", inside, "bs > a; a > be"), "s > b; b > e")
    begin(session, context, since="2026-02-18")
    task = open_task(session, "a")
    assert task.due_on == date(2026, 3, 19)
    task.assignee = "zhang"
    # when
    load_year(session, stormy, 2026, AFTER[2026], reason="停工通知", by=OWNER, now=T0)
    session.commit()
    # then
    told = session.scalars(select(Notice).where(Notice.login == "zhang")).one()
    assert "“a”的到期日由 2026-03-19（周四）改为 2026-03-23（周一）" in told.text
    task = open_task(session, "a")
    block = session.scalars(select(Deadline).where(Deadline.key == "AC-INV")).one()
    assert (task.due_on, task.deadline_id) == (date(2026, 3, 20), block.id)


def test_looking_changes_nothing(session: Session, context: Context, stormy: Context) -> None:
    publish(session, START + END + TASK, "s > a; a > e")
    begin(session, context)
    assert len(recounted(session, context, stormy.calendar(session))) == 1
    assert session.scalars(select(Deadline.due_on)).one() == date(2026, 3, 19)
    assert rows(session, "recompute") == []


def test_the_same_calendar_again_moves_nothing(session: Session, context: Context, stormy: Context) -> None:
    publish(session, START + END + TASK, "s > a; a > e")
    begin(session, context)
    recount(session, stormy, reason="停工通知", actor=OWNER, now=T0)
    assert recount(session, stormy, reason="停工通知", actor=OWNER, now=T0) == []
    assert len(rows(session, "recompute")) == 1


def test_what_is_finished_keeps_the_day_it_had(session: Session, context: Context, stormy: Context) -> None:
    publish(session, START + END + TASK, "s > a; a > e")
    begin(session, context)
    complete(session, context, "a")
    assert recount(session, stormy, reason="停工通知", actor=OWNER, now=T0) == []
    assert session.scalars(select(Deadline.due_on)).one() == date(2026, 3, 19)


def test_the_timer_of_a_rule_has_a_row_and_is_armed_anew_from_it(
    session: Session, context: Context, stormy: Context
) -> None:
    publish(session, START + END + TIMER + drawn.user("b"), "s > t; t > b; b > e")
    begin(session, context)
    row = session.scalars(select(Deadline)).one()
    assert (row.key, row.name, row.due_on) == ("CP-SUPP", "补正期满", date(2026, 3, 12))
    recount(session, stormy, reason="停工通知", actor=OWNER, now=T0)
    session.commit()
    jobs = session.execute(select(Job.status, Job.due_at).order_by(Job.due_at)).all()
    assert [tuple(job) for job in jobs] == [
        ("cancelled", datetime(2026, 3, 12, 16, tzinfo=UTC)),
        ("ready", datetime(2026, 3, 16, 16, tzinfo=UTC)),
    ]
    assert (row.due_on, row.due_at, row.status) == (date(2026, 3, 16), jobs[1].due_at, "running")
    assert pump(session, stormy, datetime(2026, 3, 16, 15, 59, tzinfo=UTC)) == 0
    assert pump(session, stormy, datetime(2026, 3, 16, 16, tzinfo=UTC)) == 1
    assert session.scalars(select(Task.element_id).where(Task.status == "open")).all() == ["b"]
    session.refresh(row)
    assert row.status == "finished"


def test_a_timer_that_is_overtaken_takes_its_row_along(session: Session, context: Context) -> None:
    bound = (
        '<boundaryEvent id="t" attachedToRef="a"><timerEventDefinition>'
        "<timeDate>${due('CP-SUPP')}</timeDate></timerEventDefinition></boundaryEvent>"
    )
    publish(session, START + END + user("a") + bound + user("b"), "s > a; a > e; t > b; b > e")
    begin(session, context)
    complete(session, context, "a")
    assert session.scalars(select(Deadline.status)).one() == "cancelled"


def test_a_year_that_was_provisional_becomes_certain(session: Session, context: Context) -> None:
    known = Calendar.from_tomls(BEFORE)
    blind = replace(context, calendar=lambda session: Calendar.from_tomls({2025: NOTHING}))
    publish(session, START + END + TASK, "s > a; a > e")
    begin(session, blind)
    row = session.scalars(select(Deadline)).one()
    assert (row.provisional, row.due_on) == (True, date(2026, 3, 20))  # Saturday 02-28 is not known yet
    knowing = replace(context, calendar=lambda session: known)
    recount(session, knowing, reason="通知已公布", actor=OWNER, now=T0)
    assert (row.provisional, row.due_on) == (False, date(2026, 3, 19))


NOTHING = (
    'year = 2025\nnotice = "通知"\nnumber = "一号"\n[[holiday]]\nname = "元旦"\nfrom = 2025-01-01\n'
    "to = 2025-01-01\n"
)


def pump(session: Session, context: Context, now: datetime) -> int:
    """Does what is due; returns how many jobs."""
    done = 0
    while job := engine.job.claim(session, "engine", owner="p", now=now):
        engine.job.run(session, context, job.id, owner="p", now=now, runners={})
        done += 1
    session.commit()
    return done
