"""The token net of one block: where tokens wait, what consumes them, what they become.

Places are sequence flows. An element consumes a token from each, from one or from some of its incoming
places, and puts tokens on one of its `options`. What is well structured shrinks to nothing before anything
is explored, so that only knots remain (`engine.bpmn.checks.shrink`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from engine.bpmn.drawing import Block, Element, Flow
from engine.bpmn.names import GATEWAYS
from engine.bpmn.reach import entries, linked

START = ""
"""Source of the places that hold the first token."""
OVER = "\N{END OF PROOF}"
"""Stands for the end event that a last activity may go without."""
_MANY = 5
"""With more conditional flows, not every subset of them is tried."""
_HALTS = ("terminate", "error", "cancel")
_JOINS = {"parallelGateway": "all", "inclusiveGateway": "some", "complexGateway": "some"}


@dataclass
class Place:
    """A flow, or several in a row. `label`: of the last one."""

    source: str
    target: str
    label: str
    works: bool = False
    """Whether something is done on the way."""
    aside: bool = False
    """Whether it begins at a non-interrupting event, which may send any number of tokens."""
    flow: str = ""
    """Id of the sequence flow it stands for, where it stands for one."""


@dataclass
class Transition:
    """An element. `join` says how it consumes: one, all, some. `options`: places it may fill."""

    id: str
    join: str
    works: bool
    halts: bool = False
    """Whether everything in the block ends with it."""
    fixed: bool = False
    """Whether it is asked about, so that shrinking must leave it where it is."""
    incoming: set[int] = field(default_factory=set)
    options: list[tuple[int, ...]] = field(default_factory=list)


@dataclass
class Net:
    """Places by number; `starts`: alternatives of places filled at the beginning."""

    places: dict[int, Place]
    transitions: dict[str, Transition]
    starts: list[tuple[int, ...]]


def net_of(block: Block, *, certain: bool) -> Net:
    """`certain`: without what only may happen (non-interrupting events, several conditions at once)."""
    builder = _Builder(block, certain)
    for element in builder.elements:
        builder.connect(element)
    first = [element for element in entries(block) if element in builder.net.transitions]
    places = [builder.place(START, element, element) for element in first]
    together = not block.starts()
    builder.net.starts = [tuple(places)] if together else [(place,) for place in places]
    return builder.net


class _Builder:
    def __init__(self, block: Block, certain: bool) -> None:
        self.block, self.certain, self.net = block, certain, Net({}, {}, [])
        self.net.transitions[OVER] = Transition(OVER, "one", works=False, options=[()])
        self.elements = [element for element in block.elements.values() if _takes_part(element)]
        for element in self.elements:
            join = _JOINS.get(element.kind, "one") if len(block.incoming(element.id)) > 1 else "one"
            halts = element.kind == "endEvent" and element.trigger.kind in _HALTS
            self.net.transitions[element.id] = Transition(element.id, join, _works(element), halts)

    def place(self, source: str, target: str, label: str, *, aside: bool = False) -> int:
        number = len(self.net.places)
        self.net.places[number] = Place(source, target, label, aside=aside)
        self.net.transitions[target].incoming.add(number)
        return number

    def connect(self, element: Element) -> None:
        flows = [*self.block.outgoing(element.id), *_links(self.block, element)]
        places = {
            flow.id: self.place(element.id, flow.target, flow.name or flow.id)
            for flow in flows
            if flow.target in self.net.transitions
        }
        for flow_id, number in places.items():
            self.net.places[number].flow = flow_id
        known = [flow for flow in flows if flow.id in places]
        normal = [tuple(places[flow.id] for flow in option) for option in self._options(element, known)]
        if not known and _works(element) and element.kind != "endEvent":
            normal = [(self.place(element.id, OVER, element.id),)]
        self.net.transitions[element.id].options = normal + self._boundaries(element, normal)

    def _options(self, element: Element, flows: list[Flow]) -> Iterator[tuple[Flow, ...]]:
        if not flows or element.kind == "parallelGateway":
            yield tuple(flows)
        elif element.kind in ("exclusiveGateway", "eventBasedGateway"):
            yield from ((flow,) for flow in flows)
        else:
            yield from self._forked(element, flows)

    def _forked(self, element: Element, flows: list[Flow]) -> Iterator[tuple[Flow, ...]]:
        """Flows without condition are always taken, of the others some, or the default."""
        default = tuple(flow for flow in flows if flow.id == element.default)
        asking = [flow for flow in flows if flow.condition is not None and flow not in default]
        always = tuple(flow for flow in flows if flow not in default and flow not in asking)
        if default or not asking or always:
            yield always + default
        sizes = range(1, 2 if self.certain else len(asking) + 1)
        for size in sizes:
            if size in (1, len(asking)) or len(asking) <= _MANY:
                yield from (always + chosen for chosen in combinations(asking, size))

    def _boundaries(self, element: Element, normal: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
        """An interrupting event takes the normal way's place; another adds a token to it."""
        found: list[tuple[int, ...]] = []
        for event in self.block.attached(element.id):
            if event.id not in self.net.transitions:
                continue
            if event.interrupting:
                found.append((self.place(element.id, event.id, event.id),))
            elif not self.certain:
                extra = self.place(element.id, event.id, event.id, aside=True)
                found.extend((*option, extra) for option in normal)
        return found


def _takes_part(element: Element) -> bool:
    """Event sub-processes and compensation stand outside the flow of tokens."""
    undoing = element.kind == "boundaryEvent" and element.trigger.kind == "compensate"
    return not (element.handles_event or element.for_compensation or undoing)


def _works(element: Element) -> bool:
    """Whether going through twice does something twice."""
    silent = element.kind in GATEWAYS or element.kind in ("startEvent", "boundaryEvent")
    return not silent and not (element.kind == "endEvent" and element.trigger.kind in ("none", *_HALTS))


def _links(block: Block, element: Element) -> list[Flow]:
    """A link with several partners is refused, and followed to none."""
    partners = linked(block, element)
    return [Flow(f"{element.id}⇢{other}", element.id, other) for other in partners if len(partners) == 1]
