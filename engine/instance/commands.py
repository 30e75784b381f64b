"""What can be done to an instance: each command knows how to touch the execution, nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.bpmn.execution import Execution


@dataclass(frozen=True)
class Begin:
    """Runs a new instance from its start event."""

    data: Mapping[str, Any] = field(default_factory=dict)
    start_event: str | None = None
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
    data: Mapping[str, Any] = field(default_factory=dict)
    """What it carries."""

    def apply(self, execution: Execution) -> bool:
        execution.deliver(self.task_id, self.message, self.data)
        return True


@dataclass(frozen=True)
class DeliverSignal:
    """A signal reaches those tokens of a shard that waited for it. Who is gone meanwhile misses it."""

    task_ids: Sequence[str]
    shard: str
    signal: str
    data: Mapping[str, Any] = field(default_factory=dict)

    def apply(self, execution: Execution) -> bool:
        reached = False
        for task_id in self.task_ids:
            if any(waiting.task_id == task_id for waiting in execution.subscriptions()):
                execution.deliver(task_id, self.signal, self.data)
                reached = True
        return reached


@dataclass(frozen=True)
class ServeTask:
    """A service task that was put off is served now. Nothing happens when it is gone."""

    task_id: str
    shard: str
    tries: int = 0
    """How often its handler has asked for patience."""

    def apply(self, execution: Execution) -> bool:
        return any(task.task_id == self.task_id for task in execution.service_tasks())


@dataclass(frozen=True)
class Rearm:
    """A timer moves to another instant. Nothing happens when it is gone."""

    task_id: str
    shard: str
    due_at: datetime

    def apply(self, execution: Execution) -> bool:
        waits = any(timer.task_id == self.task_id for timer in execution.timers())
        if waits:
            execution.rearm(self.task_id, self.due_at)
        return waits


@dataclass(frozen=True)
class SetVariables:
    """Variables of a scope are repaired."""

    shard: str
    data: Mapping[str, Any]

    def apply(self, execution: Execution) -> bool:
        execution.set_variables(self.shard, self.data)
        return True


@dataclass(frozen=True)
class MoveToken:
    """A token goes to another element of its scope."""

    task_id: str
    shard: str
    target: str

    def apply(self, execution: Execution) -> bool:
        execution.move(self.task_id, self.target)
        return True


@dataclass(frozen=True)
class Cancel:
    """The instance ends as it stands."""

    shard: str = ""

    def apply(self, execution: Execution) -> bool:
        execution.cancel()
        return True


Command = (
    Begin
    | CompleteTask
    | FireTimer
    | DeliverMessage
    | DeliverSignal
    | ServeTask
    | Rearm
    | SetVariables
    | MoveToken
    | Cancel
)
