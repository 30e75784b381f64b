"""The only door to a running instance: start or load it, touch it, run it, ask what it waits for, dump it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.bpmn import codec, waiting
from engine.bpmn.program import Program
from engine.bpmn.propagate import fail
from engine.bpmn.repairs import Repairs, stored_form
from engine.bpmn.report import Done, OpenTask, Scope, StepEnv, Thrown, WaitingMessage, WaitingTimer
from engine.bpmn.running import FEW, Running
from engine.bpmn.scope import ScopeWorkflow
from engine.bpmn.specs.element import PREFIX, ElementSpec
from engine.bpmn.specs.event import CatchEvent
from engine.bpmn.specs.task import PersonTask, TopicTask
from engine.bpmn.token import Token
from engine.bpmn.values import storable
from engine.errors import ExpressionError, NotFound, StepFailed

__all__ = [
    "Done", "Execution", "OpenTask", "Scope", "StepEnv", "Thrown", "WaitingMessage", "WaitingTimer",
]  # fmt: skip


class Execution(Repairs):
    """One instance in memory, for one step. Not to be shared between threads; its `program` may be.

    After StepFailed the execution is spoilt: drop it and load again from the stored bytes.
    """

    def __init__(self, program: Program, process_id: str, env: StepEnv, shards: Mapping[str, bytes]) -> None:
        if process_id not in program.specs:
            raise NotFound(f"Expected a process {process_id} in the program, but there is none")
        self.program, self.process_id = program, process_id
        self._running = Running(program, env)
        self._stored = shards
        self.loaded_shards: set[str] = set()
        """Shards whose tokens the caller could see before the step, and those opened by it."""

    # ---------------------------------------------------------------- begin

    @classmethod
    def start(
        cls,
        program: Program,
        process_id: str,
        data: Mapping[str, Any],
        env: StepEnv,
        start_event: str | None = None,
    ) -> Execution:
        """A new instance at its start event, not run yet. Other start events of the process play no part.

        Raises:
            NotFound: no such process or start event, or it must be chosen among several.
            InvalidData: the data cannot be stored.
        """
        execution = cls(program, process_id, env, {})
        spec = program.specs[process_id]
        scope = execution._running.open(spec, None, stored_form(data))
        scope.begin(*execution._entries(start_event))
        return execution

    @classmethod
    def load(
        cls,
        program: Program,
        process_id: str,
        shards: Mapping[str, bytes],
        env: StepEnv,
        want: Iterable[str] = (),
    ) -> Execution:
        """A stored instance. `want`: shard keys to decode besides '', enclosing first; others stay bytes,
        but for those whatever moves may reach (`engine.bpmn.listening`).

        Raises:
            EngineError: the state was made by another program.
        """
        execution = cls(program, process_id, env, shards)
        running = execution._running
        running.pending = {key: content for key, content in shards.items() if key}
        codec.load_top(running, program.specs[process_id], shards[""])
        for shard in want:
            if shard in running.pending:
                running.decode(shard)
        if running.pending:
            running.decode_listening()
        execution.loaded_shards = set(running.scopes)
        return execution

    @property
    def whole(self) -> bool:
        """Whether every shard is decoded, so that the execution can go on with another step. Of many it
        cannot: looking through all for what changed costs more than decoding those of one task."""
        return not self._running.pending and len(self._running.scopes) <= FEW

    def renew(self, shards: Mapping[str, bytes], env: StepEnv) -> None:
        """Begins another step: as `load` of `shards`, which are what `dump` made of the last one."""
        self._stored = shards
        self._running.renew(env)
        self.loaded_shards = set(self._running.scopes)

    def _entries(self, start_event: str | None) -> tuple[ElementSpec, ...]:
        starts = self.program.processes[self.process_id].starts
        if not starts and start_event is None:
            return self.program.specs[self.process_id].entries
        if start_event is None:
            plain = [start for start in starts if start.kind == "none"] or list(starts)
            if len(plain) != 1:
                raise NotFound(f"Expected a start event to be chosen for {self.process_id}, but none was")
            start_event = plain[0].id
        if all(start.id != start_event for start in starts):
            raise NotFound(f"Expected a start event {start_event} in {self.process_id}, but there is none")
        return (self.program.specs[self.process_id].task_specs[PREFIX + start_event],)

    # ---------------------------------------------------------------- touch

    def complete(self, task_id: str, data: Mapping[str, Any]) -> None:
        """A person completed a user or manual task. Raises NotFound when it is not open, InvalidData."""
        token = self._token(task_id)
        if token._state != TaskState.READY or not isinstance(token.task_spec, PersonTask):
            raise NotFound(f"Expected task {task_id} to be open, but it is not")
        token.data.update(stored_form(data))
        token.run()

    def complete_service(self, task_id: str, data: Mapping[str, Any]) -> None:
        """The handler of a topic answered. Raises NotFound when the task does not wait for it."""
        token = self._served(task_id)
        try:
            token.data.update(storable(data))
        except ExpressionError as error:
            raise token.failure(f"服务主题“{token.task_spec.node.topic}”返回的数据：{error}") from error
        token.complete()

    def fail_service(self, task_id: str, code: str, message: str = "") -> None:
        """The handler of a topic threw a BPMN error. Raises NotFound as `complete_service`, StepFailed when
        no event of the diagram catches it."""
        fail(self._served(task_id), code, message)

    def fire_timer(self, task_id: str) -> bool:
        """Fires a timer whose instant has come; False when it is gone or was moved to later."""
        token = self._running.find(task_id)
        if token is None or token._state != TaskState.WAITING or not isinstance(token.task_spec, CatchEvent):
            return False
        if not token.task_spec.is_due(token, self._running.env.now):
            return False
        token.task_spec.fire(token)
        return True

    def deliver(self, task_id: str, message: str, payload: Mapping[str, Any]) -> None:
        """A message or signal reaches the token that waits for it. Raises NotFound when none of it does."""
        token = self._token(task_id)
        spec = token.task_spec
        if (
            token._state != TaskState.WAITING
            or not isinstance(spec, CatchEvent)
            or spec.element.trigger.awaited != message
        ):
            raise NotFound(f"Expected token {task_id} to wait for message {message}, but it does not")
        try:
            spec.receive(token, payload)
        except ExpressionError as error:
            raise token.failure(f"消息“{message}”的内容：{error}") from error

    def rearm(self, task_id: str, due_at: datetime) -> None:
        """Moves a timer to another instant (aware). Raises NotFound when no timer waits there."""
        token = self._token(task_id)
        if "due" not in token.internal_data:
            raise NotFound(f"Expected a timer at token {task_id}, but there is none")
        token.internal_data["due"] = due_at.astimezone(UTC).isoformat()

    def run(self) -> None:
        """Runs until every token waits for somebody outside.

        Raises:
            StepFailed: an element failed, or more elements ran than the step budget allows.
        """
        self._running.run()
        self.loaded_shards |= set(self._running.scopes) - set(self._stored)

    # ---------------------------------------------------------------- ask

    @property
    def completed(self) -> list[Done]:
        """BPMN nodes completed since the instance was loaded, in order."""
        return self._running.report.completed

    @property
    def cancelled(self) -> list[Done]:
        """Activities and awaited events that an interrupt, a termination or enough votes cancelled."""
        return self._running.report.cancelled

    @property
    def thrown(self) -> list[Thrown]:
        """Messages for others."""
        return self._running.report.thrown

    @property
    def entered_scopes(self) -> list[Scope]:
        """Processes, call activities and sub-processes begun."""
        return self._running.report.entered

    @property
    def left_scopes(self) -> list[Scope]:
        """Those finished or cancelled."""
        return self._running.report.left

    @property
    def status(self) -> str:
        """active, completed or terminated."""
        return self._running.status

    @property
    def ended_at(self) -> list[str]:
        """Ids of the process's end events reached so far, in order."""
        return self._running.ended_at

    @property
    def data(self) -> dict[str, Any]:
        """Variables of the process itself."""
        return dict(self._running.top.variables)

    @property
    def parents(self) -> dict[str, str]:
        """Enclosing shard of each decoded shard."""
        return {
            shard: scope.host.workflow.shard
            for shard, scope in self._running.scopes.items()
            if scope.host is not None
        }

    def open_tasks(self) -> list[OpenTask]:
        """User and manual tasks that wait for a person, in the decoded shards."""
        return waiting.open_tasks(self._running)

    def service_tasks(self) -> list[OpenTask]:
        """Tasks that wait for their topic's handler in this step."""
        return waiting.service_tasks(self._running)

    def timers(self) -> list[WaitingTimer]:
        """Armed timers."""
        return waiting.timers(self._running)

    def subscriptions(self) -> list[WaitingMessage]:
        """Awaited messages."""
        return waiting.subscriptions(self._running)

    def standing(self) -> list[str]:
        """Ids of the elements where tokens of the decoded shards stand, also those that nobody can move."""
        return waiting.standing(self._running)

    def calls(self) -> list[str]:
        """Ids of the call activities that run, in the decoded shards."""
        return waiting.calls(self._running)

    def dump(self) -> tuple[dict[str, bytes], list[str]]:
        """(shards whose bytes are new or differ from those given to `load`, shards that are gone).

        Raises:
            StepFailed: a variable cannot be stored.
        """
        changed = {}
        for shard, scope in self._running.scopes.items():
            content = self._dumped(scope)
            if content != self._stored.get(shard):
                changed[shard] = content
        return changed, [shard for shard in self._running.gone if shard in self._stored]

    # ---------------------------------------------------------------- inside

    def _dumped(self, scope: ScopeWorkflow) -> bytes:
        try:
            return codec.dump_scope(scope)
        except TypeError as error:
            raise StepFailed("", f"流程变量中有不能保存的值：{error}", dict(scope.variables)) from error

    def _served(self, task_id: str) -> Token:
        token = self._token(task_id)
        if token._state != TaskState.STARTED or not isinstance(token.task_spec, TopicTask):
            raise NotFound(f"Expected service task {task_id} to wait for its topic, but it does not")
        return token

    def _token(self, task_id: str) -> Token:
        token = self._running.find(task_id)
        if token is None:
            raise NotFound(f"Expected a token {task_id}, but it is gone")
        return token
