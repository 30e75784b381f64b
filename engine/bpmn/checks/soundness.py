"""Finds gateways at which tokens wait for ever, and merges at which tokens multiply.

Every state a block's tokens can reach is visited, up to a bound, whatever the conditions say. A marking is a
set of places, written as the bits of one number.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.bpmn.checks.net import START, Net, Transition, net_of
from engine.bpmn.checks.shrink import shrink
from engine.bpmn.drawing import Block, ProcessDrawing, nested
from engine.bpmn.reach import entries, reachable, steps
from engine.errors import Problem

MARKINGS = 20_000
"""States visited of one block at most."""
MOVES = 100_000
"""Moves tried in one block at most."""


@dataclass
class Found:
    """`stuck`: joins, each with the labels of entrances that stay empty. `doubled`: merges, as found.
    `ends`: whether there is a state without any token.
    """

    stuck: dict[str, tuple[str, ...]] = field(default_factory=dict)
    doubled: dict[str, None] = field(default_factory=dict)
    ends: bool = False
    whole: bool = True
    """Whether every state was visited."""


def soundness(drawing: ProcessDrawing) -> Iterator[Problem]:
    """Errors for what can happen whenever the process runs, warnings for what some events can bring about."""
    for block in nested(drawing.block):
        sure = explore(net_of(block, certain=True))
        yield from _told(drawing, block, sure, "error")
        perhaps = explore(net_of(block, certain=False))
        yield from _told(drawing, block, _without(perhaps, sure), "warning")
        if perhaps.whole and not (perhaps.ends or perhaps.stuck or perhaps.doubled):
            yield from _endless(drawing, block)
        if not (sure.whole and perhaps.whole):
            first = next(iter(block.elements), drawing.id)
            message = f"并行的组合超过 {MARKINGS} 种，没有查完是否会卡住或重复：请把部分步骤放进子流程"
            yield Problem(first, message, "warning", drawing.file)


def explore(net: Net) -> Found:
    """Visits the states of a net, which is shrunk first."""
    shrink(net)
    waiting = sum(len(t.incoming) for t in net.transitions.values() if t.join == "some")
    if waiting * len(net.places) > MOVES:
        return Found(whole=False)
    walk = Walk(net)
    walk.run()
    walk.found.doubled = dict.fromkeys(_first_causes(net, list(walk.found.doubled)))
    return walk.found


class Walk:
    def __init__(self, net: Net) -> None:
        self.net, self.found, self.work = net, Found(), MOVES
        self.incoming = {t.id: bits(t.incoming) for t in net.transitions.values()}
        self.options = {t.id: [bits(option) for option in t.options] for t in net.transitions.values()}
        self.upstream = {t.id: _upstream(net, t) for t in net.transitions.values() if t.join == "some"}

    def run(self) -> None:
        seen = dict.fromkeys(bits(start) for start in self.net.starts)
        todo = deque(seen)
        while todo:
            marking = todo.popleft()
            self.found.ends |= not marking
            moved = False
            for after in self._after(marking):
                moved = True
                self.work -= 1
                if len(seen) >= MARKINGS or self.work < 0:
                    self.found.whole = False
                    return
                if after is not None and after not in seen:
                    seen[after] = None
                    todo.append(after)
            if not moved and marking:
                self._stuck(marking)

    def _after(self, marking: int) -> Iterator[int | None]:
        """Markings one move further; None for a move that doubles a token."""
        for name in dict.fromkeys(self.net.places[place].target for place in numbers(marking)):
            transition = self.net.transitions[name]
            for used in self.consumed(transition, marking, self.incoming[name]):
                rest = marking & ~used
                if transition.halts:
                    yield 0
                    continue
                for option in self.options[name]:
                    twice = rest & option
                    if twice and self._doubled(transition, twice):
                        yield None
                    else:
                        yield rest | option

    def consumed(self, transition: Transition, marking: int, incoming: int) -> Iterator[int]:
        """The sets of places that a transition may take its tokens from."""
        here = marking & incoming
        if transition.join == "one":
            while here:
                yield here & -here
                here &= here - 1
        elif transition.join == "all":
            if here == incoming:
                yield incoming
        elif not self._awaited(transition, marking, here):
            yield here

    def _awaited(self, transition: Transition, marking: int, here: int) -> bool:
        """Whether a token elsewhere can reach an empty entrance, and none that is filled."""
        self.work -= len(transition.incoming) // 4
        elsewhere = marking & ~here
        ahead = self.upstream[transition.id]
        filled = 0
        for place, before in ahead.items():
            if here >> place & 1:
                filled |= before
        return any(elsewhere & before & ~filled for place, before in ahead.items() if not here >> place & 1)

    def _doubled(self, transition: Transition, twice: int) -> bool:
        """Whether a second token does harm: not where it only ends, nor where several are meant."""
        harmful = any(
            transition.works or place.works or self._acts(place.target)
            for place in map(self.net.places.__getitem__, numbers(twice))
            if not place.aside
        )
        if harmful and len(transition.incoming) > 1:
            self.found.doubled[transition.id] = None
        return harmful

    def _acts(self, target: str) -> bool:
        transition = self.net.transitions[target]
        return transition.works or any(transition.options)

    def _stuck(self, marking: int) -> None:
        for transition in self.net.transitions.values():
            here = marking & self.incoming[transition.id]
            if here and transition.id not in self.found.stuck:
                empty = sorted(place for place in transition.incoming if not here >> place & 1)
                self.found.stuck[transition.id] = tuple(self.net.places[place].label for place in empty)


def _upstream(net: Net, join: Transition) -> dict[int, int]:
    """Entrance → places from which a token can come to it without passing `join`; itself among them."""
    behind: dict[str, list[str]] = {}
    for place in net.places.values():
        if place.source not in (START, join.id):
            behind.setdefault(place.target, []).append(place.source)
    found = {}
    for number in join.incoming:
        source = net.places[number].source
        before = reachable(behind, [source]) - {join.id} if source != START else set()
        found[number] = 1 << number | bits(p for p, place in net.places.items() if place.target in before)
    return found


def _first_causes(net: Net, doubled: list[str]) -> list[str]:
    """Leaves out merges that double only because an earlier one does."""
    ahead: dict[str, list[str]] = {}
    for place in net.places.values():
        ahead.setdefault(place.source, []).append(place.target)
    kept: list[str] = []
    for merge in doubled:
        if not any(merge in reachable(ahead, [cause]) for cause in kept):
            kept.append(merge)
    return kept


def _without(found: Found, known: Found) -> Found:
    return Found(
        {join: labels for join, labels in found.stuck.items() if join not in known.stuck},
        {merge: None for merge in found.doubled if merge not in known.doubled and not known.doubled},
        found.ends,
        found.whole,
    )


def _endless(drawing: ProcessDrawing, block: Block) -> Iterator[Problem]:
    """One path ends while another always goes on. Where no path ends at all, `ways` tells it."""
    ahead = steps(block)
    first = entries(block)
    if first and any(not ahead[element] for element in reachable(ahead, first)):
        message = "从这里开始后总有一路令牌还在循环，永远不会全部走完：请在分开并行的地方检查循环的出路"
        yield Problem(first[0], message, "warning", drawing.file)


def _told(drawing: ProcessDrawing, block: Block, found: Found, severity: str) -> Iterator[Problem]:
    for join, labels in found.stuck.items():
        missing = "、".join(f"“{label}”" for label in labels)
        gateway = block.elements[join].node.name or join
        yield Problem(
            join,
            f"流程会卡在“{gateway}”：入口{missing}可能永远没有令牌到来。"
            "前面是排他（或包容）网关分开的，请用排他（或包容）网关合并；要都等到，请在前面用并行网关分开",
            severity,
            drawing.file,
        )
    for merge in found.doubled:
        yield Problem(
            merge,
            f"并行的几路在“{block.elements[merge].node.name or merge}”没有等齐就各自往下走，"
            "其后的步骤会做多次：请在这里改用并行网关合并",
            severity,
            drawing.file,
        )


def bits(places: Iterable[int]) -> int:
    bits = 0
    for place in places:
        bits |= 1 << place
    return bits


def numbers(bits: int) -> Iterator[int]:
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits &= bits - 1
