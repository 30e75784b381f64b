"""Builds executable specifications from drawings: one `BlockSpec` per process and sub-process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.dmn.model import Decision
from engine.bpmn.drawing import Block, Element, Flow, ProcessDrawing
from engine.bpmn.program import Node
from engine.bpmn.reach import upstream_of
from engine.bpmn.specs.block import BlockSpec, CallActivity, SubProcess
from engine.bpmn.specs.boundary import BoundaryEvent
from engine.bpmn.specs.element import PREFIX, ElementSpec, Way
from engine.bpmn.specs.event import CatchEvent, EventGateway, StartEvent
from engine.bpmn.specs.gateway import ExclusiveGateway, InclusiveGateway, Join, ParallelGateway
from engine.bpmn.specs.loop import LoopSpec, MultiInstance, StandardLoop
from engine.bpmn.specs.task import AbstractTask, DecisionTask, PersonTask, ScriptTask, TopicTask
from engine.bpmn.specs.throw import EndEvent, ThrowEvent

INSTANCE = "/each"
"""After the name of a looped activity's single instance."""
_KINDS: Mapping[str, type[ElementSpec]] = {
    "task": AbstractTask, "userTask": PersonTask, "manualTask": PersonTask, "scriptTask": ScriptTask,
    "serviceTask": TopicTask, "receiveTask": CatchEvent, "subProcess": SubProcess,
    "callActivity": CallActivity, "exclusiveGateway": ExclusiveGateway, "parallelGateway": ParallelGateway,
    "inclusiveGateway": InclusiveGateway, "eventBasedGateway": EventGateway, "startEvent": StartEvent,
    "endEvent": EndEvent, "intermediateCatchEvent": CatchEvent, "intermediateThrowEvent": ThrowEvent,
    "boundaryEvent": BoundaryEvent,
}  # fmt: skip


@dataclass(frozen=True)
class Surroundings:
    """What elements refer to: all process blocks (filled while building) and the bundle's decisions."""

    blocks: dict[str, BlockSpec]
    decisions: Mapping[str, Decision]


def build_process(drawing: ProcessDrawing, node: Node, surroundings: Surroundings) -> BlockSpec:
    """Fills the process's block, which `surroundings` holds already so that calls can refer to it."""
    block = surroundings.blocks[drawing.id]
    block.process_node = node
    _fill(block, drawing.block, surroundings)
    return block


def _fill(block: BlockSpec, drawn: Block, surroundings: Surroundings) -> None:
    for element in drawn.elements.values():
        _element(block, element, surroundings)
    for element in drawn.elements.values():
        _connect(block, drawn, element)
    block.inclusive = frozenset(
        spec for spec in block.task_specs.values() if isinstance(spec, InclusiveGateway)
    )
    starts = drawn.starts()
    plain = [start for start in starts if start.trigger.kind == "none"]
    entry = (plain or starts)[:1]
    block.entry = block.task_specs[PREFIX + entry[0].id] if entry else _implicit_entry(block, drawn)


def _implicit_entry(block: BlockSpec, drawn: Block) -> ElementSpec | None:
    """A block without start event begins at what nothing leads to."""
    free = [
        element
        for element in drawn.elements.values()
        if not drawn.incoming(element.id) and element.attached_to is None
    ]
    return block.task_specs[PREFIX + free[0].id] if free else None


def _element(block: BlockSpec, element: Element, surroundings: Surroundings) -> None:
    kind = _kind(element)
    if element.loop is None:
        spec = kind(block, element)
    else:
        loop: LoopSpec = (StandardLoop if element.loop.repeat else MultiInstance)(block, element)
        spec = kind(block, element, INSTANCE)
        loop.inner, spec.loop = spec, loop
    if isinstance(spec, DecisionTask):
        spec.decision = surroundings.decisions[element.node.decision or ""]
    elif isinstance(spec, CallActivity):
        spec.inner_block = surroundings.blocks[element.node.called or ""]
    elif isinstance(spec, SubProcess) and element.block is not None:
        spec.inner_block = BlockSpec(f"{block.name}/{element.id}")
        _fill(spec.inner_block, element.block, surroundings)


def _kind(element: Element) -> type[ElementSpec]:
    if element.kind == "businessRuleTask":
        return DecisionTask if element.node.decision else TopicTask
    if element.kind == "sendTask":
        return ThrowEvent if element.trigger.kind == "message" else TopicTask
    return _KINDS[element.kind]


def _connect(block: BlockSpec, drawn: Block, element: Element) -> None:
    spec = block.task_specs[PREFIX + element.id]
    ways = []
    for flow in _outgoing(drawn, element):
        target = block.task_specs[PREFIX + flow.target]
        spec.connect(target)
        ways.append(Way(flow.id, target, None if flow.id == element.default else flow.condition))
    spec.ways = tuple(ways)
    spec.default = next((way for way in ways if way.id == element.default), None)
    spec.boundaries = tuple(
        boundary
        for attached in drawn.attached(element.id)
        if isinstance(boundary := block.task_specs[PREFIX + attached.id], BoundaryEvent)
    )
    if isinstance(spec, Join):
        spec.incoming = tuple(flow.id for flow in drawn.incoming(element.id))
    if isinstance(spec, InclusiveGateway):
        reach = upstream_of(drawn, element.id)
        spec.upstream = {flow: frozenset(PREFIX + name for name in names) for flow, names in reach.items()}


def _outgoing(drawn: Block, element: Element) -> list[Flow]:
    """Sequence flows; a thrown link leads to the caught link of the same name."""
    flows = drawn.outgoing(element.id)
    if element.kind == "intermediateThrowEvent" and element.trigger.kind == "link":
        flows += [
            Flow(f"{element.id}⇢{other.id}", element.id, other.id)
            for other in drawn.elements.values()
            if other.kind == "intermediateCatchEvent" and other.trigger == element.trigger
        ]
    return flows
