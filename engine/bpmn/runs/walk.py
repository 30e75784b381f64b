"""Walks through every state of a process that a question tells apart, calls and sub-processes included.

A block's state is where its tokens are and what the question has counted. What the question does not see
shrinks away first (`engine.bpmn.checks.shrink`). A sub-process or call is walked once for each count it is
entered with, and stands in its block as one step: from a count to those it may end with. What runs beside it
comes before or after it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.bpmn.checks.net import Net, Place, Transition, net_of
from engine.bpmn.checks.shrink import shrink
from engine.bpmn.checks.soundness import Walk, bits, numbers
from engine.bpmn.drawing import Block, Element, ProcessDrawing
from engine.bpmn.runs.implied import otherwise
from engine.bpmn.runs.question import Broken, Drawings, Question

STATES = 20_000
"""Visited of one block at most."""
_RAISED = ("error", "cancel", "escalation")


@dataclass
class Ending:
    """What a block may have counted: when it is over, at any time, and when it raises something."""

    over: set[int] = field(default_factory=set)
    inside: set[int] = field(default_factory=set)
    raised: set[int] = field(default_factory=set)


class Walker:
    """Answers one question about one process and what it calls."""

    def __init__(self, question: Question, drawings: Drawings) -> None:
        self.question, self.drawings = question, drawings
        self.broken: dict[tuple[str, str], Broken] = {}
        self.whole = True
        """Whether every state was visited."""
        self._known: dict[tuple[int, int], Ending] = {}
        self._matters: dict[int, bool] = {}
        self._running: set[int] = set()

    def walk(self, drawing: ProcessDrawing) -> list[Broken]:
        """Every place where a run goes wrong."""
        ending = self._ending(drawing, drawing.block, self.question.first)
        early = sorted(state for state in ending.over if 0 <= state < len(self.question.passing))
        if self.question.before is None and early:
            self.broken[drawing.id, ""] = Broken(drawing, "", early[0])
        return list(self.broken.values())

    def matters(self, drawing: ProcessDrawing, element: Element) -> bool:
        """Whether the question sees the element or anything inside it."""
        if self.question.sees(drawing, element):
            return True
        inner = self._inner(drawing, element)
        return inner is not None and self._block_matters(*inner)

    def _block_matters(self, drawing: ProcessDrawing, block: Block) -> bool:
        if id(block) not in self._matters:
            self._matters[id(block)] = False  # what calls itself adds nothing
            self._matters[id(block)] = any(
                self.matters(drawing, element) for element in block.elements.values()
            ) or any(_waived(self.question, block))
        return self._matters[id(block)]

    def _inner(self, drawing: ProcessDrawing, element: Element) -> tuple[ProcessDrawing, Block] | None:
        if element.block is not None:
            return drawing, element.block
        called = self.drawings.get(element.node.called or "")
        return (called, called.block) if called else None

    def _ending(self, drawing: ProcessDrawing, block: Block, state: int) -> Ending:
        if id(block) in self._running:
            return Ending({state}, {state})
        if (id(block), state) not in self._known:
            self._running.add(id(block))
            self._known[id(block), state] = _BlockWalk(self, drawing, block).run(state)
            self._running.discard(id(block))
        return self._known[id(block), state]

    def passed(self, drawing: ProcessDrawing, element: Element, state: int) -> Ending:
        """What is counted when the element is done, or is left before."""
        if self.question.broken(state, drawing, element):
            self.broken.setdefault((drawing.id, element.id), Broken(drawing, element.id, state))
        inner = self._inner(drawing, element)
        found = self._ending(*inner, state) if inner and self._block_matters(*inner) else Ending({state})
        if element.loop:
            found = self._repeated(element, inner, found, state)
        over = {self.question.after(before, drawing, element) for before in found.over}
        return Ending(over, found.inside | {state}, found.raised)

    def _repeated(
        self, element: Element, inner: tuple[ProcessDrawing, Block] | None, found: Ending, state: int
    ) -> Ending:
        """At least once, unless it may be left early or not be entered at all."""
        loop = element.loop
        total = Ending(set(found.over), set(found.inside), set(found.raised))
        todo = list(found.over)
        while todo and inner and self._block_matters(*inner):
            again = self._ending(*inner, todo.pop())
            todo += again.over - total.over
            total = Ending(total.over | again.over, total.inside | again.inside, total.raised | again.raised)
        if loop and ((loop.condition and not loop.repeat) or loop.test_before):
            total.over |= total.inside | {state}
        return total


class _BlockWalk:
    def __init__(self, walker: Walker, drawing: ProcessDrawing, block: Block) -> None:
        self.walker, self.drawing, self.block = walker, drawing, block
        self.net = _asked(walker, drawing, block)
        self.moves = Walk(self.net)
        self.beside = [
            element
            for element in block.elements.values()
            if element.handles_event and walker.matters(drawing, element)
        ]
        self.ending = Ending()

    def run(self, first: int) -> Ending:
        seen = {(bits(start), first) for start in self.net.starts}
        todo = list(seen)
        while todo:
            marking, state = todo.pop()
            self.ending.inside.add(state)
            if not marking:
                self.ending.over.add(state)
                continue
            for after in self._after(marking, state):
                if len(seen) >= STATES:
                    self.walker.whole = False
                    return self.ending
                if after not in seen:
                    seen.add(after)
                    todo.append(after)
        return self.ending

    def _after(self, marking: int, state: int) -> Iterator[tuple[int, int]]:
        for name in dict.fromkeys(self.net.places[place].target for place in numbers(marking)):
            transition = self.net.transitions[name]
            for used in self.moves.consumed(transition, marking, self.moves.incoming[name]):
                yield from self._fired(transition, marking, used, state)
        for element in self.beside:
            yield from self._handled(element, marking, state)

    def _fired(
        self, transition: Transition, marking: int, used: int, state: int
    ) -> Iterator[tuple[int, int]]:
        rest = marking & ~used
        element = self.block.elements.get(transition.id)
        done = Ending({state}, {state})
        if transition.fixed:
            done = self._passed(transition, element, state)
        if transition.halts and element:
            yield from self._halted(element, done)
            return
        for option in transition.options:
            events = [self._event(element, place) for place in option] if transition.fixed else []
            for event, place in zip(events, option, strict=False):
                if event:
                    left = done.raised if event.trigger.kind in _RAISED and done.raised else done.inside
                    kept = rest if event.interrupting else marking
                    yield from ((kept | bits([place]), before) for before in left)
            if not any(events):
                yield from ((rest | bits(option), over) for over in done.over)

    def _passed(self, transition: Transition, element: Element | None, state: int) -> Ending:
        if element is None:  # a flow under a condition that lets the question go
            return Ending({len(self.walker.question.passing)})
        return self.walker.passed(self.drawing, element, state)

    def _event(self, element: Element | None, number: int) -> Element | None:
        """The boundary event of `element` that a place leads to."""
        target = self.block.elements.get(self.net.places[number].target)
        return target if element and target and target.attached_to == element.id else None

    def _halted(self, element: Element, done: Ending) -> Iterator[tuple[int, int]]:
        if element.trigger.kind in _RAISED:
            self.ending.raised |= done.over
        else:
            yield from ((0, over) for over in done.over)

    def _handled(self, element: Element, marking: int, state: int) -> Iterator[tuple[int, int]]:
        """An event sub-process: it ends its block or runs beside it."""
        starts = element.block.starts() if element.block else []
        ends = any(start.interrupting for start in starts)
        for over in self.walker.passed(self.drawing, element, state).over:
            yield (0 if ends else marking), over


def _asked(walker: Walker, drawing: ProcessDrawing, block: Block) -> Net:
    """The block's net, shrunk to what the question sees."""
    net = net_of(block, certain=False)
    fixed = {e.id for e in block.elements.values() if walker.matters(drawing, e)}
    hosted = {event.id for name in fixed for event in block.attached(name)}
    raising = {e.id for e in block.elements.values() if e.trigger.kind in _RAISED and e.kind == "endEvent"}
    for name in (fixed | hosted | raising) & net.transitions.keys():
        net.transitions[name].fixed = True
    waived = set(_waived(walker.question, block))
    for number, place in list(net.places.items()):
        if place.flow in waived:
            _between(net, number, place)
    shrink(net)
    return net


def _waived(question: Question, block: Block) -> Iterator[str]:
    """Ids of the flows on which nothing is asked any more."""
    for element in block.elements.values():
        flows = block.outgoing(element.id)
        others = [flow.condition for flow in flows if flow.condition is not None]
        for flow in flows:
            left = element.kind == "exclusiveGateway" and flow.id == element.default
            condition = flow.condition or (otherwise(others) if left else None)
            if condition is not None and question.waives(flow, condition):
                yield flow.id


def _between(net: Net, number: int, place: Place) -> None:
    """Puts a step of its own into a flow."""
    name, after = f"flow:{place.flow}", max(net.places) + 1
    net.places[after] = Place(name, place.target, place.label)
    net.transitions[place.target].incoming.discard(number)
    net.transitions[place.target].incoming.add(after)
    place.target = name
    net.transitions[name] = Transition(
        name, "one", works=False, fixed=True, incoming={number}, options=[(after,)]
    )
