"""Which blocks hold something that a step elsewhere in the instance may touch, and must be decoded for it.

A step decodes only the scopes on the way to its token. Signals reach further: into every scope that waits
for one that the program throws.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.bpmn.specs.block import SubProcess
from engine.bpmn.specs.event import CatchEvent
from engine.bpmn.specs.throw import ThrowEvent

if TYPE_CHECKING:
    from engine.bpmn.specs.block import BlockSpec
    from engine.bpmn.specs.element import ElementSpec


@dataclass(frozen=True)
class Listening:
    """Blocks by what they, or blocks inside them, hold."""

    signals: frozenset[BlockSpec]
    """A catcher of a signal that is thrown somewhere in the program."""

    def __bool__(self) -> bool:
        return bool(self.signals)

    def reaches(self, host: ElementSpec) -> bool:
        """Whether the scope that `host` opens must be decoded whatever moves."""
        return isinstance(host, SubProcess) and host.inner_block in self.signals


def listening(processes: Mapping[str, BlockSpec]) -> Listening:
    """Looks through all blocks of a program."""
    blocks = [block for process in processes.values() for block in _nested(process)]
    thrown = {
        spec.element.trigger.value
        for block in blocks
        for spec in block.task_specs.values()
        if isinstance(spec, ThrowEvent) and spec.element.trigger.kind == "signal"
    }
    return Listening(
        _holding(
            blocks,
            lambda spec: (
                isinstance(spec, CatchEvent)
                and spec.element.trigger.kind == "signal"
                and spec.element.trigger.value in thrown
            ),
        )
    )


def _holding(blocks: list[BlockSpec], wanted: Callable[[ElementSpec], bool]) -> frozenset[BlockSpec]:
    """Blocks with such an element, and those that open one of them."""
    found = {block for block in blocks if any(wanted(spec) for spec in block.task_specs.values())}
    grown = True
    while grown:
        around = {
            block
            for block in blocks
            if block not in found and any(inner in found for inner in _opened(block))
        }
        grown = bool(around)
        found |= around
    return frozenset(found)


def _nested(block: BlockSpec) -> Iterator[BlockSpec]:
    """The block and its embedded sub-processes; called processes are listed by themselves."""
    yield block
    for spec in block.task_specs.values():
        if isinstance(spec, SubProcess) and not spec.isolates:
            yield from _nested(spec.inner_block)


def _opened(block: BlockSpec) -> Iterator[BlockSpec]:
    return (spec.inner_block for spec in block.task_specs.values() if isinstance(spec, SubProcess))
