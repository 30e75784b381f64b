"""Writes the incident of a step that failed: where, why, the data at that point, and what was being done."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import insert
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.errors import ExpressionError, StepFailed
from engine.history.append import append
from engine.history.digest import SYSTEM_CHAIN
from engine.instance.follow import Awaited, Start, Work
from engine.instance.stored import Storable, dumped
from engine.store.base import table_of
from engine.store.tables import Incident

_OPTIONS = orjson.OPT_NON_STR_KEYS


def open_incident(
    session: Session, failed: Storable | Work, failure: StepFailed, *, actor: Actor, now: datetime
) -> str:
    """Returns its id, and puts it into `failure`. Identity is no process data and so is never in it."""
    act = failed.command if isinstance(failed, Work) else failed
    failure.incident_id = uuid.uuid4().hex
    instance_id = _instance_of(failed)
    session.execute(
        insert(table_of(Incident)).values(
            id=failure.incident_id,
            instance_id=instance_id,
            element_id=failure.element_id,
            message=failure.reason,
            data=plain(failure.data),
            command=_dumped(act, actor),
            task_id=getattr(act, "task_id", ""),
            status="open",
            since=now,
        )
    )
    append(
        session, instance_id or SYSTEM_CHAIN, "incident.opened", at=now, actor=actor,
        element_id=failure.element_id, payload={"incident": failure.incident_id, "reason": failure.reason},
    )  # fmt: skip
    return failure.incident_id


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON: what JSON lacks as text, for a script may fail half-way with anything in its hands."""
    shown: dict[str, Any] = orjson.loads(orjson.dumps(dict(data), default=str, option=_OPTIONS))
    return shown


def _dumped(act: Storable, actor: Actor) -> str:
    try:
        return dumped(act, actor)
    except ExpressionError:  # what was submitted cannot be stored: it must be submitted again
        return ""


def _instance_of(failed: Storable | Work) -> str | None:
    if isinstance(failed, Work | Awaited):
        return failed.instance_id
    return failed.cause_id if isinstance(failed, Start) else getattr(failed, "sender_id", None)
