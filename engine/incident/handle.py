"""What an administrator does with an incident; each act is on record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Conflict, NotFound
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.store.tables import Incident, Job


def open_incidents(session: Session) -> Sequence[Incident]:
    """Oldest first."""
    return session.scalars(
        select(Incident).where(Incident.status == "open").order_by(Incident.since, Incident.id)
    ).all()


def resolve(session: Session, incident_id: str, *, reason: str, actor: Actor, now: datetime) -> Incident:
    """Closes an incident whose cause was mended. Raises NotFound, Conflict when it is closed already."""
    incident = session.get(Incident, incident_id)
    if incident is None:
        raise NotFound(f"Expected incident {incident_id}, but there is none")
    if incident.status != "open":
        raise Conflict(f"该异常已由 {incident.resolved_by} 处理")
    incident.status, incident.resolved_at, incident.resolved_by = "resolved", now, actor.login
    append(
        session, incident.instance_id or SYSTEM_CHAIN, "incident.resolved", at=now, actor=actor,
        element_id=incident.element_id, payload={"incident": incident.id, "reason": reason},
    )  # fmt: skip
    return incident


def retry_job(session: Session, incident_id: str, *, actor: Actor, now: datetime) -> Job:
    """Puts the parked job of an incident back in line with fresh attempts, and closes the incident."""
    incident = resolve(session, incident_id, reason="重试", actor=actor, now=now)
    job = session.get(Job, incident.job_id) if incident.job_id else None
    if job is None:
        raise NotFound(f"Expected incident {incident_id} to have a job, but it has none")
    job.status, job.attempts, job.due_at = "ready", 0, now
    job.lease_owner, job.lease_until = None, None
    return job
