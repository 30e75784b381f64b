"""Builds executable specifications from drawings: one `BlockSpec` per process and sub-process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.bpmn.dmn.model import Decision
from engine.bpmn.drawing import Block, Element, Flow, ProcessDrawing
from engine.bpmn.names import ACTIVITIES
from engine.bpmn.program import Node
from engine.bpmn.reach import upstream_of
from engine.bpmn.specs.ad_hoc import AdHocSubProcess
from engine.bpmn.specs.block import BlockSpec, CallActivity, SubProcess
from engine.bpmn.specs.boundary import BoundaryEvent
from engine.bpmn.specs.compensation import Driver, Reopened
from engine.bpmn.specs.element import PREFIX, ElementSpec, Way
from engine.bpmn.specs.event import CatchEvent, EventGateway, StartEvent
from engine.bpmn.specs.event_subprocess import EventStart, EventSubProcess
from engine.bpmn.specs.gateway import ExclusiveGateway, InclusiveGateway, Join, ParallelGateway
from engine.bpmn.specs.loop import LoopSpec, MultiInstance, StandardLoop
from engine.bpmn.specs.task import AbstractTask, DecisionTask, PersonTask, ScriptTask, TopicTask
from engine.bpmn.specs.throw import EndEvent, ThrowEvent

INSTANCE = "/each"
"""After the name of a looped activity's single instance."""
REOPENED = "/undo"
"""After the name of a sub-process that is opened again to be undone."""
_KINDS: Mapping[str, type[ElementSpec]] = {
    "task": AbstractTask, "userTask": PersonTask, "manualTask": PersonTask, "scriptTask": ScriptTask,
    "serviceTask": TopicTask, "receiveTask": CatchEvent, "subProcess": SubProcess, "transaction": SubProcess,
    "adHocSubProcess": AdHocSubProcess,
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
    block.entries = tuple(block.task_specs[PREFIX + first.id] for first in entry or drawn.entrances())


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
        if isinstance(spec, AdHocSubProcess):
            for inner in spec.inner_block.task_specs.values():
                inner.ad_hoc = spec if inner.element.kind in ACTIVITIES else None
        if isinstance(spec, EventSubProcess):
            _event_start(block, spec, element.block.starts())
        _make_undoable(block, element, spec)


def _event_start(block: BlockSpec, spec: EventSubProcess, starts: Sequence[Element]) -> None:
    (start,) = starts
    spec.start = EventStart(block, start, spec)
    if start.trigger.kind == "compensate":
        block.undone_by = spec
    else:
        block.event_starts += (spec.start,)


def _make_undoable(block: BlockSpec, element: Element, spec: SubProcess) -> None:
    """A sub-process is opened again to undo what was done in it."""
    inner = spec.inner_block
    if spec is block.undone_by:
        return
    if inner.undone_by or any(each.handler or each.reopened for each in inner.task_specs.values()):
        spec.reopened = Reopened(block, element, REOPENED)
        spec.reopened.inner_block, spec.reopened.driver = inner, Driver(inner, element)


def _kind(element: Element) -> type[ElementSpec]:
    if element.kind == "businessRuleTask":
        return DecisionTask if element.node.decision else TopicTask
    if element.block is not None and element.block.event_block:
        return EventSubProcess
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
    for attached in drawn.attached(element.id):
        if attached.handler:
            handler = block.task_specs[PREFIX + attached.handler]
            handler.undoes, spec.handler = True, handler
    if isinstance(spec, LoopSpec):
        spec.inner.handler, spec.reopened = spec.handler, spec.inner.reopened
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
