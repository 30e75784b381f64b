"""Gateways that split or merge: exclusive, parallel and inclusive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from engine.bpmn.specs.element import ElementSpec, Way, waits
from engine.bpmn.token import Token

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow


class ExclusiveGateway(ElementSpec):
    """The first flow in document order whose condition holds, else the default."""

    def taken(self, token: Token) -> Sequence[Way]:
        for way in self.ways:
            if way is self.default:
                continue
            if way.condition is None or self.holds(token, way):
                return (way,)
        if self.default is not None:
            return (self.default,)
        raise token.failure("排他网关没有一条出口的条件成立，也没有默认出口：请检查条件或设一条默认出口")


class Join(ElementSpec):
    """A gateway that gathers: one WAITING token counts in ``arrived`` what came on each incoming flow."""

    incoming: tuple[str, ...] = ()
    """Flow ids."""

    def arrive(self, scope: ScopeWorkflow, way: Way | None) -> None:
        if len(self.incoming) < 2 or way is None:
            self.begin(scope, {})
            return
        token = next((token for token in scope.waiting() if token.task_spec is self), None)
        if token is None:
            token = Token(scope, self, internal={"arrived": {}})
            waits(token)
        arrived = token.internal_data["arrived"]
        arrived[way.id] = arrived.get(way.id, 0) + 1
        self.gathered(token)

    def gathered(self, token: Token) -> None:
        """One more has arrived."""

    def go(self, token: Token) -> None:
        """One token of each flow is used; what is left over waits on."""
        arrived = token.internal_data.pop("arrived")
        left = {flow: count - 1 for flow, count in arrived.items() if count > 1}
        if left:
            waits(Token(token.workflow, self, internal={"arrived": left}))
        token._ready()


class ParallelGateway(Join):
    """Waits for one token on every incoming flow, in every round; sends one along every outgoing flow."""

    def gathered(self, token: Token) -> None:
        if len(token.internal_data["arrived"]) == len(self.incoming):
            self.go(token)

    def taken(self, token: Token) -> Sequence[Way]:
        return self.ways


class InclusiveGateway(Join):
    """Waits while a token elsewhere in the scope could still bring one to an incoming flow that has none.

    A token that could as well reach a flow that already has one does not hold it up.
    Source: BPMN 2.0 section 13.4.3.
    """

    upstream: Mapping[str, frozenset[str]] = {}
    """Incoming flow id → names of elements from which it can be reached without passing this gateway."""

    def release(self, token: Token) -> bool:
        """With no automatic move left: lets a waiting token go when nothing can reach it any more."""
        arrived = token.internal_data["arrived"]
        empty = [flow for flow in self.incoming if flow not in arrived]
        for other in token.workflow.tasks.values():
            if other is token or other.task_spec is self or "host" in other.internal_data or other._parent:
                continue
            name = other.task_spec.name
            if any(name in self.upstream[flow] for flow in empty):
                if not any(name in self.upstream[flow] for flow in arrived):
                    return False
        self.go(token)
        return True

    def taken(self, token: Token) -> Sequence[Way]:
        chosen = [
            way
            for way in self.ways
            if way is not self.default and (way.condition is None or self.holds(token, way))
        ]
        if not chosen and self.default is not None:
            chosen = [self.default]
        if not chosen and self.ways:
            raise token.failure("包容网关没有一条出口的条件成立，也没有默认出口：请检查条件或设一条默认出口")
        return chosen
