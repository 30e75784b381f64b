"""The tokens and variables of a running process, called process or sub-process: the library's `Workflow`.

All tokens of a process share its variables, and so does an embedded sub-process: what parallel branches
or an interrupted phase wrote is never lost, nor overwritten by a stale copy. A called process has its own.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from typing import TYPE_CHECKING, Any

from SpiffWorkflow import Workflow
from SpiffWorkflow.util.task import TaskState

from engine.bpmn.report import Scope
from engine.bpmn.token import Token
from engine.bpmn.undo import Entry

if TYPE_CHECKING:
    from engine.bpmn.program import Node
    from engine.bpmn.running import Running
    from engine.bpmn.specs.block import BlockSpec
    from engine.bpmn.specs.element import ElementSpec
    from engine.bpmn.specs.event_subprocess import EventStart


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
        self.done: list[Entry] = []
        """What can be undone, in the order of completion."""

    @property
    def of_process(self) -> bool:
        """Whether it is the process itself, or an event sub-process in the process's place."""
        return self.host is None or (self.host.task_spec.handles_event and self.host.workflow.of_process)

    def begin(self, *entries: ElementSpec) -> None:
        """Arms what the scope listens to from its first moment, and sends a token to each entry."""
        for start in self.spec.event_starts:
            start.arm(self)
        for entry in entries:
            entry.arrive(self, None)

    def event_starts_for(self, inside: Token) -> Sequence[EventStart]:
        """Event sub-processes that what `inside` throws may begin. None once an interrupting one runs, and
        never the one that throws.

        Source: BPMN 2.0 section 13.5.4.
        """
        if self.host is not None and self.host.task_spec.reopens:
            return ()
        hosts = [token.task_spec for token in self.tasks.values() if token.task_spec.handles_event]
        if not self.spec.event_starts or any(host.interrupting for host in hosts):
            return ()
        return [start for start in self.spec.event_starts if start.event_block is not inside.task_spec]

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

    def cancel_all(self, *, but: Token | None = None) -> None:
        """Cancels every token of this scope, `but` one."""
        for token in list(self.tasks.values()):
            if token.id in self.tasks and token is not but:
                silent = "host" in token.internal_data or token.task_spec.watches
                self.cancel_token(token, silent=silent)

    def withdraw_boundaries(self, host: Token) -> None:
        """The host is gone, and so are its boundary events that still wait."""
        if not host.task_spec.boundaries:
            return
        for token in list(self.waiting()):
            if token.internal_data.get("host") == host.id:
                self.cancel_token(token, silent=True)

    def settle(self) -> None:
        """Finishes the scope when no token is left but those that watch for its events."""
        if self.completed or (self.tasks and not self.spec.event_starts):
            return
        if any(not token.task_spec.watches for token in self.tasks.values()):
            return
        for token in list(self.tasks.values()):
            self.cancel_token(token, silent=True)
        self.completed = True
        self.running.finished(self)

    def told(self, node: Node, *, cancelled: bool = False) -> Scope:
        """How reports name this scope. The data are those of the scope, also when it ends."""
        return Scope(node.id, self.shard, node.process_id, node, dict(self.variables), cancelled)
