"""A small district of two processes: a review with a sub-process, a deadline, messages and a timer."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.definition
from engine.actor import Actor
from engine.deadline.calendar import Calendar
from engine.deadline.rule_file import parse_rules
from engine.definition import ProgramCache
from engine.instance import Context, MessageType, ServiceCall, start
from engine.store.tables import Task

HERE = Path(__file__).parent
PROCESSES = HERE.parents[2] / "processes"
T0 = datetime(2026, 2, 27, 1, tzinfo=UTC)  # a Friday, 09:00 in Shanghai
CLERK = Actor("clerk1", "陈明", frozenset({("CLERK", "")}))
CLERK2 = Actor("clerk2", "王芳", frozenset({("CLERK", "")}))
ADMIN = Actor("admin", "赵敏", frozenset({("ADMIN", "")}))
LEAD = Actor("lead", "李强", frozenset({("LEAD", "")}))


def number(session: Session, call: ServiceCall, now: datetime) -> dict[str, object]:
    return {"number": f"SC-{call.business_key}"}


@pytest.fixture(scope="session")
def context() -> Context:
    rules = parse_rules((PROCESSES / "deadlines.toml").read_text())
    calendar = Calendar.from_tomls({2026: (PROCESSES / "calendar" / "2026.toml").read_text()})
    return Context(
        programs=ProgramCache(),
        rules=lambda session: rules,
        calendar=lambda session: calendar,
        topics={"test.number": number},
        messages={name: MessageType(name) for name in ("msg_note", "msg_done", "msg_stop")},
    )


@pytest.fixture
def published(session: Session) -> Session:
    for key in ("review", "archive"):
        files = {f"{key}.bpmn": (HERE / "diagrams" / f"{key}.bpmn").read_bytes()}
        engine.definition.publish(session, key, files, by="owner", approved_by="second", now=T0)
    session.commit()
    return session


@pytest.fixture
def instance_id(published: Session, context: Context) -> str:
    found = start(
        published, context, "review", {"accepted_on": "2026-02-27"}, actor=CLERK, now=T0, business_key="K1"
    )
    published.commit()
    return found


def open_task(session: Session, element_id: str) -> Task:
    return session.scalars(select(Task).where(Task.element_id == element_id, Task.status == "open")).one()


def open_elements(session: Session) -> list[str]:
    return sorted(session.scalars(select(Task.element_id).where(Task.status == "open")))
