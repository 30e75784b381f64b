"""Boundary events: armed with their activity, withdrawn when it is finished."""

from __future__ import annotations

from datetime import datetime

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.iso import cycle
from engine.bpmn.specs.element import waits
from engine.bpmn.specs.event import CatchEvent
from engine.bpmn.token import Token

FROM_INSIDE = ("error", "escalation")
"""Kinds of events that the activity itself throws."""


class BoundaryEvent(CatchEvent):
    """Interrupting ones cancel the activity with all inside. The others may happen again: any number of
    times, cycles as often as they say."""

    reports_cancel = False

    def arm(self, host: Token) -> None:
        """A waiting token beside the activity's token. What comes from inside the activity needs none."""
        if self.element.trigger.kind not in FROM_INSIDE:
            self.arm_token(Token(host.workflow, self, internal={"host": host.id}))

    def caught(self, host: Token) -> None:
        """What came from inside the activity reaches this event."""
        self.fire(Token(host.workflow, self, internal={"host": host.id}))

    def catches(self, kind: str, code: str | None) -> bool:
        """Whether it catches an error or escalation; without a code of its own it catches all of its kind."""
        trigger = self.element.trigger
        return trigger.kind == kind and trigger.value in (None, "", code)

    def fire(self, token: Token) -> None:
        scope = token.workflow
        host = scope.tasks[token.internal_data["host"]]
        token._set_state(
            TaskState.READY
        )  # from here on it is not one of those that are withdrawn with the host
        if self.element.interrupting:
            scope.cancel_token(host)
        else:
            self._again(token, host)
        token.run()

    def _again(self, token: Token, host: Token) -> None:
        if "rounds" in token.internal_data:
            self._next_round(token)
        elif self.element.trigger.kind != "timer":
            self.arm(host)  # nothing to be armed for what comes from inside

    def _next_round(self, token: Token) -> None:
        """The next round counts from the instant this one was due, so that nothing drifts."""
        rounds = token.internal_data["rounds"]
        if rounds is not None and rounds <= 1:
            return
        _, span = cycle(str(token.evaluate(self.element.trigger.value or "")))
        due = span.after(datetime.fromisoformat(token.internal_data["due"]))
        internal = {**token.internal_data, "rounds": rounds - 1 if rounds else None, "due": due.isoformat()}
        waits(Token(token.workflow, self, internal=internal))
