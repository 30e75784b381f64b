"""Which blocks hold something that a step elsewhere in the instance may touch, and must be decoded for it.

A step decodes only the scopes on the way to its token. Signals reach further: into every scope that waits
for one that the program throws. What changes variables reaches the conditions over them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.bpmn.specs.block import SubProcess
from engine.bpmn.specs.event import CatchEvent
from engine.bpmn.specs.throw import ThrowEvent

if TYPE_CHECKING:
    from engine.bpmn.drawing import Trigger
    from engine.bpmn.specs.block import BlockSpec
    from engine.bpmn.specs.element import ElementSpec


@dataclass(frozen=True)
class Listening:
    """Blocks by what they, or blocks inside them, hold."""

    signals: frozenset[BlockSpec]
    """A catcher of a signal that is thrown somewhere in the program."""
    conditions: frozenset[BlockSpec]
    """A conditional event over the variables of the block; those of a called process are its own."""

    drivers: frozenset[BlockSpec]
    """Event sub-processes that have activities of the scope around them undone."""

    def __bool__(self) -> bool:
        return bool(self.signals or self.conditions or self.drivers)

    def reaches(self, host: ElementSpec) -> bool:
        """Whether the scope that `host` opens must be decoded whatever moves."""
        if not isinstance(host, SubProcess):
            return False
        watched = host.inner_block in self.conditions and not host.isolates
        return watched or host.inner_block in self.signals or host.inner_block in self.drivers


def listening(processes: Mapping[str, BlockSpec]) -> Listening:
    """Looks through all blocks of a program."""
    blocks = [block for process in processes.values() for block in _nested(process)]
    thrown = {
        trigger.value
        for block in blocks
        for spec in block.task_specs.values()
        if (trigger := _throws(spec)) and trigger.kind == "signal"
    }
    return Listening(
        _holding(blocks, lambda spec: _waits_for(spec, "signal") and spec.element.trigger.value in thrown),
        _holding(blocks, lambda spec: _waits_for(spec, "conditional"), through_calls=False),
        frozenset(
            spec.inner_block
            for block in blocks
            for spec in _openers(block)
            if spec.handles_event and any(_undoes(inner) for inner in spec.inner_block.task_specs.values())
        ),
    )


def _undoes(spec: ElementSpec) -> bool:
    return isinstance(spec, ThrowEvent) and spec.element.trigger.kind == "compensate"


def _throws(spec: ElementSpec) -> Trigger | None:
    """What it throws: itself, or as a loop when its instances complete."""
    if isinstance(spec, ThrowEvent):
        return spec.element.trigger
    return spec.element.loop.event if spec.element.loop else None


def _waits_for(spec: ElementSpec, kind: str) -> bool:
    return isinstance(spec, CatchEvent) and spec.element.trigger.kind == kind


def _holding(
    blocks: list[BlockSpec], wanted: Callable[[ElementSpec], bool], *, through_calls: bool = True
) -> frozenset[BlockSpec]:
    """Blocks with such an element, and those that open one of them."""
    found = {block for block in blocks if any(wanted(spec) for spec in block.task_specs.values())}
    while around := {
        block
        for block in blocks
        if block not in found
        and any(
            opener.inner_block in found and (through_calls or not opener.isolates)
            for opener in _openers(block)
        )
    }:
        found |= around
    return frozenset(found)


def _nested(block: BlockSpec) -> Iterator[BlockSpec]:
    """The block and its embedded sub-processes; called processes are listed by themselves."""
    yield block
    for spec in _openers(block):
        if not spec.isolates:
            yield from _nested(spec.inner_block)


def _openers(block: BlockSpec) -> Iterator[SubProcess]:
    return (spec for spec in block.task_specs.values() if isinstance(spec, SubProcess))
