"""One instance of a trial between its steps: each step loads the stored bytes, acts, runs and saves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.bpmn.execution import Execution, StepEnv
from engine.bpmn.program import Program
from engine.errors import StepFailed


class Case:
    """What `ducha try` keeps where the engine has its rows. A failed step changes nothing."""

    def __init__(self, program: Program, process_id: str) -> None:
        self.program, self.process_id = program, process_id
        self._shards: dict[str, bytes] = {}
        self._parents: dict[str, str] = {}
        self.latest: Execution | None = None
        """As it stands after its last good step; to be asked, not touched."""
        self.rolled_back: list[str] = []
        """Ids of what the failed step had completed."""

    def start(self, data: Mapping[str, Any], start_event: str | None, env: StepEnv) -> Execution:
        """Raises StepFailed, InvalidData."""
        return self._run(Execution.start(self.program, self.process_id, data, env, start_event))

    def step(self, act: Callable[[Execution], object], env: StepEnv) -> Execution:
        """Raises StepFailed, InvalidData."""
        wanted = sorted((key for key in self._shards if key), key=self._depth)
        execution = Execution.load(self.program, self.process_id, self._shards, env, wanted)
        return self._run(execution, act)

    @property
    def now(self) -> Execution:
        """The instance as it stands."""
        if self.latest is None:
            raise LookupError(f"Expected an instance of {self.process_id}, but it did not begin")
        return self.latest

    def _run(self, execution: Execution, act: Callable[[Execution], object] | None = None) -> Execution:
        try:
            if act is not None:
                act(execution)
            execution.run()
            changed, gone = execution.dump()
        except StepFailed:
            self.rolled_back = [done.element_id for done in execution.completed]
            raise
        self._shards |= changed
        for shard in gone:
            self._shards.pop(shard, None)
        self._parents |= execution.parents
        self.latest = execution
        return execution

    def _depth(self, shard: str) -> int:
        return 1 + self._depth(self._parents[shard]) if shard else 0
