"""Which variables an element reads, and which it writes, as far as that can be known before it runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from engine.bpmn import expression
from engine.bpmn.checks.known import Known
from engine.bpmn.dmn.model import Decision
from engine.bpmn.dmn.unary import VALUE, AnyOf, Anything, Between, Test
from engine.bpmn.drawing import Block, Element, Mapped
from engine.bpmn.expression import Mode
from engine.bpmn.payload import parse_payload
from engine.bpmn.texts import sources
from engine.errors import ExpressionError

COUNTERS = frozenset(
    {
        "loopCounter", "nrOfInstances", "nrOfActiveInstances", "nrOfCompletedInstances", "numberOfInstances",
        "numberOfActiveInstances", "numberOfCompletedInstances", "numberOfTerminatedInstances",
    }
)  # fmt: skip


@dataclass
class Writes:
    """`names` are written for certain; `sure` is False when others may be as well."""

    names: set[str] = field(default_factory=set)
    sure: bool = True

    def add(self, names: object, known: Mapping[str, object]) -> None:
        """What `known` says that `names` (a form, topic or message) brings."""
        found = known.get(str(names))
        if found is None:
            self.sure = False
        else:
            self.names |= set(found)  # type: ignore[call-overload]

    def merge(self, other: Writes) -> None:
        self.names |= other.names
        self.sure = self.sure and other.sure


def reads(block: Block, element: Element, decisions: Mapping[str, Decision]) -> Iterator[tuple[str, str]]:
    """(where, variable). What a script sets itself, and what a comprehension runs over, is not read."""
    for where, text, mode in sources(block, element):
        yield from ((where, name) for name in sorted(free(text, mode)))
    for word, mapped in (("in", element.ins), ("ioMapping", _mapping(element))):
        yield from ((f"映射（{word}）", m.source) for m in mapped if _plain(m))
    try:
        parts = parse_payload(element.node.properties.get("payload", ""))
    except ExpressionError:  # told by the check of texts
        parts = []
    for name, source in parts:
        yield from (("属性 payload", read) for read in (sorted(free(source, "eval")) if source else [name]))
    decision = decisions.get(element.node.decision or "")
    if decision is not None:
        yield from _decided(decision)


def _mapping(element: Element) -> tuple[Mapped, ...]:
    return element.mapping.ins if element.mapping else ()


def _plain(mapped: Mapped) -> bool:
    return not mapped.computed and not mapped.everything and mapped.source.isidentifier()


def free(text: str, mode: Mode) -> set[str]:
    """Names an expression or script reads and does not set itself; none when it is refused anyway."""
    try:
        prepared = expression.compiled(text, mode)
        tree = ast.parse(expression.strip(text), mode=mode)
    except (ExpressionError, SyntaxError, ValueError):
        return set()
    own = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    return set(prepared.reads) - own


def _decided(decision: Decision) -> Iterator[tuple[str, str]]:
    found: set[str] = free(decision.literal, "eval") if decision.literal else set()
    for column in decision.inputs:
        found |= free(column.expression, "eval")
    for rule in decision.rules:
        for source in (*rule.outputs, *(text for test in rule.tests for text in _texts(test))):
            found |= free(source, "eval") if source else set()
    given: set[str] = {VALUE}
    for needed in decision.required:
        yield from _decided(needed)
        given |= {needed.variable, *(output.name for output in needed.outputs)}
    yield from ((f"决策“{decision.name or decision.id}”", name) for name in sorted(found - given))


def _texts(test: Test) -> Iterator[str]:
    if isinstance(test, AnyOf):
        for inner in test.tests:
            yield from _texts(inner)
    elif isinstance(test, Between):
        yield from (test.low.source, test.high.source)
    elif not isinstance(test, Anything):
        yield test.source


def writes(element: Element, known: Known, decisions: Mapping[str, Decision]) -> Writes:
    """Of the element itself and, for a sub-process, of everything in it."""
    found = Writes()
    node, trigger = element.node, element.trigger
    if element.script:
        found.names |= _assigned(element.script)
    if node.form:
        found.add(node.form, known.fields)
    if node.topic and not node.decision:
        found.add(node.topic, known.answers)
    if trigger.awaited is not None and element.kind not in ("sendTask", "intermediateThrowEvent", "endEvent"):
        found.add(trigger.awaited, known.payloads)
    found.names |= {name for name in (trigger.code_to, trigger.text_to) if name}
    if node.decision:
        _answer(found, element, decisions.get(node.decision))
    _handed(found, element)
    if element.block is not None:
        for inner in element.block.elements.values():
            found.merge(writes(inner, known, decisions))
    return found


def _assigned(script: str) -> set[str]:
    try:
        return set(expression.compiled(script, "exec").assigns)
    except ExpressionError:
        return set()


def _answer(found: Writes, element: Element, decision: Decision | None) -> None:
    if element.result.variable:
        found.names.add(element.result.variable)
    elif decision is not None:
        found.names |= {output.name for output in decision.outputs}
    else:
        found.sure = False


def _handed(found: Writes, element: Element) -> None:
    """Call activities without any mapping hand everything back; so does ``variables="all"``."""
    if element.kind == "callActivity":
        found.sure = found.sure and bool(element.ins or element.outs)
    for mapped in (*element.outs, *(element.mapping.outs if element.mapping else ())):
        if mapped.everything:
            found.sure = False
        elif mapped.target:
            found.names.add(mapped.target)
    if element.loop and element.loop.output:
        found.names.add(element.loop.output)
