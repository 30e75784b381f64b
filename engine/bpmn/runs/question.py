"""A question about the runs of a process: may `before` happen while a step of `passing` is still missing?

Steps are passed in order. The state of a run is the number of steps passed; the first step, passed again,
begins the row anew, so that a second notice needs a second hearing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.bpmn.drawing import Element, Flow, ProcessDrawing
from engine.bpmn.runs.implied import implied

Pick = Callable[[ProcessDrawing, Element], bool]
"""Whether an element of a process is meant."""
IDLE = -1
"""State of a run in which nothing is asked yet."""


@dataclass(frozen=True)
class Question:
    """`before` None: the end of the process. `since` None: asked from the beginning."""

    passing: tuple[Pick, ...]
    before: Pick | None = None
    since: Pick | None = None
    waived: Pick | None = None
    """Elements after which nothing is asked any more."""
    unless: frozenset[str] = frozenset()
    """Conditions: on a flow that is taken only if one of them holds, nothing is asked any more."""

    @property
    def first(self) -> int:
        """The state in which a run begins."""
        return IDLE if self.since else 0

    def sees(self, drawing: ProcessDrawing, element: Element) -> bool:
        """Whether the question has to do with the element itself."""
        picks = (*self.passing, self.before, self.since, self.waived)
        return any(pick(drawing, element) for pick in picks if pick)

    def waives(self, flow: Flow, condition: str) -> bool:
        """Whether nothing is asked any more once `flow` is taken."""
        return bool(self.unless) and implied(condition, self.unless)

    def broken(self, state: int, drawing: ProcessDrawing, element: Element) -> bool:
        """Whether the element may not begin in that state."""
        missing = 0 <= state < len(self.passing)
        return missing and self.before is not None and self.before(drawing, element)

    def after(self, state: int, drawing: ProcessDrawing, element: Element) -> int:
        """The state once the element is done."""
        if self.waived and self.waived(drawing, element):
            return len(self.passing)
        if self.since and self.since(drawing, element):
            return 0
        if state != IDLE and self.passing[0](drawing, element):
            return 1
        if 0 <= state < len(self.passing) and self.passing[state](drawing, element):
            return state + 1
        return state


@dataclass(frozen=True)
class Broken:
    """Where a run goes wrong: the element that comes too early, and how many steps were passed."""

    drawing: ProcessDrawing
    element_id: str
    """'' for the end of the process."""
    passed: int


Drawings = Mapping[str, ProcessDrawing]
"""Process id → drawing, of all that may be called."""
