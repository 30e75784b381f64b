"""A waiting process with a timer of three days, and a pump that knows two kinds of jobs beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

import engine.definition
import engine.job
from engine.actor import Actor
from engine.deadline.calendar import Calendar
from engine.deadline.rule import RuleSet
from engine.definition import ProgramCache
from engine.instance import Context, start
from engine.store.tables import Job
from engine.store.visibility import SYSTEM, see_as
from scheduler.pump import Pump

HERE = Path(__file__).parent
T0 = datetime(2026, 3, 2, 1, tzinfo=UTC)
ANYBODY = Actor("somebody", "某人")


@dataclass
class Desk:
    """What jobs of kind ``note`` did, and a job of kind ``break`` that always fails."""

    notes: list[str] = field(default_factory=list)

    def note(self, session: Session, job: Job, now: datetime) -> None:
        self.notes.append(str(job.payload["text"]))

    def broken(self, session: Session, job: Job, now: datetime) -> None:
        raise RuntimeError("网关无响应")


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.fixture
def context() -> Context:
    return Context(
        programs=ProgramCache(),
        rules=lambda session: RuleSet({}, ""),
        calendar=lambda session: Calendar({}, ""),
    )


@pytest.fixture
def make_pump(sessions: sessionmaker[Session], context: Context, desk: Desk) -> Callable[[str], Pump]:
    return lambda owner: Pump(sessions, context, owner, {"note": desk.note, "break": desk.broken})


@pytest.fixture
def waiting(session: Session, context: Context) -> str:
    """An instance that waits three days."""
    files = {"wait.bpmn": (HERE / "diagrams" / "wait.bpmn").read_bytes()}
    engine.definition.publish(session, "wait", files, by="甲", approved_by="乙", now=T0)
    instance_id = start(session, context, "wait", {"sound": True}, actor=ANYBODY, now=T0)
    session.commit()
    return instance_id


def put(sessions: sessionmaker[Session], key: str, kind: str, queue: str, due_at: datetime) -> None:
    with see_as(sessions(), SYSTEM) as session:
        engine.job.put(session, key, kind=kind, queue=queue, payload={"text": key}, due_at=due_at, now=due_at)
        session.commit()
