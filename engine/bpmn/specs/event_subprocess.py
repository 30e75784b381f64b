"""Event sub-processes: their start event waits while the scope around it runs, and begins them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.bpmn.drawing import Element
from engine.bpmn.propagate import Raised
from engine.bpmn.specs.block import SubProcess
from engine.bpmn.specs.event import FROM_INSIDE, CatchEvent
from engine.bpmn.token import Token

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow


class EventStart(CatchEvent):
    """The start event as the scope around its event sub-process knows it.

    An interrupting one ends all else in that scope first. The others may happen again while it runs.
    """

    watches = True
    reports_cancel = False

    def __init__(self, block: Any, element: Element, event_block: EventSubProcess) -> None:
        super().__init__(block, element)
        self.event_block = event_block

    def arm(self, scope: ScopeWorkflow) -> None:
        """The scope begins. What comes from inside needs no token that waits for it."""
        if self.element.trigger.kind not in FROM_INSIDE:
            self.arm_token(Token(scope, self))

    def caught(self, at: Token, raised: Raised) -> None:
        """What was thrown inside the scope reaches this event."""
        self.note(at.workflow.variables, raised)
        self._begin(at.workflow)

    def fire(self, token: Token) -> None:
        scope = token.workflow
        if not self.element.interrupting:
            self.again(token)
        scope.cancel_token(token, silent=True)
        self._begin(scope)

    def _begin(self, scope: ScopeWorkflow) -> None:
        if self.element.interrupting:
            scope.cancel_all()
        self.event_block.begin(scope, {})


class EventSubProcess(SubProcess):
    """A handler within the scope whose event it handles; with the last of its tokens that scope may end."""

    handles_event = True
    start: EventStart

    def scope_finished(self, host: Token, scope: ScopeWorkflow) -> None:
        for child in [host.workflow.tasks[child] for child in host._children]:
            host.workflow.cancel_token(child)  # what it had undone, if it ended before that was over
        super().scope_finished(host, scope)

    @property
    def interrupting(self) -> bool:
        """Whether it ends all else in its scope."""
        return self.start.element.interrupting
