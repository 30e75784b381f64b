"""Events that a process makes happen: intermediate throw events, end events, send tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.payload import correlation_of, payload_of
from engine.bpmn.propagate import broadcast, throw_up
from engine.bpmn.report import Thrown
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.token import Token

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow


class ThrowEvent(ElementSpec):
    """Intermediate throw event, end event or send task."""

    def _run_hook(self, my_task: Token) -> bool | None:
        if self.element.trigger.awaited:
            self._send(my_task)
        return True

    def _send(self, token: Token) -> None:
        """To others: messages and signals."""
        source, trigger = self.node.properties.get("correlation"), self.element.trigger
        payload = payload_of(token, self.node.properties.get("payload", ""))
        correlation = correlation_of(token, source) if source and trigger.kind == "message" else None
        token.workflow.running.report.thrown.append(
            Thrown(self.node.id, trigger.value or "", payload, correlation, trigger.kind)
        )

    def leave(self, token: Token) -> None:
        if self.element.trigger.kind not in ("signal", "escalation"):
            super().leave(token)
            return
        stand_in = Token(token.workflow, self)  # who catches it may interrupt what the token stands in
        self._tell(token)
        if stand_in._state != TaskState.CANCELLED:
            token.workflow.drop(stand_in)
            super().leave(token)

    def _tell(self, token: Token) -> None:
        """To catchers in this instance: signals to all, an escalation to the nearest around."""
        trigger, running = self.element.trigger, token.workflow.running
        if trigger.kind == "signal":
            payload = payload_of(token, self.node.properties.get("payload", ""))
            broadcast(running, trigger.value or "", payload)
        else:
            throw_up(token, "escalation", trigger.value)


class EndEvent(ThrowEvent):
    """Ends its token; terminate ends its scope, an error all up to the boundary event that catches it."""

    def _on_complete(self, my_task: Token) -> None:
        scope, kind = my_task.workflow, self.element.trigger.kind
        if scope.host is None and self.node.id not in scope.running.ended_at:
            scope.running.ended_at.append(self.node.id)
        super()._on_complete(my_task)
        if kind == "terminate" and not scope.completed:
            self._terminate(scope)
        elif kind == "error":
            self._error(my_task)

    def leave(self, token: Token) -> None:
        if self.element.trigger.kind not in ("terminate", "error"):
            super().leave(token)

    @staticmethod
    def _terminate(scope: ScopeWorkflow) -> None:
        if scope.host is None:
            scope.running.status = "terminated"
        scope.cancel_all()
        scope.settle()

    def _error(self, token: Token) -> None:
        code = self.element.trigger.value
        if not throw_up(token, "error", code):
            raise token.failure(f"错误“{code or ''}”没有被任何边界事件接住：请在外层子流程上加错误边界事件")
