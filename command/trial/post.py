"""Messages and signals of a trial: who receives them, whom they start, and what is kept until awaited."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from command.trial.answers import Sending
from command.trial.case import Case
from engine.bpmn.execution import Thrown, WaitingMessage
from engine.bpmn.program import Program, StartEvent


@dataclass
class Mail:
    """One message or signal under way. `to` grows: the elements it reached."""

    kind: str
    name: str
    payload: Mapping[str, Any]
    correlation: str | None = None
    to: list[str] = field(default_factory=list)
    element: str = ""
    """Who threw it; '' from outside."""
    sender: Case | None = None
    """The instance that threw it. Its own catchers got a signal in that very step, at once."""

    @classmethod
    def thrown(cls, thrown: Thrown, sender: Case | None) -> Mail:
        return cls(
            thrown.kind, thrown.message, thrown.payload, thrown.correlation, [], thrown.element_id, sender
        )

    @classmethod
    def sent(cls, sending: Sending) -> Mail:
        return cls(sending.kind, sending.name, sending.payload, sending.correlation)

    def told(self) -> dict[str, Any]:
        """How the outcome names it."""
        return {
            "element": self.element, "kind": self.kind, "name": self.name, "payload": dict(self.payload),
            "to": self.to,
        }  # fmt: skip


@dataclass(frozen=True)
class Receiver:
    """A waiting token."""

    case: Case
    waiting: WaitingMessage


def receivers(cases: Sequence[Case], mail: Mail) -> list[Receiver]:
    """Tokens that wait for it, oldest instance first: one for a message, all for a signal.

    Correlations must agree where both sides have one; all instances of a trial share the business key.
    """
    found = list(_receivers(cases, mail))
    return found if mail.kind == "signal" else found[:1]


def _receivers(cases: Sequence[Case], mail: Mail) -> Iterator[Receiver]:
    for case in cases:
        if mail.kind == "signal" and case is mail.sender:
            continue
        for waiting in case.now.subscriptions():
            agrees = (
                None in (waiting.correlation, mail.correlation) or waiting.correlation == mail.correlation
            )
            if (waiting.kind, waiting.message) == (mail.kind, mail.name) and agrees:
                yield Receiver(case, waiting)


def starters(program: Program, mail: Mail) -> list[StartEvent]:
    """Start events it triggers: the first for a message, all for a signal."""
    found = [
        start
        for process in program.processes.values()
        for start in process.starts
        if (start.kind, start.message) == (mail.kind, mail.name)
    ]
    return found if mail.kind == "signal" else found[:1]
