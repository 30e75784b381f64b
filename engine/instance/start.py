"""Starts an instance of the version that is in effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.definition.find import current
from engine.instance.advance import advance, create
from engine.instance.context import Context
from engine.instance.follow import Start


def start(
    session: Session,
    context: Context,
    name: str,
    data: Mapping[str, Any],
    *,
    actor: Actor,
    now: datetime,
    start_event: str | None = None,
    business_key: str | None = None,
    cause_id: str | None = None,
) -> str:
    """Starts the bundle or process called `name`; returns the instance's id.

    Raises:
        NotFound: nothing of that name is in effect.
        StepFailed: it failed before its first wait; an incident is written: commit it.
    """
    definition, process_id = current(session, name, now)
    begin = Start(definition.id, process_id, data, start_event, business_key, cause_id)
    work = create(session, context, begin, actor=actor, now=now)
    advance(session, context, work, actor=actor, now=now)
    return work.instance_id
