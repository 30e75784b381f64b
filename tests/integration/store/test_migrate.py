"""The migrations and the tables in the code are the same thing."""

from __future__ import annotations

from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

import supervision.tables
from engine.store.base import Base
from engine.store.db import make_engine
from engine.store.migrate import draft, is_current, upgrade


def test_a_migrated_database_has_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    # given
    assert supervision.tables.Case.__tablename__ in Base.metadata.tables
    url = f"sqlite:///{tmp_path / 'fresh.db'}"
    # when
    reached = upgrade(url)
    # then
    assert reached
    database = make_engine(url)
    with database.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    database.dispose()
    assert differences == []


def test_upgrading_twice_changes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'twice.db'}"
    assert upgrade(url) == upgrade(url)


def test_a_database_without_tables_is_not_current(tmp_path: Path) -> None:
    # given
    url = f"sqlite:///{tmp_path / 'old.db'}"
    assert not is_current(url)
    # when
    upgrade(url)
    # then
    assert is_current(url)


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
