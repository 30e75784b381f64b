"""Who did what in a case, read from its history: the base of every rule that separates duties."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.store.tables import HistoryEntry, HistoryPayload, Task, TaskCandidate


def who_completed(session: Session, instance_id: str, *element_ids: str) -> list[str]:
    """Logins of those who completed these tasks, in order; a person may stand there several times."""
    return list(
        session.scalars(
            select(Task.completed_by)
            .where(
                Task.instance_id == instance_id,
                Task.element_id.in_(element_ids),
                Task.status == "completed",
            )
            .order_by(Task.ended_at, Task.id)
        )
    )


def last_who_completed(session: Session, instance_id: str, element_ids: Iterable[str]) -> str | None:
    """The last of them."""
    logins = who_completed(session, instance_id, *element_ids)
    return logins[-1] if logins else None


def acted_as(session: Session, instance_id: str, element_ids: Iterable[str], actor: Actor) -> str:
    """The role in which `actor` may do, or did, the newest of these tasks; '' where it was given by name."""
    newest = (
        select(Task.id)
        .where(Task.instance_id == instance_id, Task.element_id.in_(list(element_ids)))
        .order_by(Task.created_at.desc(), Task.id)
        .limit(1)
    )
    rows = session.execute(
        select(TaskCandidate.value, TaskCandidate.unit_code)
        .where(TaskCandidate.task_id == newest.scalar_subquery(), TaskCandidate.kind == "role")
        .order_by(TaskCandidate.value)
    )
    return next((row.value for row in rows if actor.has(row.value, row.unit_code)), "")


def submitted(session: Session, instance_id: str, element_id: str) -> dict[str, Any]:
    """What was entered when the task was last completed; empty where it never was."""
    told = all_submitted(session, instance_id, element_id, most=1)
    return told[0] if told else {}


def all_submitted(
    session: Session, instance_id: str, element_id: str, *, most: int | None = None
) -> list[dict[str, Any]]:
    """What was entered each time the task was completed, the latest first; at most `most` of them."""
    rows = session.scalars(
        select(HistoryPayload.content)
        .join(
            HistoryEntry,
            (HistoryEntry.chain == HistoryPayload.chain) & (HistoryEntry.seq == HistoryPayload.seq),
        )
        .where(
            HistoryEntry.chain == instance_id,
            HistoryEntry.kind == "task.completed",
            HistoryEntry.element_id == element_id,
            HistoryPayload.sealed.is_(False),
        )
        .order_by(HistoryEntry.seq.desc())
        .limit(most)
    )
    return [orjson.loads(content) for content in rows]
