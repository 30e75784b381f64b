"""A `Program`: one bundle, compiled. Immutable, shared between threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.bpmn.dmn.model import Decision
    from engine.bpmn.drawing import ProcessDrawing
    from engine.bpmn.listening import Listening
    from engine.bpmn.specs.block import BlockSpec


@dataclass(frozen=True)
class Node:
    """A flow node of a diagram, as its process owner wrote it. Texts of expressions come without ``${}``."""

    id: str
    name: str
    kind: str
    """The BPMN tag: userTask, serviceTask, callActivity, boundaryEvent…; ``process`` for a process itself."""
    process_id: str
    lane: str | None = None
    scope: str | None = None
    """Id of the enclosing sub-process element, or None."""
    candidate_groups: tuple[str, ...] = ()
    candidate_users: tuple[str, ...] = ()
    assignee: str | None = None
    form: str | None = None
    due_date: str | None = None
    priority: str | None = None
    topic: str | None = None
    properties: Mapping[str, str] = field(default_factory=dict)
    called: str | None = None
    """Id of the called process."""
    message: str | None = None
    documentation: str = ""
    decision: str | None = None


@dataclass(frozen=True)
class StartEvent:
    """A way into a process."""

    id: str
    name: str
    process_id: str
    kind: str
    """none, message, signal or timer."""
    message: str | None = None
    """Name of the message or signal."""


@dataclass(frozen=True)
class Process:
    """One executable process of the bundle."""

    id: str
    name: str
    version_tag: str | None
    executable: bool
    properties: Mapping[str, str]
    starts: tuple[StartEvent, ...]
    nodes: Mapping[str, Node]
    """All flow nodes, also those inside sub-processes, by element id."""
    documentation: str = ""

    @cached_property
    def node(self) -> Node:
        """The process itself, for what hangs on all of it."""
        return Node(
            self.id,
            self.name,
            "process",
            self.id,
            properties=self.properties,
            documentation=self.documentation,
        )


@dataclass(frozen=True)
class Program:
    """A bundle's own processes and decisions, and those of the bundles it calls."""

    processes: Mapping[str, Process]
    decisions: Mapping[str, Decision]
    specs: Mapping[str, BlockSpec] = field(repr=False)
    """Executable form by process id. Only `engine.bpmn.execution` reads it."""
    listening: Listening = field(repr=False)
    drawings: Mapping[str, ProcessDrawing] = field(repr=False, default_factory=dict)
    """What was compiled, for what is asked about all its runs."""

    @cached_property
    def has_deadlines(self) -> bool:
        """Whether any process or node names a deadline."""
        keys = ("deadline", "deadlineIf")
        return any(
            any(key in owner.properties for key in keys)
            for process in self.processes.values()
            for owner in (process.node, *process.nodes.values())
        )
