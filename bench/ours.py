"""Our side of the step bench: the public `engine.task.complete()` with all it writes, and its bytes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

import engine.definition
import engine.task
from engine.actor import Actor
from engine.deadline.calendar import Calendar
from engine.deadline.rule import RuleSet
from engine.definition import ProgramCache
from engine.instance import Context, start
from engine.store.base import Base
from engine.store.db import make_engine, make_sessions
from engine.store.tables import Task
from engine.store.visibility import SYSTEM, install, see_as

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
CLERK = Actor("clerk", "经办人", frozenset({("CLERK", "")}))
COUNTED = ("state_shard", "history", "history_payload", "job")
"""Tables whose payload bytes are counted."""


class Ours:
    """Cases of one process in one SQLite file with our own settings."""

    def __init__(self, path: Path, diagram: Path, process: str) -> None:
        self._database = make_engine(f"sqlite:///{path}")
        Base.metadata.create_all(self._database)
        self._sessions = make_sessions(self._database)
        install(self._sessions)
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
        with self._session() as session:
            return (
                session.scalars(
                    select(Task.id).where(Task.instance_id == case, Task.status == "open")
                ).first()
                or ""
            )

    def step(self, task_id: str, data: dict[str, Any]) -> None:
        """One complete user step in a session of its own, committed."""
        with self._session() as session:
            engine.task.complete(session, self._context, task_id, data, actor=CLERK, now=NOW)
            session.commit()

    @contextmanager
    def counting(self) -> Iterator[list[int]]:
        """Collects the payload bytes of every state, history and job row written inside the block."""
        sizes: list[int] = []

        def count(conn: object, cursor: object, sql: str, values: Any, context: Any, many: bool) -> None:
            words = sql.split(None, 3)
            if words[0] in ("INSERT", "UPDATE") and words[2 if words[0] == "INSERT" else 1] in COUNTED:
                sizes.append(sum(_size(value) for row in (values if many else [values]) for value in row))

        event.listen(self._database, "before_cursor_execute", count)
        try:
            yield sizes
        finally:
            event.remove(self._database, "before_cursor_execute", count)

    def close(self) -> None:
        """Lets go of the file."""
        self._database.dispose()

    def _session(self) -> Session:
        return see_as(self._sessions(), SYSTEM)


def _size(value: Any) -> int:
    return len(value if isinstance(value, bytes) else str(value).encode()) if value is not None else 0
