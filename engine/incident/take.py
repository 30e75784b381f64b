"""Takes an incident in hand: who may, only one does, and it is on record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import Conflict, InvalidData, NotAllowed
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.incident.find import find_incident
from engine.instance.context import Context
from engine.instance.step import lock_instance
from engine.store.base import table_of
from engine.store.tables import Incident

_incidents = table_of(Incident)
SHORTEST = 2
"""Characters of a reason."""


def take(session: Session, context: Context, incident_id: str, *, reason: str, actor: Actor) -> Incident:
    """The open incident, with its instance locked as every step does: two who act on one wait for each other.

    Raises:
        NotAllowed: the actor may not. InvalidData: no reason is given.
        NotFound. Conflict: somebody else dealt with it.
    """
    allow(context, actor)
    if len(reason.strip()) < SHORTEST:
        raise InvalidData({"reason": ["请写明理由（至少 2 个字）：它会留在记录中"]})
    incident = find_incident(session, incident_id)
    if incident.instance_id:
        lock_instance(session, incident.instance_id)
    session.refresh(incident, with_for_update=True)
    if incident.status != "open":
        raise Conflict(f"该异常已由 {incident.resolved_by} 处理")
    return incident


def allow(context: Context, actor: Actor) -> None:
    """Raises NotAllowed unless the actor repairs."""
    if not any(actor.has(role) for role in context.repairers):
        raise NotAllowed("异常由系统管理员处理")


def close(
    session: Session, incident: Incident, how: str, *, reason: str, actor: Actor, now: datetime
) -> None:
    """The incident is dealt with. Raises Conflict when somebody else was first after all."""
    closed = session.execute(
        update(_incidents)
        .where(_incidents.c.id == incident.id, _incidents.c.status == "open")
        .values(status="resolved", resolved_at=now, resolved_by=actor.login, resolution=how, reason=reason)
    )
    if closed.rowcount != 1:  # type: ignore[attr-defined]
        raise Conflict("该异常刚刚已由他人处理")
    session.refresh(incident)


def tell(
    session: Session,
    incident: Incident,
    kind: str,
    *,
    reason: str,
    actor: Actor,
    now: datetime,
    more: Mapping[str, Any] | None = None,
) -> None:
    """One entry in the history of the instance, or in the system's."""
    payload = {"incident": incident.id, "reason": reason, **(more or {})}
    append(
        session, incident.instance_id or SYSTEM_CHAIN, f"incident.{kind}", at=now, actor=actor,
        element_id=incident.element_id, payload=payload,
    )  # fmt: skip
