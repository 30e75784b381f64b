"""People hear of amber and red once, at nine, in the order of the ladder."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import supervision.tables
from command.clock import MovableClock
from command.play.perform import perform
from command.play.script import read_script
from command.play.stage import Stage, Theatre
from engine.deadline.shanghai import SHANGHAI
from engine.store.tables import Deadline, DeadlineEvent
from scheduler.pump import Pump, drain
from scheduler.remind import remind
from supervision.cycles.file import read_cycles
from supervision.cycles.plan import plan, starter
from supervision.notice.table import Notice

PROCESSES = Path(__file__).parents[3] / "processes"
HANDLER = "u06-contact"
"""Contact of the unit that the story hands the case to."""
assert supervision.tables.Notice


@pytest.fixture(scope="module")
def theatre() -> object:
    with Theatre(PROCESSES) as opened:
        yield opened


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def told(session: Session, login: str, words: str) -> int:
    texts = session.scalars(select(Notice.text).where(Notice.login == login)).all()
    return sum(words in text for text in texts)


@pytest.fixture
def stage(theatre: Theatre) -> Stage:
    """A case that waits in its unit since 2026-03-02; CP-HANDLE ends on 03-23, amber on 03-18."""
    script = read_script(PROCESSES / "complaint" / "scenarios" / "R6-逾期.toml")
    accepted = next(n for n, step in enumerate(script.steps) if step.task == "ut_unit_accept")
    until_accepted = [step for step in script.steps[: accepted + 1] if step.task]
    stage = theatre.stage(script.start)
    assert perform(stage, script.__class__(**{**vars(script), "steps": until_accepted})) == []
    return stage


def test_amber_then_red_reach_the_unit_once_each_and_red_the_lead_too(stage: Stage) -> None:
    moments = [
        "2026-03-18T08:59",
        "2026-03-18T09:01",
        "2026-03-18T09:02",
        "2026-03-24T09:01",
        "2026-03-24T10:00",
    ]
    counts = []
    for moment in moments:
        stage.move(at(moment))
        with stage.session() as session:
            counts.append((told(session, HANDLER, "即将到期"), told(session, HANDLER, "已逾期")))
    assert counts == [(0, 0), (1, 0), (1, 0), (1, 1), (1, 1)]
    with stage.session() as session:
        assert told(session, "lead", "已逾期") == 1
        assert told(session, "u08-contact", "逾期") == 0  # another unit hears nothing
        handle = session.scalars(select(Deadline).where(Deadline.key == "CP-HANDLE")).one()
        kinds = session.scalars(
            select(DeadlineEvent.kind)
            .where(DeadlineEvent.deadline_id == handle.id)
            .order_by(DeadlineEvent.seq)
        ).all()
    assert (handle.level, kinds) == ("L2", ["start", "level", "level"])


def test_a_look_reads_what_is_due_and_hands_it_over_once(stage: Stage) -> None:
    stage.move(at("2026-03-17T23:58"))
    with stage.session() as session:
        moments = ("2026-03-17T23:59", "2026-03-18T00:00", "2026-03-18T00:01")
        counts = [remind(session, at(moment)) for moment in moments]
        session.commit()
    assert counts == [0, 1, 0]


def test_the_look_uses_its_own_index(stage: Stage) -> None:
    with stage.session() as session:
        plan_lines = session.connection().exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM deadline WHERE watch_at <= '2026' AND status != 'suspended' "
            "ORDER BY watch_at LIMIT 1000"
        )
        assert any("ix_deadline_watch_at" in line[3] for line in plan_lines)


def test_a_missed_box_is_opened_once_after_an_outage(theatre: Theatre) -> None:
    stage = theatre.stage(at("2026-03-06T16:00"))
    cycles, context = read_cycles(PROCESSES), stage.system.context
    pump = Pump(stage.system.sessions, context, "p", {"cycle": starter(context)})
    planned = []
    for moment in ("2026-03-06T16:00", "2026-03-06T16:01", "2026-03-20T15:00", "2026-03-20T15:01"):
        clock = MovableClock(at(moment))
        with stage.session() as session:
            planned.append(plan(session, cycles, context.calendar(session), clock()))
            session.commit()
        drain(pump, "engine", clock)
    assert planned == [
        ["box_opening:2026-W10"],
        [],
        ["box_opening:2026-W11", "box_opening:2026-W12"],
        [],
    ]
