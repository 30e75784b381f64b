"""One step of one instance, between load and record, and what followed from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.execution import Execution, OpenTask
from engine.instance.commands import Command
from engine.instance.context import Context
from engine.instance.snapshot import Snapshot
from engine.instance.state import Shards
from engine.store.tables import Instance


@dataclass
class Step:
    """One step of one instance, between load and record."""

    session: Session
    context: Context
    instance: Instance
    execution: Execution
    command: Command
    shards: Shards
    before: Snapshot
    actor: Actor
    now: datetime
    services: list[tuple[OpenTask, Mapping[str, Any]]] = field(default_factory=list)
    """Service tasks whose topic was served, with what the handler returned."""


@dataclass(frozen=True)
class Recorded:
    """What followed from a step."""

    opened: Sequence[str]
    """Ids of the user tasks that opened."""
    subscribed: Sequence[tuple[str, str]]
    """(message, correlation) newly awaited: kept messages may be for them."""
    status: str
