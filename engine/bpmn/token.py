"""A token: the library's `Task`, without its clock, its log and its predicted future.

The library predicts a tree of possible tasks and walks it; here a token exists only where the process
stands now. It is dropped as soon as it is finished, so that an instance's state is as large as what it waits
for, at any age.
"""

from __future__ import annotations

import secrets
from collections import ChainMap
from collections.abc import MutableMapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.bpmn import expression
from engine.bpmn.layers import Counters, Over
from engine.bpmn.mapping import FRAME, over
from engine.bpmn.report import Done
from engine.errors import ExpressionError, NoValue, StepFailed

if TYPE_CHECKING:
    from engine.bpmn.scope import ScopeWorkflow
    from engine.bpmn.specs.element import ElementSpec


class Kept(ChainMap[str, Any]):
    """Variables as they were when the activity completed that is undone now, over those of today.

    What is written goes to both, so that the process sees it too, and is named in `wrote`.
    """

    def __init__(self, kept: dict[str, Any], today: MutableMapping[str, Any], wrote: list[str]) -> None:
        super().__init__(kept, today)
        self._wrote = wrote

    def __setitem__(self, key: str, value: Any) -> None:
        for variables in self.maps:
            variables[key] = value
        if key not in self._wrote:
            self._wrote.append(key)


class Token(Task):
    """Keys of `internal_data`: ``local`` variables of one instance of several, ``frame`` of a mapping,
    ``host`` of a boundary event, ``race`` of an event gateway's branch, ``due`` instant and the ``rule`` it
    is the end of, ``rounds`` left of a cycle, ``correlation``, whether a condition ``was`` true, ``arrived``
    flows of a join, a loop's counters, and what compensation needs (`engine.bpmn.undo`): ``kept``, ``wrote``,
    ``inner``, ``open``, ``entries``, ``undo``, ``beside``, ``driver``.
    """

    workflow: ScopeWorkflow
    task_spec: ElementSpec
    internal_data: dict[str, Any]

    def __init__(
        self,
        workflow: ScopeWorkflow,
        task_spec: ElementSpec,
        parent: Token | None = None,
        state: int = TaskState.FUTURE,
        id: str | None = None,
        internal: dict[str, Any] | None = None,
    ) -> None:
        self.id = id or secrets.token_hex(16)
        self.workflow, self.task_spec, self._state = workflow, task_spec, state
        self._parent = parent.id if parent is not None else None
        self._children: list[str] = []
        self.internal_data = internal if internal is not None else {}
        self._data: MutableMapping[str, Any] | None = None
        self.triggered, self.thread_id, self.last_state_change = False, 0, 0
        workflow.tasks[self.id] = self
        if parent is not None:
            parent._children.append(self.id)

    @property
    def data(self) -> MutableMapping[str, Any]:
        """The variables it sees. Put together when first asked for: most tokens of a step stand still."""
        if self._data is None:
            self._data = self._layers()
        return self._data

    @data.setter
    def data(self, variables: MutableMapping[str, Any]) -> None:
        self._data = variables

    def _layers(self) -> MutableMapping[str, Any]:
        internal, data = self.internal_data, self.workflow.variables
        if "local" in internal:
            data = ChainMap(internal["local"], data)
        elif "kept" in internal:
            data = Kept(internal["kept"], data, internal.setdefault("wrote", []))
        if self.task_spec.loop is not None:
            data = Over(Counters(self), data)
        return over(self, data) if FRAME in internal else data

    def seen(self) -> dict[str, Any]:
        """A copy of the variables it sees: ``dict(data)``, many times cheaper."""
        copy = dict(self.workflow.variables)
        for layer in ("kept", "local", FRAME):
            copy.update(self.internal_data.get(layer, ()))
        return copy

    def _set_state(self, value: int) -> None:
        self._state = value

    def complete(self) -> None:
        """Marks it complete, drops it, and lets its element send tokens on."""
        self._state = TaskState.COMPLETED
        self.workflow.drop(self)
        self.task_spec._on_complete(self)

    def done(self) -> Done:
        """How reports name this token."""
        node = self.task_spec.node
        return Done(node.id, node.name, node.kind, self.id, node.process_id, self.workflow.shard)

    def evaluate(self, source: str, extra: MutableMapping[str, Any] | None = None) -> Any:
        """The value of an expression over this token's variables; raises StepFailed naming the element."""
        data = ChainMap(extra, self.data) if extra else self.data
        try:
            return expression.evaluate(source, data, self.workflow.running.functions(data))
        except ExpressionError as error:
            raise self.failure(f"表达式“{source}”：{error}") from error

    def holds(self, source: str) -> bool:
        """Whether a condition is true; while a variable in it has no value, it is not."""
        try:
            return bool(self.evaluate(source))
        except StepFailed as failure:
            if isinstance(failure.__cause__, NoValue):
                return False
            raise

    def failure(self, reason: str) -> StepFailed:
        """The incident this token would become."""
        return StepFailed(self.task_spec.node.id, reason, dict(self.data))
