"""One step of one instance, between load and record, and what followed from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.execution import Execution, OpenTask
from engine.errors import NotFound
from engine.instance.commands import Command
from engine.instance.context import Context
from engine.instance.follow import Work
from engine.instance.snapshot import Snapshot
from engine.instance.state import Shards
from engine.store.base import table_of
from engine.store.detached import detached
from engine.store.hold import writes_alone
from engine.store.prepared import Prepared
from engine.store.tables import Instance, Task

_table = table_of(Instance)
_locked = Prepared(select(*_table.c).where(_table.c.id == bindparam("id")).with_for_update())
_NAMES = tuple(column.key for column in _table.c)


@dataclass(frozen=True)
class InstanceRow:
    """What a step reads of its instance, under the row's lock where the database has one."""

    id: str
    definition_id: str
    process_id: str
    business_key: str
    title: str
    revision: int
    cause_id: str | None
    cause_head: str
    whole: Mapping[str, Any] = field(repr=False)
    """All columns."""


def lock_instance(session: Session, instance_id: str, read: Mapping[str, Any] | None = None) -> InstanceRow:
    """The row, nobody else's until the transaction ends. Raises NotFound.

    What the transaction has `read` of it already is enough where no other one can write meanwhile.
    """
    whole = read if read is not None and writes_alone(session) else _lock(session, instance_id)
    return InstanceRow(**{name: whole[name] for name in _READ}, whole=whole)


def _lock(session: Session, instance_id: str) -> Mapping[str, Any]:
    found = _locked.row(session, id=instance_id)
    if found is None:
        raise NotFound(f"Expected an instance {instance_id}, but there is none")
    return dict(zip(_NAMES, found, strict=True))


_READ = tuple(part.name for part in fields(InstanceRow) if part.name != "whole")


@dataclass
class Step:
    """One step of one instance, between load and record."""

    session: Session
    context: Context
    instance: InstanceRow
    execution: Execution
    command: Command
    shards: Shards
    before: Snapshot
    actor: Actor
    now: datetime
    services: list[tuple[OpenTask, Mapping[str, Any]]] = field(default_factory=list)
    """Service tasks whose topic was served, with what the handler returned."""
    after: list[Work] = field(default_factory=list)
    """Steps that must follow this one before anything else does."""

    @cached_property
    def entity(self) -> Instance:
        """The instance as it was locked, for the context's own functions to read: no session writes it."""
        return detached(Instance, self.instance.whole)


@dataclass(frozen=True)
class Recorded:
    """What followed from a step."""

    opened: Sequence[Mapping[str, Any]]
    """Rows of the user tasks that opened."""
    subscribed: Sequence[tuple[str, str]]
    """(message, correlation) newly awaited: kept messages may be for them."""
    status: str
    shards: Shards
    """The state as it is stored now."""

    def tasks(self) -> list[Task]:
        """What opened as objects, for reading: no session writes them."""
        return [detached(Task, row) for row in self.opened]
