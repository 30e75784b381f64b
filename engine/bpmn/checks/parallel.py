"""Variables that two parallel branches write: which value is left depends on who is last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from engine.bpmn.checks.known import Known
from engine.bpmn.checks.usage import writes
from engine.bpmn.dmn.model import Decision
from engine.bpmn.drawing import Block, Element, ProcessDrawing, nested
from engine.bpmn.reach import reachable, steps
from engine.errors import Problem

MAX_FORKS = 200
"""In one block; the branches of more are not compared."""


def parallel(drawing: ProcessDrawing, known: Known, decisions: Mapping[str, Decision]) -> Iterator[Problem]:
    """Warnings, each at the element where the branches begin."""
    for block in nested(drawing.block):
        forks = [(element, heads) for element in block.elements.values() if (heads := _heads(block, element))]
        if not forks:
            continue
        written = {e.id: writes(e, known, decisions).names for e in block.elements.values()}
        ahead = steps(block)
        for fork, heads in forks[:MAX_FORKS]:
            for name, elements in _shared(fork, heads, ahead, written).items():
                yield Problem(
                    fork.id,
                    f"并行的分支都会写变量“{name}”（{'、'.join(elements)}），后写的会盖掉先写的："
                    "请在各分支用不同的变量名，合并后再取用",
                    "warning",
                    drawing.file,
                )


def _heads(block: Block, element: Element) -> list[str]:
    """First elements of branches that run at the same time, from two up."""
    flows = block.outgoing(element.id)
    heads = [flow.target for flow in flows if element.kind in ("parallelGateway", "inclusiveGateway")]
    if not element.kind.endswith("Gateway"):
        heads = [flow.target for flow in flows if flow.condition is None and flow.id != element.default]
    return heads if len(heads) > 1 else []


def _shared(
    fork: Element, heads: list[str], ahead: Mapping[str, list[str]], written: Mapping[str, set[str]]
) -> dict[str, list[str]]:
    """Variable → elements of different branches that write it. What several branches reach is of none."""
    onward = {source: targets for source, targets in ahead.items() if source != fork.id}
    reached = [reachable(onward, [head]) - {fork.id} for head in heads]
    branches = [
        mine - set().union(*(other for m, other in enumerate(reached) if m != n))
        for n, mine in enumerate(reached)
    ]
    found: dict[str, list[str]] = {}
    for one, other in combinations(branches, 2):
        for name in sorted(_names(one, written) & _names(other, written)):
            writers = [e for e in ahead if e in one | other and name in written[e]]
            found[name] = list(dict.fromkeys([*found.get(name, []), *writers]))
    return found


def _names(branch: set[str], written: Mapping[str, set[str]]) -> set[str]:
    return set().union(*(written[element] for element in branch))
