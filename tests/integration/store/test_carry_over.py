"""A database from before occasions had rows: what its jobs started is not started again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

from alembic import command
from sqlalchemy import MetaData, Table, select

import supervision.tables
from engine.store.db import make_engine, make_sessions
from engine.store.migrate import _config, upgrade
from engine.store.visibility import SYSTEM, see_as
from supervision.cycles.file import parse_cycles
from supervision.cycles.plan import plan
from supervision.cycles.table import CycleRun, CycleState
from tests.integration.scheduler.test_cycles_at_once import CALENDAR

assert supervision.tables

SINCE = datetime(2026, 3, 1, 16, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, 7, tzinfo=UTC)
BOX = parse_cycles("[box]\nprocess='box'\nweekday='五'\nat='15:00'\nrest_day='next'\n")


def job(key: str, due_at: datetime, status: str) -> dict[str, object]:
    return {
        "id": key[-10:], "key": key, "kind": "cycle", "queue": "engine", "due_at": due_at, "status": status,
        "payload": json.dumps({"process": "box"} if "W" in key else {}), "attempts": 1, "last_error": "",
        "created_at": due_at, "done_at": due_at if status == "done" else None,
    }  # fmt: skip


def test_occasions_known_by_their_jobs_become_rows(bare: str) -> None:
    # given a database of the version before, with one opening done and one that waits for the pump
    database = make_engine(bare)
    with database.connect() as connection:
        command.upgrade(_config(connection), "0007")
        old, utc = MetaData(), database.dialect.name == "postgresql"
        rows = [job("box:since", SINCE, "done"), job("box:2026-W10", FRIDAY, "done")]
        rows.append(job("box:2026-W11", FRIDAY.replace(day=13), "ready"))
        for row in rows:
            plain = {
                name: value.replace(tzinfo=None) if isinstance(value, datetime) and not utc else value
                for name, value in row.items()
            }
            connection.execute(Table("job", old, autoload_with=connection).insert().values(**plain))
        connection.commit()
    # when
    upgrade(bare)
    # then they are on file, and nothing is planned again
    with see_as(make_sessions(database)(), SYSTEM) as session:
        assert session.get_one(CycleState, "box").since == SINCE
        found = session.execute(select(CycleRun.label, CycleRun.status, CycleRun.cycle_on).order_by("label"))
        assert [tuple(row) for row in found] == [
            ("2026-W10", "started", date(2026, 3, 6)),
            ("2026-W11", "planned", date(2026, 3, 13)),
        ]
        assert plan(session, BOX, CALENDAR, FRIDAY.replace(day=14)) == []
        assert plan(session, BOX, CALENDAR, FRIDAY.replace(day=20)) == ["box:2026-W12"]
    database.dispose()
