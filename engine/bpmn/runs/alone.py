"""What a token that begins at certain elements may reach without a step that stops it, calls included."""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.drawing import Block, Element, ProcessDrawing
from engine.bpmn.reach import entries, linked
from engine.bpmn.runs.question import Drawings, Pick

Place = tuple[ProcessDrawing, Block, Element]


class Alone:
    """Follows flows into sub-processes and calls and out again; boundary events need a cause of their own."""

    def __init__(self, drawings: Drawings, stops: Pick) -> None:
        self.drawings, self.stops = drawings, stops
        self._through: dict[int, bool] = {}

    def reached(self, place: Place) -> Iterator[Place]:
        """Elements that follow on `place` and are begun with nothing that stops in between."""
        drawing, block, first = place
        seen: set[str] = set()
        todo = list(_next(block, first))
        while todo:
            element = todo.pop()
            if element.id in seen:
                continue
            seen.add(element.id)
            yield drawing, block, element
            inner = self._inner(drawing, element)
            if inner:
                for entry in entries(inner[1]):
                    yield from self._inside(inner, inner[1].elements[entry], {id(block)})
            if self._goes_on(drawing, element):
                todo += _next(block, element)
        if any(not block.outgoing(name) for name in (*seen, first.id)):
            yield from self._outside(drawing, block)

    def _outside(self, drawing: ProcessDrawing, block: Block) -> Iterator[Place]:
        """What follows on the sub-process, once its block is over."""
        for outer, host in _hosts(drawing.block):
            if host.block is block:
                yield from self.reached((drawing, outer, host))

    def _inside(
        self, inner: tuple[ProcessDrawing, Block], first: Element, within: set[int]
    ) -> Iterator[Place]:
        drawing, block = inner
        if id(block) in within:
            return
        seen: set[str] = set()
        todo = [first]
        while todo:
            element = todo.pop()
            if element.id in seen:
                continue
            seen.add(element.id)
            yield drawing, block, element
            deeper = self._inner(drawing, element)
            if deeper:
                for entry in entries(deeper[1]):
                    yield from self._inside(deeper, deeper[1].elements[entry], within | {id(block)})
            if self._goes_on(drawing, element):
                todo += _next(block, element)

    def _goes_on(self, drawing: ProcessDrawing, element: Element) -> bool:
        """Whether a token comes through without being stopped."""
        if self.stops(drawing, element):
            return False
        inner = self._inner(drawing, element)
        if inner is None:
            return True
        if id(inner[1]) not in self._through:
            self._through[id(inner[1])] = True  # what calls itself stops nobody
            places = [
                element
                for entry in entries(inner[1])
                for _, block, element in self._inside(inner, inner[1].elements[entry], set())
                if block is inner[1]
            ]
            self._through[id(inner[1])] = any(
                not inner[1].outgoing(e.id) and self._goes_on(inner[0], e) for e in places
            )
        return self._through[id(inner[1])]

    def _inner(self, drawing: ProcessDrawing, element: Element) -> tuple[ProcessDrawing, Block] | None:
        if element.block is not None:
            return drawing, element.block
        called = self.drawings.get(element.node.called or "")
        return (called, called.block) if called else None


def _next(block: Block, element: Element) -> list[Element]:
    following = [flow.target for flow in block.outgoing(element.id)] + linked(block, element)
    return [block.elements[name] for name in following]


def _hosts(block: Block) -> Iterator[tuple[Block, Element]]:
    for element in block.elements.values():
        if element.block:
            yield block, element
            yield from _hosts(element.block)
