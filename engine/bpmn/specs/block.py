"""Blocks: the specification of a scope, and the activities that open one (sub-process, call activity)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.specs import WorkflowSpec
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.drawing import Mapped
from engine.bpmn.mapping import take
from engine.bpmn.program import Node
from engine.bpmn.specs.element import ElementSpec
from engine.bpmn.token import Token
from engine.bpmn.values import storable

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow
    from engine.bpmn.specs.event_subprocess import EventStart, EventSubProcess
    from engine.bpmn.specs.gateway import InclusiveGateway


class BlockSpec(WorkflowSpec):
    """Elements of one process or sub-process."""

    task_specs: dict[str, ElementSpec]

    def __init__(self, name: str, process_node: Node | None = None) -> None:
        super().__init__(name=name)
        self.process_node = process_node
        """Set when the block is a whole process."""
        self.entries: tuple[ElementSpec, ...] = ()
        """Where it begins when nothing else is chosen: a start event, or all that nothing leads to."""
        self.inclusive: frozenset[InclusiveGateway] = frozenset()
        self.undone_by: EventSubProcess | None = None
        """The compensation event sub-process directly inside."""
        self.event_starts: tuple[EventStart, ...] = ()
        """Start events of the event sub-processes directly inside."""


class SubProcess(ElementSpec):
    """An embedded sub-process: a scope that shares the variables around it."""

    has_scope = True
    reports_cancel = True
    inner_block: BlockSpec

    def _run_hook(self, my_task: Token) -> bool | None:
        my_task._set_state(TaskState.STARTED)
        scope = my_task.workflow.running.open(self.inner_block, my_task, self.variables_for(my_task))
        scope.begin(*self.inner_block.entries)
        return None

    @property
    def undoes_itself(self) -> bool:
        return self.inner_block.undone_by is not None

    def variables_for(self, token: Token) -> Any:
        """The variables the scope works on."""
        return token.data

    def scope_finished(self, host: Token, scope: ScopeWorkflow) -> None:
        """No token is left inside."""
        scope.running.close(scope)
        if scope.done:
            host.internal_data["inner"] = scope.done
        self.take_results(host, scope)
        host.complete()

    def take_results(self, host: Token, scope: ScopeWorkflow) -> None:
        """Shared variables need no copying."""


class CallActivity(SubProcess):
    """A called process: variables of its own, given and taken by camunda:in and camunda:out.

    Without any mapping all variables go in and come out.
    """

    isolates = True

    def variables_for(self, token: Token) -> Any:
        return self._mapped(token, token.data, self.element.ins)

    def take_results(self, host: Token, scope: ScopeWorkflow) -> None:
        probe = Token(scope, self)
        scope.drop(probe)
        host.data.update(self._mapped(probe, scope.variables, self.element.outs))

    def _mapped(self, token: Token, data: Any, mappings: tuple[Mapped, ...]) -> dict[str, Any]:
        if not self.element.ins and not self.element.outs:
            return storable(data)
        result: dict[str, Any] = {}
        for mapped in mappings:
            take(token, mapped, data, result)
        return result
