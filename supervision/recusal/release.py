"""重新分派: the open tasks of a person who stands aside go back to all who may do them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.history.append import append
from engine.store.tables import Task
from supervision.recusal.find import family


def release(session: Session, case_id: str, login: str, actor: Actor, now: datetime) -> int:
    """Un-claims every open task of `login` in the case; a guard refuses a new claim. Returns how many."""
    tasks = session.scalars(
        select(Task).where(
            Task.instance_id.in_(family(session, case_id)), Task.status == "open", Task.assignee == login
        )
    ).all()
    for task in tasks:
        task.assignee = None
        append(
            session, task.instance_id, "task.unclaimed", at=now, actor=actor,
            element_id=task.element_id, name=task.name, task_id=task.id,
        )  # fmt: skip
    session.flush()
    return len(tasks)
