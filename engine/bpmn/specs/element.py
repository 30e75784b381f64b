"""Every flow node: a token arrives, becomes ready, runs, completes, and tokens leave on the flows taken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import mapping
from engine.bpmn.drawing import Element
from engine.bpmn.token import Token
from engine.bpmn.undo import remember, undone

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow
    from engine.bpmn.specs.ad_hoc import AdHocSubProcess
    from engine.bpmn.specs.boundary import BoundaryEvent
    from engine.bpmn.specs.loop import LoopSpec

PREFIX = "#"
"""Before element ids, so that no owner's id is one of the library's own names (Start, End, Root)."""


@dataclass(frozen=True)
class Way:
    """A sequence flow to an element."""

    id: str
    target: ElementSpec
    condition: str | None = None


class ElementSpec(TaskSpec):
    """Immutable once built, as far as running instances are concerned."""

    has_scope = False
    """Whether its token hosts a scope."""
    isolates = False
    """Whether that scope has variables of its own."""
    reports_cancel = False
    """Whether its cancellation is news."""

    watches = False
    """Whether its token only watches for an event of its scope, and does not keep the scope alive."""
    handles_event = False
    """Whether it is an event sub-process."""
    reopens = False
    """Whether it is a completed sub-process that is opened again, to be undone."""
    maps_data = True
    """Whether its token is given the inputs of its activity."""
    undoes = False
    """Whether it is begun to undo another activity, outside the flow."""
    handler: ElementSpec | None = None
    """What undoes it, where the diagram says so."""
    reopened: ElementSpec | None = None
    """What undoes a sub-process without handler in which something can be undone."""

    def __init__(self, block: Any, element: Element, suffix: str = "") -> None:
        super().__init__(block, PREFIX + element.id + suffix)
        self.element, self.node = element, element.node
        self.ways: tuple[Way, ...] = ()
        self.default: Way | None = None
        self.boundaries: tuple[BoundaryEvent, ...] = ()
        self.ad_hoc: AdHocSubProcess | None = None
        """The ad-hoc sub-process it is an activity of."""
        self.loop: LoopSpec | None = None
        """The loop this is one instance of."""

    def arrive(self, scope: ScopeWorkflow, way: Way | None) -> None:
        """A token reaches this element on `way`."""
        self.begin(scope, {})

    def begin(self, scope: ScopeWorkflow, internal: dict[str, Any], parent: Token | None = None) -> Token:
        """A new token here, its boundary events armed."""
        token = Token(scope, self, parent, internal=internal)
        for boundary in self.boundaries:
            boundary.arm(token)
        if self.maps_data and self.element.mapping is not None:
            mapping.enter(token)
        self._update(token)
        return token

    def _update(self, my_task: Token) -> None:
        if self._update_hook(my_task):
            my_task._ready()

    def _update_hook(self, my_task: Token) -> bool:
        return True

    def _on_ready(self, my_task: Token) -> None:
        if not self.manual:
            my_task.workflow.running.agenda.append(my_task)

    def _run_hook(self, my_task: Token) -> bool | None:
        """True: completed. None: started, waits for somebody outside."""
        return True

    def _on_complete(self, my_task: Token) -> None:
        scope = my_task.workflow
        scope.running.report.completed.append(my_task.done())
        scope.withdraw_boundaries(my_task)
        if self.handler is not None or self.reopened is not None:
            remember(my_task)
        if self.element.mapping is not None:
            mapping.leave(my_task)
        if self.loop is not None:
            self.loop.instance_completed(scope.tasks[str(my_task._parent)], my_task)
        elif self.undoes:
            undone(my_task)
        else:
            self.leave(my_task)

    @property
    def in_flow(self) -> ElementSpec:
        """Itself, or the loop it is an instance of."""
        return self.loop or self

    @property
    def undoes_itself(self) -> bool:
        """Whether a compensation event sub-process inside undoes it."""
        return False

    def leave(self, token: Token) -> None:
        """Sends tokens on along the flows that are taken."""
        scope = token.workflow
        if self.ad_hoc is None:
            self._send_on(token)
        elif not self.ad_hoc.is_over(scope):
            self._send_on(token)
            self.ad_hoc.enable_again(scope, self)
        scope.settle()

    def _send_on(self, token: Token) -> None:
        for way in self.taken(token):
            way.target.arrive(token.workflow, way)

    def taken(self, token: Token) -> Sequence[Way]:
        """All flows without condition, those whose condition holds, the default when none does."""
        if all(way.condition is None and way is not self.default for way in self.ways):
            return self.ways
        plain = [way for way in self.ways if way.condition is None and way is not self.default]
        chosen = [way for way in self.ways if way.condition is not None and self.holds(token, way)]
        if not chosen and self.default is not None:
            chosen = [self.default]
        if not plain and not chosen:
            raise token.failure("没有一条出口的条件成立，也没有默认出口：请检查各出口的条件")
        return plain + chosen

    @staticmethod
    def holds(token: Token, way: Way) -> bool:
        """Whether the condition of `way` is true for the token."""
        return bool(token.evaluate(way.condition or "True"))


def waits(token: Token) -> None:
    """Puts a token into state WAITING."""
    token._set_state(TaskState.WAITING)
