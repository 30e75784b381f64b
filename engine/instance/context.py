"""What a step needs from outside the engine, handed in as one argument.

The engine knows no 督查: topics, assignment, guards and titles are given by the composition root.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from engine.actor import Actor
from engine.bpmn.program import Node
from engine.deadline.calendar import Calendar
from engine.deadline.rule import RuleSet
from engine.definition.cache import ProgramCache
from engine.instance.follow import Work
from engine.instance.live import LiveCases
from engine.store.tables import Instance, Task


@dataclass(frozen=True)
class ServiceCall:
    """A service task that asks its topic's handler to work, inside the step's transaction."""

    instance_id: str
    business_key: str
    process_id: str
    element_id: str
    name: str
    data: Mapping[str, Any]
    properties: Mapping[str, str]
    actor: Actor
    after: list[Work] = field(default_factory=list)
    """What the handler wants done once the step is recorded, in the same transaction: timers armed anew."""
    shard: str = ""
    """Scope the task stands in: tells two calls of the same process in one instance apart."""


Handler = Callable[[Session, ServiceCall, datetime], Mapping[str, Any]]
"""Returns variables merged into the task's data. Raises NotAllowed or StepFailed to stop the step."""


@dataclass(frozen=True)
class Assignment:
    """Who may do a user task. `roles` are pairs (role, unit code or '')."""

    roles: Sequence[tuple[str, str]] = ()
    users: Sequence[str] = ()
    assignee: str | None = None
    unit_code: str | None = None


class Assign(Protocol):
    """Maps a node's candidates to people of this case."""

    def __call__(
        self, session: Session, node: Node, data: Mapping[str, Any], instance: Instance
    ) -> Assignment: ...


@dataclass(frozen=True)
class GuardCall:
    """A person who is about to claim or complete a task."""

    task: Task
    node: Node
    instance: Instance
    data: Mapping[str, Any]
    """What is being submitted; empty at claim."""
    act: str
    """claim or complete."""


Guard = Callable[[Session, GuardCall, Actor, datetime], None]
"""Raises NotAllowed with the reason in Chinese."""


@dataclass(frozen=True)
class MessageType:
    """A declared message (messages.toml)."""

    name: str
    label: str = ""
    receiver: str = ""
    """Process that starts or waits with it, or ``external``."""
    keep_days: int | None = 30
    """How long it is kept for a receiver that does not wait yet; None: until one does."""
    sender: str = ""
    """Who sends it when no process does."""
    payload: tuple[str, ...] = ()
    """Variables it brings."""


@dataclass(frozen=True)
class Member:
    """One of a group that a fan-out is for."""

    item: str
    """Stands once in the group, e.g. a unit's code."""
    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    """Variables of its child alone."""


Members = Callable[[Session, Mapping[str, str]], Sequence[Member]]
"""Lists the group that a selection means. Raises StepFailed when the selection means nothing."""


@dataclass(frozen=True)
class Context:
    """Everything a step needs that is not an argument of its own."""

    programs: ProgramCache
    rules: Callable[[Session], RuleSet]
    calendar: Callable[[Session], Calendar]
    topics: Mapping[str, Handler] = field(default_factory=dict)
    messages: Mapping[str, MessageType] = field(default_factory=dict)
    assign: Assign | None = None
    guards: Sequence[Guard] = ()
    """Every guard sees every task; a guard that does not concern the node returns at once."""
    repairers: frozenset[str] = frozenset({"ADMIN"})
    """Roles that may act on incidents."""
    live: LiveCases = field(default_factory=LiveCases)
    on_start: Callable[[Session, Instance, Mapping[str, Any], datetime], Mapping[str, Any] | None] | None = (
        None
    )
    """Called when an instance row was written: sets its title, business key and scopes, adds variables."""
    on_task: Callable[[Session, Task, Instance, datetime], None] | None = None
    """Called for each task that opened: notifies."""
    members: Members | None = None
    """Who a fan-out is for."""
