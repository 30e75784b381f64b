"""What is still to be done after a step: steps of other instances, and messages and signals on their way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.instance.commands import Command


@dataclass(frozen=True)
class Post:
    """A message on its way to exactly one receiver."""

    name: str
    correlation: str
    data: Mapping[str, Any] = field(default_factory=dict)
    sender_id: str | None = None
    """The instance that threw it; None when it comes from outside."""
    element_id: str = ""
    actor: str = ""


@dataclass(frozen=True)
class Signal:
    """A signal on its way to all who wait for it in other instances, and to all it starts."""

    name: str
    data: Mapping[str, Any] = field(default_factory=dict)
    sender_id: str | None = None
    element_id: str = ""


@dataclass(frozen=True)
class Awaited:
    """An instance that began to wait for a message: one that was kept may be for it."""

    name: str
    correlation: str
    instance_id: str


@dataclass(frozen=True)
class Start:
    """A new instance to begin."""

    definition_id: str
    process_id: str
    data: Mapping[str, Any] = field(default_factory=dict)
    start_event: str | None = None
    business_key: str | None = None
    cause_id: str | None = None
    cause_head: str = ""


@dataclass(frozen=True)
class Work:
    """One command that waits for its turn."""

    instance_id: str
    command: Command
    post: Post | None = None
    """The message it delivers, to be sent elsewhere when its receiver is gone."""
    read: Mapping[str, Any] | None = None
    """All columns of the instance, where this transaction has read them."""


Follow = Post | Signal | Awaited
