"""The migrations and the tables in the code are the same thing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

import supervision.tables
from engine.store.base import Base
from engine.store.db import make_engine, make_sessions
from engine.store.glance import is_ready
from engine.store.migrate import alone, draft, is_current, upgrade
from engine.store.tables import Definition

T0 = datetime(2026, 3, 2, 1, tzinfo=UTC)
PUBLISHED = {
    "id": "d", "key": "k", "version": 1, "name": "流程", "digest": "x", "effective_from": T0,
    "published_at": T0, "published_by": "a", "approved_by": "b", "calls": {},
}  # fmt: skip


def test_a_migrated_database_has_exactly_the_tables_of_the_code(bare: str) -> None:
    # given
    assert supervision.tables.Case.__tablename__ in Base.metadata.tables
    # when
    reached = upgrade(bare)
    # then
    assert reached
    database = make_engine(bare)
    with database.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    database.dispose()
    assert differences == []


def test_upgrading_twice_changes_nothing(bare: str) -> None:
    assert upgrade(bare) == upgrade(bare)


def test_a_database_without_tables_is_not_current(bare: str) -> None:
    # given
    assert not is_current(bare)
    # when
    upgrade(bare)
    # then
    assert is_current(bare)


def test_a_glance_tells_whether_a_database_needs_nothing(bare: str) -> None:
    # given nothing, then tables, then a published process
    glances = [is_ready(bare)]
    upgrade(bare)
    glances.append(is_ready(bare))
    database = make_engine(bare)
    with make_sessions(database).begin() as session:
        session.add(Definition(**PUBLISHED))
    glances.append(is_ready(bare))
    # when the program is newer than the database
    with database.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    glances.append(is_ready(bare))
    database.dispose()
    # then
    assert glances == [False, False, True, False]


def test_only_one_process_at_a_time_makes_a_postgresql_database_ready(bare_postgres: str) -> None:
    # given somebody at it
    second = threading.Event()

    def make_ready() -> None:
        with alone(bare_postgres):
            second.set()

    other = threading.Thread(target=make_ready)
    with alone(bare_postgres):
        other.start()
        # then the next one waits
        assert not second.wait(0.3)
    # and goes on afterwards
    other.join(10)
    assert second.is_set()


def test_a_drafted_migration_holds_what_the_database_lacks(tmp_path: Path, monkeypatch) -> None:
    # given an empty folder of migrations beside the real environment
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        source = Path(supervision.tables.__file__).parents[1] / "engine/store/migrations" / name
        (folder / name).write_text(source.read_text())
    monkeypatch.setattr("engine.store.migrate.FOLDER", folder)
    # when
    written = draft(f"sqlite:///{tmp_path / 'empty.db'}", "0001", "first", Base.metadata)
    # then
    assert "'case_file'" in written.read_text()
