"""Looks incidents up."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import EngineError, NotFound
from engine.instance.commands import CompleteTask
from engine.instance.stored import Storable, loaded
from engine.store.tables import Incident, Task


def open_incidents(session: Session) -> Sequence[Incident]:
    """Oldest first."""
    return session.scalars(
        select(Incident).where(Incident.status == "open").order_by(Incident.since, Incident.id)
    ).all()


def find_incident(session: Session, incident_id: str) -> Incident:
    """Raises NotFound."""
    found = session.get(Incident, incident_id)
    if found is None:
        raise NotFound(f"Expected incident {incident_id}, but there is none")
    return found


def act_of(incident: Incident) -> Storable | None:
    """What failed, or None when it cannot be repeated: it was a job, or is not readable any more."""
    try:
        return loaded(incident.command)[0] if incident.command else None
    except EngineError:
        return None


def overtaken(session: Session, incident: Incident) -> Task | None:
    """The task whose completion failed, when it was done or withdrawn since: nothing is to be repeated."""
    if not isinstance(act_of(incident), CompleteTask):
        return None
    task = session.get(Task, incident.task_id)
    return task if task is not None and task.status != "open" else None
