"""Events in the flow: start, end, thrown, caught, and the gateway that waits for the first of several."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.bpmn.iso import cycle, instant
from engine.bpmn.payload import correlation_of, payload_of
from engine.bpmn.report import Thrown
from engine.bpmn.specs.element import ElementSpec, Way, waits
from engine.bpmn.token import Token
from engine.bpmn.values import storable
from engine.errors import ExpressionError

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow


class StartEvent(ElementSpec):
    """Whatever its trigger, it has happened when the instance begins."""


class CatchEvent(ElementSpec):
    """Intermediate catch event or receive task: WAITING until its timer or message comes."""

    reports_cancel = True

    def _update_hook(self, my_task: Token) -> bool:
        if self.element.trigger.kind == "link":
            return True
        self.arm_token(my_task)
        return False

    def arm_token(self, token: Token) -> None:
        """Makes a token wait; a timer's instant and a message's correlation are fixed now."""
        trigger = self.element.trigger
        if trigger.kind == "timer" and "due" not in token.internal_data:
            self._set_timer(token)
        elif trigger.kind == "message":
            source = self.node.properties.get("correlation")
            if source:
                token.internal_data["correlation"] = correlation_of(token, source)
        waits(token)

    def _set_timer(self, token: Token) -> None:
        trigger, now = self.element.trigger, token.workflow.running.env.now
        value = token.evaluate(trigger.value or "")
        try:
            if trigger.timer == "timeCycle":
                rounds, span = cycle(str(value))
                token.internal_data["rounds"] = rounds
                due = span.after(now)
            else:
                due = instant(value, now)
        except (ExpressionError, OverflowError) as error:
            raise token.failure(f"定时器：{error}") from error
        token.internal_data["due"] = due.isoformat()

    def is_due(self, token: Token, now: datetime) -> bool:
        """Whether its timer's instant has come."""
        due = token.internal_data.get("due")
        return due is not None and datetime.fromisoformat(due) <= now

    def receive(self, token: Token, payload: Mapping[str, Any]) -> None:
        """Its message has come: the payload becomes variables."""
        token.data.update(storable(payload))
        self.fire(token)

    def fire(self, token: Token) -> None:
        """What it waited for has happened."""
        race = token.internal_data.get("race")
        if race is not None:
            for other in list(token.workflow.waiting()):
                if other is not token and other.internal_data.get("race") == race:
                    token.workflow.cancel_token(other, silent=True)
        token.run()


class ThrowEvent(ElementSpec):
    """Intermediate throw event, end event or send task."""

    def _run_hook(self, my_task: Token) -> bool | None:
        trigger = self.element.trigger
        if trigger.kind == "message":
            source = self.node.properties.get("correlation")
            my_task.workflow.running.report.thrown.append(
                Thrown(
                    self.node.id,
                    trigger.value or "",
                    payload_of(my_task, self.node.properties.get("payload", "")),
                    correlation_of(my_task, source) if source else None,
                )
            )
        return True

    def leave(self, token: Token) -> None:
        trigger = self.element.trigger
        if trigger.kind == "escalation":
            token.workflow.running.throw_up(token, "escalation", trigger.value)
            if token.workflow.completed:  # an interrupting boundary event cancelled everything around
                return
        super().leave(token)


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
        if not token.workflow.running.throw_up(token, "error", code):
            raise token.failure(f"错误“{code or ''}”没有被任何边界事件接住：请在外层子流程上加错误边界事件")


class EventGateway(ElementSpec):
    """Sends a token to each of its events; the first to happen wins and the others are withdrawn."""

    def leave(self, token: Token) -> None:
        for way in self.ways:
            self._enter(token.workflow, way, token.id)

    @staticmethod
    def _enter(scope: ScopeWorkflow, way: Way, race: str) -> None:
        way.target.begin(scope, {"race": race})
