"""What an execution waits for, so that a step's effect is the difference of two snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.execution import Execution, OpenTask, WaitingMessage, WaitingTimer


@dataclass(frozen=True)
class Snapshot:
    """Open user tasks, armed timers and awaited messages of the decoded shards, by their keys."""

    tasks: Mapping[str, OpenTask]
    timers: Mapping[str, WaitingTimer]
    messages: Mapping[str, WaitingMessage]


EMPTY = Snapshot({}, {}, {})


def take(execution: Execution) -> Snapshot:
    """The present moment of `execution`."""
    return Snapshot(
        {task.task_id: task for task in execution.open_tasks()},
        {timer_key(timer): timer for timer in execution.timers()},
        {message_key(waiting): waiting for waiting in execution.subscriptions()},
    )


def timer_key(timer: WaitingTimer) -> str:
    """UNIQUE key of the timer's job: the token and the instant, so that moving it makes a new job."""
    return f"timer:{timer.task_id}:{timer.index}:{timer.due_at.isoformat()}"


def message_key(waiting: WaitingMessage) -> str:
    """A token behind an event gateway may wait for several messages."""
    return f"{waiting.task_id}:{waiting.message}"
