"""Two threads and two processes hammer the same case: no double completion, no lost update, nothing lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, sessionmaker

import engine.definition
import engine.instance.record
import engine.instance.step
from engine.deadline.calendar import Calendar
from engine.deadline.rule import Rule, RuleSet
from engine.definition import ProgramCache
from engine.instance import Context, MessageType
from engine.store.base import table_of
from engine.store.prepared import Prepared
from engine.store.tables import Instance
from tests.integration.races.hammer import by_processes, by_threads, faults, tracks
from tests.integration.races.kinds import RACES, T0

DIAGRAM = Path(__file__).parent / "diagrams" / "race.bpmn"
TODAY = Rule("TODAY", "当日办", "开始", "办完", 0, "cd")
FEW, MANY, SABOTAGED = 9, 100, 20
"""Races of each kind, with threads and again with processes, on each database."""


def make_context() -> Context:
    return Context(
        programs=ProgramCache(),
        rules=lambda session: RuleSet({"TODAY": TODAY}, "v"),
        calendar=lambda session: Calendar({}, ""),
        messages={"msg_race": MessageType("msg_race")},
    )


@pytest.fixture
def published(session: Session, sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    files = {"race.bpmn": DIAGRAM.read_bytes()}
    engine.definition.publish(session, "race", files, by="甲", approved_by="乙", now=T0)
    session.commit()
    session.close()
    return sessions


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.campaign)], ids=["few", "many"])
@pytest.mark.parametrize("kind", RACES)
def test_two_threads_race_and_nothing_is_done_twice_or_lost(
    kind: str, count: int, published: sessionmaker[Session]
) -> None:
    context, race = make_context(), RACES[kind]
    course = tracks(published, context, race, count)
    outcomes = by_threads(published, context, race, course)
    assert faults(published, context, race, course, outcomes) == []


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.campaign)], ids=["few", "many"])
@pytest.mark.parametrize("kind", RACES)
def test_two_processes_race_and_nothing_is_done_twice_or_lost(
    kind: str, count: int, published: sessionmaker[Session]
) -> None:
    context, race = make_context(), RACES[kind]
    course = tracks(published, context, race, count)
    outcomes = by_processes(published, make_context, race, course)
    assert faults(published, context, race, course, outcomes) == []


@pytest.mark.parametrize("kind", ["same_task", "two_tasks"])
def test_without_the_lock_and_the_revision_the_harness_sees_faults(
    kind: str, published: sessionmaker[Session], monkeypatch: pytest.MonkeyPatch
) -> None:
    # given steps that neither lock their instance nor notice that it has moved
    if published.kw["bind"].dialect.name == "sqlite":
        pytest.skip("SQLite's lock is its own, not ours to remove")
    instances = table_of(Instance)
    unlocked = Prepared(select(*instances.c).where(instances.c.id == bindparam("id")))
    monkeypatch.setattr(engine.instance.step, "_locked", unlocked)
    monkeypatch.setattr(engine.instance.record, "_instance_row", lambda step, status: None)
    context, race = make_context(), RACES[kind]
    course = tracks(published, context, race, SABOTAGED)
    # when
    outcomes = by_threads(published, context, race, course)
    # then
    assert faults(published, context, race, course, outcomes) != []
