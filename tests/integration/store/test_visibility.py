"""The visibility hook: a session reads only what its viewer may see; without a viewer it reads nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, sessionmaker

from engine.errors import NotAllowed
from engine.store.tables import Definition, Instance, InstanceScope, Task
from engine.store.visibility import SYSTEM, Viewer, see_as

T0 = datetime(2026, 3, 2, 1, tzinfo=UTC)
DCS = Viewer(frozenset({"body:DCS"}))
UNIT_A = Viewer(frozenset({"unit:U01"}))


@pytest.fixture
def two_cases(sessions: sessionmaker[Session]) -> sessionmaker[Session]:
    with sessions() as session:
        see_as(session, SYSTEM)
        session.add(
            Definition(
                id="d", key="k", version=1, name="流程", digest="x", effective_from=T0, published_at=T0,
                published_by="a", approved_by="b", calls={},
            )
        )  # fmt: skip
        session.flush()
        for name, scopes in (("one", ["body:DCS", "unit:U01"]), ("two", ["body:DCS"])):
            session.add(
                Instance(
                    id=name, definition_id="d", process_id="p", business_key=name, status="active",
                    revision=0, started_at=T0, started_by="a",
                )
            )  # fmt: skip
            session.flush()
            session.add_all(InstanceScope(instance_id=name, scope=scope) for scope in scopes)
            session.add(
                Task(
                    id=f"t-{name}", instance_id=name, shard="", process_id="p", element_id="ut", name="办理",
                    status="open", created_at=T0,
                )
            )  # fmt: skip
        session.commit()
    return sessions


def test_each_viewer_sees_the_cases_of_their_scopes(two_cases: sessionmaker[Session]) -> None:
    with two_cases() as session:
        see_as(session, UNIT_A)
        assert session.scalars(select(Instance.id)).all() == ["one"]
        assert session.scalars(select(Task.id)).all() == ["t-one"]
        assert session.scalar(select(func.count()).select_from(Task)) == 1
        assert session.get(Instance, "two") is None
        assert session.get(Task, "t-two") is None
        other = aliased(Task)
        assert session.scalars(select(other.id)).all() == ["t-one"]
    with two_cases() as session:
        see_as(session, DCS)
        assert sorted(session.scalars(select(Instance.id))) == ["one", "two"]


def test_a_join_and_a_subquery_are_narrowed_too(two_cases: sessionmaker[Session]) -> None:
    with two_cases() as session:
        see_as(session, UNIT_A)
        joined = select(Task.id).join(Instance, Instance.id == Task.instance_id)
        assert session.scalars(joined).all() == ["t-one"]
        inner = select(Task.instance_id).where(Task.status == "open")
        assert session.scalars(select(Instance.id).where(Instance.id.in_(inner))).all() == ["one"]


def test_a_viewer_without_scopes_sees_nothing(two_cases: sessionmaker[Session]) -> None:
    with two_cases() as session:
        see_as(session, Viewer())
        assert session.scalars(select(Instance.id)).all() == []


def test_a_session_that_nobody_gave_eyes_refuses_to_read(two_cases: sessionmaker[Session]) -> None:
    with two_cases() as session, pytest.raises(NotAllowed, match="see_as"):
        session.scalars(select(Instance.id)).all()


def test_the_same_select_by_turns_gives_each_viewer_their_own(two_cases: sessionmaker[Session]) -> None:
    # given statements whose compiled form is kept and whose parameters change with who looks
    seen: list[tuple[Viewer, list[str]]] = []
    for viewer in (
        UNIT_A,
        DCS,
        Viewer(frozenset({"unit:U09"})),
        UNIT_A,
        Viewer(frozenset({"x", "body:DCS"})),
    ):
        with two_cases() as session:
            see_as(session, viewer)
            opened = select(Task).join(Instance, Instance.id == Task.instance_id)
            found = session.scalars(opened.where(Task.status == "open", Instance.process_id == "p")).all()
            seen.append((viewer, sorted(task.id for task in found)))
    # then
    assert [tasks for _, tasks in seen] == [["t-one"], ["t-one", "t-two"], [], ["t-one"], ["t-one", "t-two"]]
