"""Writes a job in the transaction that causes it; the UNIQUE key makes it happen once."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.store.base import table_of
from engine.store.once import insert_once
from engine.store.tables import Job

_jobs = table_of(Job)


def put(
    session: Session,
    key: str,
    *,
    kind: str,
    queue: str,
    payload: Mapping[str, Any],
    due_at: datetime,
    now: datetime,
    instance_id: str | None = None,
) -> bool:
    """False when a job of that key exists already, done or not."""
    row = {
        "id": uuid.uuid4().hex,
        "key": key,
        "kind": kind,
        "queue": queue,
        "instance_id": instance_id,
        "payload": dict(payload),
        "due_at": due_at,
        "status": "ready",
        "attempts": 0,
        "last_error": "",
        "created_at": now,
    }
    return insert_once(session, _jobs, row)
