"""What a channel is: a name, a label, how an address of it looks, and how a message is sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.errors import TryLater


@dataclass(frozen=True)
class Line:
    """Text and the path it leads to on this site, '' for none."""

    text: str
    link: str = ""


@dataclass(frozen=True)
class Message:
    """A notice as a channel sends it. Its id is the same each time it is tried."""

    id: str
    address: str
    text: str
    lines: Sequence[Line]
    """What the text sums up, or the one link it has."""
    at: datetime
    """When it was written, not when it is sent."""


class Sender(Protocol):
    """One configured way out. May take seconds, never minutes; holds no transaction."""

    def send(self, message: Message) -> None:
        """Raises Unreachable (nothing gets through now), Refused (never this one) or Delayed (not yet)."""

    def greet(self) -> None:
        """Whether anything would get through; sends nothing. Raises Unreachable."""


class Unreachable(TryLater):
    """The gateway does not answer, or refuses us altogether; the message is Chinese."""


class Refused(Exception):
    """The gateway refuses this one message, and would again; the message is Chinese."""


class Delayed(TryLater):
    """The gateway wants this one message later; the message is Chinese."""


@dataclass(frozen=True)
class Channel:
    """One file of this folder. `open` makes its sender from the settings, or None when it is not set up."""

    name: str
    label: str
    fault: Callable[[str], str]
    """Why an address is none, in Chinese; '' when it is one."""
    open: Callable[[Mapping[str, str]], Sender | None]
    """Takes the environment. Raises ValueError, in Chinese, when it says something impossible."""
    always: bool = False
    """Every person has it, and nobody can do without."""
