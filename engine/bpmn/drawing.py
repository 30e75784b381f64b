"""What a diagram says, freed from XML: blocks (processes and sub-processes) of elements and flows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from engine.bpmn.binding import Call
from engine.bpmn.program import Node

Key = TypeVar("Key")
Item = TypeVar("Item")


@dataclass(frozen=True)
class Flow:
    """A sequence flow. `condition` is an expression without ``${}``."""

    id: str
    source: str
    target: str
    condition: str | None = None
    name: str = ""


@dataclass(frozen=True)
class Trigger:
    """An event definition."""

    kind: str
    """none, message, signal, timer, conditional, error, escalation, compensate, cancel, terminate, link."""
    value: str | None = None
    """Message or signal name, error or escalation code, link name, id of the activity to compensate, or the
    expression of a timer or condition."""
    timer: str | None = None
    """timeDate, timeDuration or timeCycle."""
    code_to: str | None = None
    """Variable that takes the code of what was caught."""
    text_to: str | None = None
    """Variable that takes the text of an error."""

    @property
    def awaited(self) -> str | None:
        """The name of the message or signal, or None for other kinds."""
        return self.value if self.kind in ("message", "signal") else None


NO_TRIGGER = Trigger("none")


@dataclass(frozen=True)
class Loop:
    """Multi-instance, or with `repeat` a standard loop."""

    sequential: bool = False
    collection: str | None = None
    cardinality: str | None = None
    variable: str | None = None
    output: str | None = None
    output_item: str | None = None
    condition: str | None = None
    """Multi-instance: complete when true. Standard loop: go on while true."""
    event: Trigger | None = None
    """Thrown when an instance completes."""
    event_once: bool = False
    """Only when the first one completes."""
    repeat: bool = False
    maximum: int | None = None
    test_before: bool = False


@dataclass(frozen=True)
class Mapped:
    """One entry of a mapping; `everything` for camunda:in and camunda:out with ``variables="all"``."""

    target: str = ""
    source: str = ""
    """A variable, or an expression when `computed`."""
    computed: bool = False
    everything: bool = False


@dataclass(frozen=True)
class DataMapping:
    """What an activity is given before it begins and what it gives when it is complete."""

    ins: tuple[Mapped, ...] = ()
    outs: tuple[Mapped, ...] = ()
    own: frozenset[str] = frozenset()
    """Variables that others do not see: its inputs, and those outputs that `outs` take on."""


@dataclass(frozen=True)
class Result:
    """Where a decision's result goes."""

    variable: str | None = None
    mapping: str | None = None
    """singleEntry, singleResult, collectEntries, resultList."""


@dataclass(frozen=True)
class AdHoc:
    """How the activities of an ad-hoc sub-process are chosen."""

    condition: str | None = None
    """It is over when true."""
    sequential: bool = False
    cancels: bool = True
    """Whether what still runs then is cancelled."""


@dataclass(frozen=True)
class Element:
    """A flow node with everything its execution needs beyond the `Node`."""

    node: Node
    trigger: Trigger = NO_TRIGGER
    loop: Loop | None = None
    default: str | None = None
    """Id of the default flow."""
    attached_to: str | None = None
    interrupting: bool = True
    script: str | None = None
    result: Result = Result()
    call: Call | None = None
    ins: tuple[Mapped, ...] = ()
    outs: tuple[Mapped, ...] = ()
    mapping: DataMapping | None = None
    block: Block | None = None
    ad_hoc: AdHoc | None = None
    instantiates: bool = False
    """Begins the process: a receive task, an event gateway, or one of the events after it."""
    for_compensation: bool = False
    """Outside the flow: begun to undo the activity whose compensation boundary event points to it."""
    handler: str | None = None
    """Of a compensation boundary event: id of the activity that undoes."""

    @property
    def handles_event(self) -> bool:
        """Whether it is an event sub-process."""
        return self.block is not None and self.block.event_block

    @property
    def id(self) -> str:
        return self.node.id

    @property
    def kind(self) -> str:
        return self.node.kind


@dataclass(frozen=True)
class Block:
    """Elements in one scope, in document order. `event_block`: a sub-process triggered by an event."""

    elements: Mapping[str, Element]
    flows: tuple[Flow, ...]
    event_block: bool = False

    @cached_property
    def _sources(self) -> dict[str, list[Flow]]:
        return _grouped((flow.source, flow) for flow in self.flows)

    @cached_property
    def _targets(self) -> dict[str, list[Flow]]:
        return _grouped((flow.target, flow) for flow in self.flows)

    @cached_property
    def _hosts(self) -> dict[str | None, list[Element]]:
        return _grouped((element.attached_to, element) for element in self.elements.values())

    def outgoing(self, element_id: str) -> list[Flow]:
        """In document order."""
        return list(self._sources.get(element_id, ()))

    def incoming(self, element_id: str) -> list[Flow]:
        """In document order."""
        return list(self._targets.get(element_id, ()))

    def attached(self, element_id: str) -> list[Element]:
        """Boundary events of an activity, in document order."""
        return list(self._hosts.get(element_id, ()))

    def entrances(self) -> list[Element]:
        """Where a block without start event begins: what nothing leads to and nothing else begins."""
        return [
            element
            for element in self.elements.values()
            if element.attached_to is None
            and not (element.handles_event or element.for_compensation or element.trigger.kind == "link")
            and not self.incoming(element.id)
        ]

    def starts(self) -> list[Element]:
        """Start events, and what begins a process as they do."""
        return [
            element
            for element in self.elements.values()
            if element.kind == "startEvent" or (element.instantiates and element.kind != "eventBasedGateway")
        ]


@dataclass(frozen=True)
class ProcessDrawing:
    """One process of a file."""

    file: str
    id: str
    name: str
    version_tag: str | None
    properties: Mapping[str, str]
    documentation: str
    block: Block


def _grouped(pairs: Iterable[tuple[Key, Item]]) -> dict[Key, list[Item]]:
    groups: dict[Key, list[Item]] = {}
    for key, item in pairs:
        groups.setdefault(key, []).append(item)
    return groups


def nested(block: Block) -> list[Block]:
    """`block` and all blocks inside it, outermost first."""
    found, todo = [], [block]
    while todo:
        current = todo.pop(0)
        found.append(current)
        todo.extend(element.block for element in current.elements.values() if element.block)
    return found
