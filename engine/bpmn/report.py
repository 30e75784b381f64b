"""What a step tells: tokens done, cancelled and thrown, scopes entered and left, and what waits now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from engine.bpmn.program import Node


class RuleInstant(datetime):
    """The end of a period, as ``due('KEY')`` gives it: remembers its rule, and the day it began (ISO)."""

    rule: tuple[str, str] | None = None

    @classmethod
    def of(cls, end: datetime, key: str, start_on: date) -> RuleInstant:
        """`end` as the end of the period of rule `key` that began on `start_on`."""
        made = cls.combine(end.date(), end.timetz())
        made.rule = (key, start_on.isoformat())
        return made


@dataclass(frozen=True)
class StepEnv:
    """What a step knows of the world."""

    now: datetime
    """Aware UTC."""
    due: Callable[[str, Mapping[str, Any], Any], datetime]
    """``due('CP-SUPP')`` or ``due('CP-SUPP', served_on)`` of expressions: the rule's instant, given the
    token's data and the start written in the diagram (None where there is none)."""
    step_budget: int = 5000
    """Elements one execution may run before it is taken for an endless loop."""


@dataclass(frozen=True)
class Done:
    """A BPMN node whose token is gone: completed, or cancelled."""

    element_id: str
    name: str
    kind: str
    task_id: str
    process_id: str
    shard: str


@dataclass(frozen=True)
class Thrown:
    """A message or signal that leaves the instance. `correlation` None means the business key.

    A signal has reached the instance's own catchers already; it is for all others. It has no correlation.
    """

    element_id: str
    message: str
    payload: dict[str, Any]
    correlation: str | None
    kind: str = "message"
    """message or signal; `message` is the name of either."""


@dataclass(frozen=True)
class Scope:
    """A process, call activity or sub-process that was begun or left. `task_id` '': the process itself."""

    element_id: str
    task_id: str
    process_id: str
    node: Node
    data: dict[str, Any]
    cancelled: bool = False


@dataclass(frozen=True)
class OpenTask:
    """A task that waits for a person, or for its topic's handler."""

    task_id: str
    element_id: str
    process_id: str
    shard: str
    data: dict[str, Any]
    node: Node


@dataclass(frozen=True)
class WaitingTimer:
    """An armed timer. `index` tells timers of one token apart; here each has a token of its own."""

    task_id: str
    element_id: str
    due_at: datetime
    shard: str
    index: int = 0
    rule: tuple[str, str] | None = None
    """(key, day it began in ISO form) when the instant is the end of a rule's period."""
    name: str = ""


@dataclass(frozen=True)
class WaitingMessage:
    """A token that waits for a message or signal."""

    task_id: str
    element_id: str
    message: str
    correlation: str | None
    shard: str
    kind: str = "message"
    """message or signal; `message` is the name of either."""


@dataclass
class Report:
    """Everything that happened since the execution was loaded, in order."""

    completed: list[Done] = field(default_factory=list)
    cancelled: list[Done] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    entered: list[Scope] = field(default_factory=list)
    left: list[Scope] = field(default_factory=list)
