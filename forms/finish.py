"""办结: what a page and a program have in common once the answers were found right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

import engine.task
from engine.actor import Actor
from engine.task import Completed, Found
from forms.database import acting
from forms.services import now, services
from supervision.identity.vault import seal


def finish(
    session: Session,
    task_id: str,
    instance_id: str,
    process_data: Mapping[str, Any],
    sealed: Mapping[str, Any],
    *,
    actor: Actor,
    key: str | None = None,
    found: Found | None = None,
) -> Completed:
    """Seals what says who complained, and completes the task with the rest.

    Raises as `engine.task.complete`. Whoever opened the transaction commits it.
    """
    with acting(session):
        if sealed:
            seal(session, services().keys, instance_id, sealed, now())
        return engine.task.complete(
            session, services().context, task_id, process_data, actor=actor, now=now(), key=key, found=found
        )
