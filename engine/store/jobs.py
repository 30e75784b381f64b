"""Jobs that steps and messages leave for later, in the engine's lane."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.once import insert_once
from engine.store.tables import Job

_jobs = table_of(Job)


def put_job(
    session: Session,
    key: str,
    kind: str,
    payload: Mapping[str, Any],
    due_at: datetime,
    now: datetime,
    instance_id: str | None = None,
) -> bool:
    """False when a job of that key exists already, done or not."""
    return insert_once(
        session,
        _jobs,
        {
            "id": uuid.uuid4().hex,
            "key": key,
            "kind": kind,
            "queue": "engine",
            "instance_id": instance_id,
            "payload": dict(payload),
            "due_at": due_at,
            "status": "ready",
            "attempts": 0,
            "last_error": "",
            "created_at": now,
        },
    )


def drop_job(session: Session, key: str, now: datetime) -> None:
    """It need not be done any more."""
    session.execute(
        update(_jobs)
        .where(_jobs.c.key == key, _jobs.c.status == "ready")
        .values(status="cancelled", done_at=now)
    )


def drop_jobs(session: Session, instance_id: str, kinds: tuple[str, ...], now: datetime) -> None:
    """Those of an instance that is over."""
    session.execute(
        update(_jobs)
        .where(_jobs.c.instance_id == instance_id, _jobs.c.kind.in_(kinds), _jobs.c.status == "ready")
        .values(status="cancelled", done_at=now)
    )
