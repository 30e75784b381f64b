"""Events that happen to a process: start events, caught events, the gateway that waits for the first."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from engine.bpmn.iso import cycle, instant
from engine.bpmn.payload import correlation_of
from engine.bpmn.propagate import Raised
from engine.bpmn.report import RuleInstant
from engine.bpmn.specs.element import ElementSpec, Way, waits
from engine.bpmn.token import Token
from engine.bpmn.values import storable
from engine.errors import ExpressionError

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow


FROM_INSIDE = ("error", "escalation", "compensate", "cancel")
"""Kinds of events that are looked for when they are thrown; nothing waits for them."""


class StartEvent(ElementSpec):
    """Whatever its trigger, it has happened when the instance begins."""


class CatchEvent(ElementSpec):
    """Intermediate catch event or receive task: WAITING until what it waits for comes."""

    reports_cancel = True

    def _update_hook(self, my_task: Token) -> bool:
        if self.element.trigger.kind == "link" or self.element.instantiates:
            return True  # it has happened already
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
        if isinstance(value, RuleInstant) and value.rule:
            token.internal_data["rule"] = list(value.rule)

    def again(self, token: Token) -> None:
        """A non-interrupting event waits for the next time. A timer's next round counts from the instant
        this one was due, so that nothing drifts; without a cycle it does not come again.
        """
        internal = dict(token.internal_data)
        if self.element.trigger.kind == "timer":
            rounds = internal.get("rounds", 1)
            if rounds is not None and rounds <= 1:
                return
            _, span = cycle(str(token.evaluate(self.element.trigger.value or "")))
            due = span.after(datetime.fromisoformat(internal["due"]))
            internal |= {"rounds": rounds - 1 if rounds else None, "due": due.isoformat()}
        waits(Token(token.workflow, self, internal=internal))

    def catches(self, raised: Raised) -> bool:
        """Whether it catches what was thrown; without a code of its own it catches all of its kind."""
        trigger = self.element.trigger
        return trigger.kind == raised.kind and trigger.value in (None, raised.code)

    def note(self, variables: MutableMapping[str, Any], raised: Raised) -> None:
        """Stores the code and text of what was caught, where the diagram says so."""
        trigger = self.element.trigger
        for name, value in ((trigger.code_to, raised.code), (trigger.text_to, raised.text)):
            if name:
                variables[name] = value

    def is_due(self, token: Token, now: datetime) -> bool:
        """Whether its timer's instant has come."""
        due = token.internal_data.get("due")
        return due is not None and datetime.fromisoformat(due) <= now

    def receive(self, token: Token, payload: Mapping[str, Any]) -> None:
        """Its message or signal has come: the payload becomes variables."""
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


class EventGateway(ElementSpec):
    """Sends a token to each of its events; the first to happen wins and the others are withdrawn."""

    def leave(self, token: Token) -> None:
        for way in self.ways:
            self._enter(token.workflow, way, token.id)

    @staticmethod
    def _enter(scope: ScopeWorkflow, way: Way, race: str) -> None:
        way.target.begin(scope, {"race": race})
