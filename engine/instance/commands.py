"""What can be done to an instance: each command knows how to touch the execution, nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.bpmn.execution import Execution


@dataclass(frozen=True)
class Begin:
    """Runs a new instance from its start event."""

    shard: str = ""

    def apply(self, execution: Execution) -> bool:
        return True


@dataclass(frozen=True)
class CompleteTask:
    """A person completes a user task."""

    task_id: str
    shard: str
    data: Mapping[str, Any]
    key: str | None = None
    """Idempotency key of the post."""

    def apply(self, execution: Execution) -> bool:
        execution.complete(self.task_id, self.data)
        return True


@dataclass(frozen=True)
class FireTimer:
    """A timer is due. Nothing happens when it is gone or was moved to later."""

    task_id: str
    shard: str

    def apply(self, execution: Execution) -> bool:
        return execution.fire_timer(self.task_id)


@dataclass(frozen=True)
class DeliverMessage:
    """A message reaches the token that waits for it."""

    task_id: str
    shard: str
    message: str
    payload: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, execution: Execution) -> bool:
        execution.deliver(self.task_id, self.message, self.payload)
        return True


@dataclass(frozen=True)
class Rearm:
    """A timer moves to another instant."""

    task_id: str
    shard: str
    due_at: datetime

    def apply(self, execution: Execution) -> bool:
        execution.rearm(self.task_id, self.due_at)
        return True


Command = Begin | CompleteTask | FireTimer | DeliverMessage | Rearm
