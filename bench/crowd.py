"""Fills a district with open tasks, row by row and without running them: for reading only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from sqlalchemy import func, insert, select

from command.compose import System
from engine.actor import SYSTEM_ACTOR
from engine.definition import current
from engine.store.base import table_of
from engine.store.tables import Instance, InstanceScope, Task, TaskCandidate
from supervision.account.token import SCOPES, issue

FEW = "lead"
"""Sees all cases of 督查室; is named in person by twenty tasks, and may do no others."""
NAMED = 20
CROWD = "DCS_CLERK"
SCOPE = "body:DCS"
AT_ONCE = 5000


def fill(system: System, size: int) -> None:
    """Adds cases with one open task each until there are `size`; the oldest twenty are for FEW alone."""
    with system.session() as session:
        there = session.scalar(select(func.count(Task.id))) or 0
        definition, process = current(session, "looper", system.clock())
        now = system.clock()
        for begin in range(there, size, AT_ONCE):
            numbers = range(begin, min(begin + AT_ONCE, size))
            rows = [list(part) for part in zip(*_rows(numbers, definition.id, process, now), strict=True)]
            for entity, part in zip((Instance, InstanceScope, Task, TaskCandidate), rows, strict=True):
                session.execute(insert(table_of(entity)), part)
        session.commit()
    if system.database.dialect.name == "postgresql":
        with system.database.begin() as connection:
            connection.exec_driver_sql("ANALYZE")  # as it does by itself after a while; SQLite never does


def token_of(system: System, login: str) -> str:
    """A key of that person."""
    now = system.clock()
    with system.session() as session:
        key = issue(session, login, SCOPES, now + timedelta(days=1), by=SYSTEM_ACTOR, now=now)
        session.commit()
    return key


def _rows(numbers: range, definition_id: str, process: str, now: Any) -> Iterator[tuple[dict[str, Any], ...]]:
    for number in numbers:
        case, task = f"c{number:031d}", f"t{number * 7919 % 10**9:031d}"
        started = now - timedelta(minutes=number)
        due = now + timedelta(minutes=number * 104729 % 100000) if number % 2 else None
        yield (
            {
                "id": case, "definition_id": definition_id, "process_id": process, "status": "active",
                "business_key": case, "title": f"案件 {number}", "revision": 1, "started_at": started,
                "started_by": "clerk1", "ended_with": "", "cause_head": "",
            },
            {"instance_id": case, "scope": SCOPE},
            {
                "id": task, "instance_id": case, "shard": "", "process_id": process, "element_id": "t1",
                "name": "研判", "lane": "", "form": "f1", "status": "open", "priority": 50,
                "created_at": started, "due_at": due, "due_on": due.date() if due else None,
            },
            _candidate(task, number),
        )  # fmt: skip


def _candidate(task: str, number: int) -> dict[str, Any]:
    if number < NAMED:
        return {"task_id": task, "kind": "user", "value": FEW, "unit_code": ""}
    return {"task_id": task, "kind": "role", "value": CROWD, "unit_code": ""}
