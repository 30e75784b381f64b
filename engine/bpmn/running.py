"""One instance while it runs: its scopes, the tokens that are next, and what is to be told about it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, MutableMapping
from typing import TYPE_CHECKING, Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import codec
from engine.bpmn.conditions import fire_conditions
from engine.bpmn.functions import SHANGHAI
from engine.bpmn.report import Report, StepEnv
from engine.bpmn.scope import ScopeWorkflow
from engine.bpmn.token import Token
from engine.errors import StepFailed

if TYPE_CHECKING:
    from engine.bpmn.program import Program
    from engine.bpmn.specs.block import BlockSpec


MAX_DEPTH = 40
"""Scopes within scopes."""
FEW = 20
"""Scopes up to which an execution is kept between steps."""


class Running:
    """Scopes by shard key: '' for the process, else the id of the token that hosts the scope."""

    def __init__(self, program: Program, env: StepEnv) -> None:
        self.program, self.env = program, env
        self.scopes: dict[str, ScopeWorkflow] = {}
        self.pending: dict[str, bytes] = {}
        """Shards not decoded yet."""
        self.gone: list[str] = []
        self.agenda: deque[Token] = deque()
        self.report = Report()
        self.status = "active"
        self.ended_at: list[str] = []
        self._steps = 0

    def renew(self, env: StepEnv) -> None:
        """Another step begins where the last one ended: what was told is forgotten."""
        self.env, self.report, self.gone, self._steps = env, Report(), [], 0

    @property
    def top(self) -> ScopeWorkflow:
        return self.scopes[""]

    def functions(self, data: Mapping[str, Any]) -> dict[str, Callable[..., Any]]:
        """The functions of expressions that depend on this step."""
        env = self.env
        return {
            "now": lambda: env.now.astimezone(SHANGHAI),
            "today": lambda: env.now.astimezone(SHANGHAI).date(),
            "due": lambda key, start=None: env.due(key, data, start),
        }

    def open(self, spec: BlockSpec, host: Token | None, variables: MutableMapping[str, Any]) -> ScopeWorkflow:
        """A new scope, without tokens yet."""
        scope = ScopeWorkflow(spec, self, host, variables)
        if host is not None and scope.depth > MAX_DEPTH:
            raise host.failure(f"子流程和调用活动的嵌套超过 {MAX_DEPTH} 层：请检查流程是否调用了自己")
        self.scopes[scope.shard] = scope
        for node in self._nodes(scope):
            self.report.entered.append(scope.told(node))
        return scope

    def close(self, scope: ScopeWorkflow, *, cancelled: bool = False) -> None:
        """The scope is over; its shard goes."""
        scope.completed = True
        self.scopes.pop(scope.shard, None)
        self.gone.append(scope.shard)
        for node in reversed(self._nodes(scope)):
            self.report.left.append(scope.told(node, cancelled=cancelled))

    def nested(self, token_id: str) -> ScopeWorkflow | None:
        """The scope hosted by a token, decoded when it was not yet."""
        if token_id in self.pending:
            self.decode(token_id)
        return self.scopes.get(token_id)

    def decode(self, shard: str) -> None:
        """Materialises one pending shard; its enclosing scope must be there already."""
        host = self.find(shard)
        if host is not None:
            codec.load_scope(self, host, self.pending.pop(shard))

    def decode_listening(self) -> None:
        """Materialises the shards that a step elsewhere may reach."""
        if not self.program.listening:
            return
        while reached := [
            shard
            for shard in self.pending
            if (host := self.find(shard)) and self.program.listening.reaches(host.task_spec)
        ]:
            for shard in reached:
                self.decode(shard)

    def find(self, token_id: str) -> Token | None:
        """A token of the decoded scopes."""
        for scope in self.scopes.values():
            if token_id in scope.tasks:
                return scope.tasks[token_id]
        return None

    def run(self) -> None:
        """Runs until every token waits for somebody outside.

        Raises:
            StepFailed: an element failed, or the step budget is used up.
        """
        conditional = bool(self.program.listening.conditions)
        if conditional:
            fire_conditions(self)
        while self.agenda or self._release_joins():
            token = self.agenda.popleft()
            if token._state != TaskState.READY:
                continue
            self.count(token)
            token.run()
            if conditional:
                fire_conditions(self)

    def count(self, token: Token) -> None:
        """One more automatic move. Raises StepFailed when there were too many."""
        self._steps += 1
        if self._steps > self.env.step_budget:
            raise token.failure(f"自动步骤超过 {self.env.step_budget} 步仍未停下：请检查流程图中是否有死循环")

    def finished(self, scope: ScopeWorkflow) -> None:
        """No token is left in `scope`."""
        if scope.host is not None:
            scope.host.task_spec.scope_finished(scope.host, scope)
            return
        self.status = "completed" if self.status == "active" else self.status
        for node in self._nodes(scope):
            self.report.left.append(scope.told(node))

    def cancel(self) -> None:
        """Ends the process as it stands. Its variables stay to be read."""
        top, self.status = self.top, "terminated"
        top.cancel_all()
        top.completed = True
        for node in self._nodes(top):
            self.report.left.append(top.told(node, cancelled=True))

    def _release_joins(self) -> bool:
        """With every automatic move made, inclusive gateways that nothing can reach any more go on."""
        for scope in list(self.scopes.values()):
            if scope.spec.inclusive:
                for token in list(scope.waiting()):
                    if token.task_spec in scope.spec.inclusive and token.task_spec.release(token):
                        return True
        return False

    def _nodes(self, scope: ScopeWorkflow) -> list[Any]:
        """What a deadline on this scope may hang on: the block's element, and the process it runs."""
        if scope.host is not None and scope.host.task_spec.reopens:
            return []
        host = [scope.host.task_spec.node] if scope.host is not None else []
        process = scope.spec.process_node
        return [*host, process] if process is not None else host

    def stuck(self, reason: str) -> StepFailed:
        """A failure of the instance as a whole."""
        return StepFailed("", reason, dict(self.top.variables))
