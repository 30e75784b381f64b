"""Events that a process makes happen: intermediate throw events, end events, send tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from SpiffWorkflow.util.task import TaskState

from engine.bpmn.payload import correlation_of, payload_of
from engine.bpmn.propagate import Raised, broadcast, fail, throw_up
from engine.bpmn.report import Thrown
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.token import Token
from engine.bpmn.undo import begin_undo, take_all, take_done

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow


class ThrowEvent(ElementSpec):
    """Intermediate throw event, end event or send task. Compensation is waited for."""

    def _run_hook(self, my_task: Token) -> bool | None:
        trigger = self.element.trigger
        if trigger.kind == "compensate":
            host = my_task.workflow.host
            beside = host if host is not None and host.task_spec.handles_event else None
            return begin_undo(my_task, take_done((beside or my_task).workflow, trigger.value), beside)
        if trigger.awaited:
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
            throw_up(token, Raised("escalation", trigger.value))


class EndEvent(ThrowEvent):
    """Ends its token; terminate ends its scope, an error all up to the event that catches it.

    Cancel ends its transaction: what still runs there is cancelled, what was completed is undone, then the
    cancel boundary event goes on.
    """

    def _run_hook(self, my_task: Token) -> bool | None:
        if self.element.trigger.kind != "cancel":
            return super()._run_hook(my_task)
        scope = my_task.workflow
        entries = take_all(scope)
        scope.cancel_all(but=my_task)
        return begin_undo(my_task, entries)

    def _on_complete(self, my_task: Token) -> None:
        scope, kind = my_task.workflow, self.element.trigger.kind
        if scope.of_process and self.node.id not in scope.running.ended_at:
            scope.running.ended_at.append(self.node.id)
        super()._on_complete(my_task)
        if kind == "terminate" and not scope.completed:
            self._terminate(scope)
        elif kind == "error":
            fail(my_task, self.element.trigger.value)
        elif kind == "cancel":
            throw_up(my_task, Raised("cancel"))

    def leave(self, token: Token) -> None:
        if self.element.trigger.kind not in ("terminate", "error", "cancel"):
            super().leave(token)

    @staticmethod
    def _terminate(scope: ScopeWorkflow) -> None:
        if scope.host is None:
            scope.running.status = "terminated"
        scope.cancel_all()
        scope.settle()
