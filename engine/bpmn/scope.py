"""The tokens and variables of a running process, called process or sub-process: the library's `Workflow`.

All tokens of a process share its variables, and so does an embedded sub-process: what parallel branches
or an interrupted phase wrote is never lost, nor overwritten by a stale copy. A called process has its own.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow import Workflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.report import Scope
from engine.bpmn.token import Token

if TYPE_CHECKING:
    from engine.bpmn.program import Node
    from engine.bpmn.running import Running
    from engine.bpmn.specs.block import BlockSpec


class ScopeWorkflow(Workflow):
    """`host` is the token of the call activity or sub-process it runs for; None for the process itself."""

    spec: BlockSpec
    tasks: dict[str, Token]
    completed: bool

    def __init__(
        self, spec: BlockSpec, running: Running, host: Token | None, variables: MutableMapping[str, Any]
    ) -> None:
        super().__init__(spec, deserializing=True)
        self.running, self.host, self.variables = running, host, variables
        self.shard: str = host.id if host is not None else ""
        self.depth: int = host.workflow.depth + 1 if host is not None else 0
        self.owns_variables = host is None or host.task_spec.isolates
        self.task_tree = None

    def drop(self, token: Token) -> None:
        """Removes a finished token."""
        self.tasks.pop(token.id, None)
        parent = self.tasks.get(token._parent) if token._parent else None
        if parent is not None:
            parent._children.remove(token.id)

    def waiting(self) -> Iterator[Token]:
        """Tokens in state WAITING, oldest first."""
        return (token for token in list(self.tasks.values()) if token._state == TaskState.WAITING)

    def cancel_token(self, token: Token, *, silent: bool = False) -> None:
        """Cancels a token with all inside it. `silent`: no news, as a race lost, a boundary withdrawn."""
        if token._state & TaskState.FINISHED_MASK:
            return
        for instance in [self.tasks[child] for child in token._children]:
            self.cancel_token(instance)
        nested = self.running.nested(token.id) if token.task_spec.has_scope else None
        if nested is not None:
            nested.cancel_all()
            self.running.close(nested, cancelled=True)
        token._state = TaskState.CANCELLED
        self.drop(token)
        self.withdraw_boundaries(token)
        if not silent and token.task_spec.reports_cancel:
            self.running.report.cancelled.append(token.done())

    def cancel_all(self) -> None:
        """Cancels every token of this scope."""
        for token in list(self.tasks.values()):
            if token.id in self.tasks:
                self.cancel_token(token, silent="host" in token.internal_data)

    def withdraw_boundaries(self, host: Token) -> None:
        """The host is gone, and so are its boundary events that still wait."""
        if not host.task_spec.boundaries:
            return
        for token in list(self.waiting()):
            if token.internal_data.get("host") == host.id:
                self.cancel_token(token, silent=True)

    def settle(self) -> None:
        """Finishes the scope when no token is left."""
        if not self.tasks and not self.completed:
            self.completed = True
            self.running.finished(self)

    def told(self, node: Node, *, cancelled: bool = False) -> Scope:
        """How reports name this scope. The data are those of the scope, also when it ends."""
        return Scope(node.id, self.shard, node.process_id, node, dict(self.variables), cancelled)
