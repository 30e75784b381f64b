"""Our side of the step bench: the public `engine.task.complete()` with all it writes, and its bytes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

import engine.definition
import engine.task
from engine.actor import Actor
from engine.deadline.calendar import Calendar
from engine.deadline.rule import RuleSet
from engine.definition import ProgramCache
from engine.instance import Context, start
from engine.instance.live import LiveCases
from engine.store.base import Base
from engine.store.db import make_engine, make_sessions
from engine.store.tables import Task
from engine.store.visibility import SYSTEM, install, see_as

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
CLERK = Actor("clerk", "经办人", frozenset({("CLERK", "")}))
COUNTED = {
    "state_shard": ("instance_id", "shard"),
    "history": ("chain", "seq"),
    "history_payload": ("chain", "seq"),
    "job": ("id",),
}
"""Tables whose payload bytes are counted, with their primary keys."""


class Ours:
    """Cases of one process in one SQLite file with our own settings."""

    def __init__(self, path: Path, diagram: Path, process: str) -> None:
        self._path = path
        self._database = make_engine(f"sqlite:///{path}")
        Base.metadata.create_all(self._database)
        self._sessions = make_sessions(self._database)
        install(self._sessions)
        self._open = self._session()
        self._process = process
        self._context = Context(
            programs=ProgramCache(),
            rules=lambda session: RuleSet({}, ""),
            calendar=lambda session: Calendar({}, ""),
        )
        with self._session() as session:
            files = {diagram.name: diagram.read_bytes()}
            engine.definition.publish(session, process, files, by="甲", approved_by="乙", now=NOW)
            session.commit()

    def start(self) -> str:
        """A new case, run to its first user task; returns its id."""
        with self._session() as session:
            case = start(session, self._context, self._process, {}, actor=CLERK, now=NOW)
            session.commit()
        return case

    def open_task(self, case: str) -> str:
        """Id of the case's first open user task."""
        return next(iter(self.open_tasks(case)), "")

    def open_tasks(self, case: str) -> list[str]:
        """Ids of all open user tasks of a case."""
        with self._session() as session:
            open_of_case = select(Task.id).where(Task.instance_id == case, Task.status == "open")
            return list(session.scalars(open_of_case))

    @property
    def live_cases(self) -> int:
        """Cases that are kept in memory."""
        return len(self._context.live)

    def forget_live(self) -> None:
        """Keeps no case in memory any more."""
        self._context = replace(self._context, live=LiveCases())

    def step(self, task_id: str, data: dict[str, Any]) -> None:
        """One complete user step, committed: begin, complete, commit, in a session that stays."""
        engine.task.complete(self._open, self._context, task_id, data, actor=CLERK, now=NOW)
        self._open.commit()

    def rows(self) -> dict[tuple[str, ...], tuple[Any, ...]]:
        """Every state, history and job row by table and primary key, as the file holds it."""
        found: dict[tuple[str, ...], tuple[Any, ...]] = {}
        with closing(sqlite3.connect(self._path)) as file:
            for table, keys in COUNTED.items():
                for row in file.execute(f"SELECT {', '.join(keys)}, * FROM {table}"):
                    found[table, *map(str, row[: len(keys)])] = row[len(keys) :]
        return found

    def close(self) -> None:
        """Lets go of the file."""
        self._open.close()
        self._database.dispose()

    def _session(self) -> Session:
        return see_as(self._sessions(), SYSTEM)


def written(before: dict[Any, tuple[Any, ...]], after: dict[Any, tuple[Any, ...]]) -> int:
    """Bytes of all values of new rows, and of the changed values of rows that were there."""
    total = 0
    for key, row in after.items():
        old = before.get(key, (None,) * len(row))
        total += sum(_size(value) for value, was in zip(row, old, strict=True) if value != was)
    return total


def _size(value: Any) -> int:
    return len(value if isinstance(value, bytes) else str(value).encode()) if value is not None else 0
