"""Boundary events: armed with their activity, withdrawn when it is finished."""

from __future__ import annotations

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.propagate import Raised
from engine.bpmn.specs.event import FROM_INSIDE, CatchEvent
from engine.bpmn.token import Token


class BoundaryEvent(CatchEvent):
    """Interrupting ones cancel the activity with all inside. The others may happen again: any number of
    times, cycles as often as they say."""

    reports_cancel = False

    def arm(self, host: Token) -> None:
        """A waiting token beside the activity's token. What comes from inside the activity needs none."""
        if self.element.trigger.kind not in FROM_INSIDE:
            self.arm_token(Token(host.workflow, self, internal={"host": host.id}))

    def caught(self, host: Token, raised: Raised) -> None:
        """What was thrown inside the activity reaches this event."""
        self.note(host.workflow.variables, raised)
        self._interrupt(Token(host.workflow, self), host)

    def fire(self, token: Token) -> None:
        if not self.element.interrupting:
            self.again(token)
        self._interrupt(token, token.workflow.tasks[token.internal_data["host"]])

    def _interrupt(self, token: Token, host: Token) -> None:
        token._set_state(TaskState.READY)  # no longer one of those that are withdrawn with the host
        if self.element.interrupting:
            token.workflow.cancel_token(host)
        token.run()
