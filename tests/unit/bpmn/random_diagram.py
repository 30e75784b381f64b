"""Random block-structured processes: shapes drawn by hypothesis, and their BPMN.

Every piece has one way in and one way out. Each catch event has a message of its own, each timer a span of
its own, and each element writes a variable of its own, so that the outcome does not hang on which of two
things that may happen at once came first.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from hypothesis import strategies as st

from tests.unit.bpmn.drawn import HEAD, block, boundary, catch, flows, throw, user

Shape = tuple
"""(kind, child shapes…)"""
Drawn = tuple[str, str, str, str]
"""(elements, flow lines, first id, last id)"""
LEAVES = ("task", "script", "service", "note", "pause", "wait", "several", "series", "again")
COMPOSITES = {
    "seq": 2, "xor": 2, "and": 2, "and3": 3, "or": 2, "loop": 1, "sub": 1, "late": 1, "reminded": 1,
    "stopped": 1, "told": 1, "race": 2, "each": 1, "call": 1,
}  # fmt: skip
"""With the number of their parts."""
JOINING, ENCLOSING = ("and", "and3", "or"), ("sub", "late", "reminded", "stopped", "told", "each", "call")
SIMPLE = {"task", "script", "note", "pause", "wait", "seq"}
FLAGS = 6
"""Start data flag0, flag1… decide the ways at gateways."""


def shapes(leaves: int = 9) -> st.SearchStrategy[Shape]:
    """Shapes of all kinds."""
    return st.recursive(
        st.sampled_from([(kind,) for kind in LEAVES]),
        lambda inner: st.one_of(
            st.tuples(st.just(kind), *[inner] * parts) for kind, parts in COMPOSITES.items()
        ),
        max_leaves=leaves,
    )


def within_the_library(shape: Shape, in_loop: bool = False) -> Shape:
    """The shape without what the library joins too early: branches that a loop repeats become a sequence,
    inclusive branches with more in them than simple elements exclusive ones."""
    kind, *parts = shape
    if in_loop and kind in JOINING:
        return within_the_library(("seq", *parts[:2]), in_loop)
    if kind == "or" and not {inner for part in parts for inner in kinds(part)} <= SIMPLE:
        kind = "xor"
    inside = kind == "loop" or (in_loop and kind not in ENCLOSING)
    return (kind, *(within_the_library(part, inside) for part in parts))


def kinds(shape: Shape) -> Iterator[str]:
    """Every kind in a shape."""
    yield shape[0]
    for part in shape[1:]:
        yield from kinds(part)


class Drawer:
    """Draws one shape as a process `p`; `called` holds the files of what it calls."""

    def __init__(self, shape: Shape) -> None:
        self.numbers = count(1)
        self.messages: list[str] = []
        self.called: list[bytes] = []
        self.told: set[str] = set()
        """Non-interrupting message events."""
        self.beside: set[str] = set()
        """All non-interrupting events."""
        self.within: dict[str, tuple[str, ...]] = {}
        """Element → the events around it that may interrupt it."""
        self._around: tuple[str, ...] = ()
        elements, lines = self._body(shape)
        self.process = self._file("p", elements, lines)

    def _file(self, id: str, elements: str, lines: str) -> bytes:
        declared = "".join(f'<message id="m_{name}" name="msg_{name}"/>' for name in self.messages)
        return (
            f'{HEAD}{declared}<process id="{id}" isExecutable="true">{elements}{flows(lines)}</process>'
            "</definitions>"
        ).encode()

    def _name(self, prefix: str) -> str:
        name = f"{prefix}{next(self.numbers)}"
        self.within[name] = self._around
        return name

    def _body(self, shape: Shape) -> tuple[str, str]:
        """(elements, flow lines) of a whole block between its own start and end events."""
        start, end = self._name("s"), self._name("e")
        elements, lines, first, last = self._draw(shape)
        return (
            f'<startEvent id="{start}"/><endEvent id="{end}"/>' + elements,
            f"{lines}\n{start} > {first}\n{last} > {end}",
        )

    def _draw(self, shape: Shape) -> Drawn:
        return getattr(self, f"_{shape[0]}")(*shape[1:])

    def _leaf(self, element: str, name: str) -> Drawn:
        return element, "", name, name

    def _message(self, name: str) -> str:
        self.messages.append(name)
        return f'<messageEventDefinition messageRef="m_{name}"/>'

    def _timer(self, name: str) -> str:
        seconds = 3600 + 7 * 2 ** (int(name[1:]) % 24)
        return f"<timerEventDefinition><timeDuration>'PT{seconds}S'</timeDuration></timerEventDefinition>"

    def _flag(self) -> str:
        return f"flag{next(self.numbers) % FLAGS}"

    # ---------------------------------------------------------------- leaves

    def _task(self) -> Drawn:
        name = self._name("u")
        return self._leaf(user(name), name)

    def _script(self) -> Drawn:
        name = self._name("x")
        return self._leaf(f'<scriptTask id="{name}"><script>v_{name} = 1</script></scriptTask>', name)

    def _service(self) -> Drawn:
        name = self._name("v")
        return self._leaf(f'<serviceTask id="{name}" camunda:topic="t"/>', name)

    def _note(self) -> Drawn:
        name = self._name("m")
        return self._leaf(throw(name, self._message(name)), name)

    def _pause(self) -> Drawn:
        name = self._name("t")
        return self._leaf(catch(name, self._timer(name)), name)

    def _wait(self) -> Drawn:
        name = self._name("w")
        return self._leaf(catch(name, self._message(name)), name)

    def _several(self) -> Drawn:
        name = self._name("k")
        return self._leaf(user(name, _instances("false")), name)

    def _series(self) -> Drawn:
        name = self._name("k")
        return self._leaf(user(name, _instances("true")), name)

    def _again(self) -> Drawn:
        name = self._name("k")
        return self._leaf(user(name, '<standardLoopCharacteristics loopMaximum="2"/>'), name)

    # ---------------------------------------------------------------- composites

    def _seq(self, a: Shape, b: Shape) -> Drawn:
        e1, l1, first, mid = self._draw(a)
        e2, l2, then, last = self._draw(b)
        return e1 + e2, f"{l1}\n{l2}\n{mid} > {then}", first, last

    def _xor(self, *parts: Shape) -> Drawn:
        return self._fork("exclusiveGateway", parts, f"[{self._flag()}]")

    def _or(self, *parts: Shape) -> Drawn:
        return self._fork("inclusiveGateway", parts, f"[{self._flag()}]")

    def _and(self, *parts: Shape) -> Drawn:
        return self._fork("parallelGateway", parts, "")

    _and3 = _and

    def _fork(self, tag: str, parts: tuple[Shape, ...], condition: str) -> Drawn:
        """The first branch under its condition; of an inclusive gateway the others always, of an exclusive
        one when the first is not taken."""
        split, join = self._name("g"), self._name("j")
        elements, lines = f'<{tag} id="{split}"/><{tag} id="{join}"/>', ""
        for number, part in enumerate(parts):
            inner, inner_lines, first, last = self._draw(part)
            elements += inner
            chosen = condition and (condition if number == 0 else "[True]")
            lines += f"\n{inner_lines}\n{split} > {first} {chosen}\n{last} > {join}"
        return elements, lines, split, join

    def _loop(self, part: Shape) -> Drawn:
        begin, merge, split, step, out = (self._name(prefix) for prefix in ("x", "g", "g", "x", "x"))
        elements, lines, first, last = self._draw(part)
        scripts = {begin: f"c_{step} = 0", step: f"c_{step} = c_{step} + 1", out: f"v_{out} = 1"}
        for name, text in scripts.items():
            elements += f'<scriptTask id="{name}"><script>{text}</script></scriptTask>'
        elements += f'<exclusiveGateway id="{merge}"/><exclusiveGateway id="{split}"/>'
        lines += (
            f"\n{begin} > {merge}\n{merge} > {first}\n{last} > {step}\n{step} > {split}"
            f"\n{split} > {merge} [c_{step} < 3]\n{split} > {out} [True]"
        )
        return elements, lines, begin, out

    def _sub(self, part: Shape, inside: str = "") -> Drawn:
        name = self._name("b")
        elements, lines = self._body(part)
        return self._leaf(block(name, inside + elements, lines), name)

    def _each(self, part: Shape) -> Drawn:
        return self._sub(part, _instances("false"))

    def _call(self, part: Shape) -> Drawn:
        """All variables go in, and those that are written inside come out: no copy of another's goes back."""
        name, called, before = self._name("a"), self._name("q"), len(self.within)
        elements, lines = self._body(part)
        self.called.append(self._file(called, elements, lines))
        mapped = '<camunda:in variables="all"/>' + "".join(
            f'<camunda:out source="{variable}" target="{variable}"/>'
            for inner in list(self.within)[before:]
            for variable in (f"a_{inner}", f"v_{inner}", f"c_{inner}")
        )
        inside = f"<extensionElements>{mapped}</extensionElements>"
        return self._leaf(f'<callActivity id="{name}" calledElement="{called}">{inside}</callActivity>', name)

    def _late(self, part: Shape) -> Drawn:
        event = self._name("t")
        return self._interrupted(part, event, self._timer(event))

    def _stopped(self, part: Shape) -> Drawn:
        event = self._name("w")
        return self._interrupted(part, event, self._message(event))

    def _interrupted(self, part: Shape, event: str, definition: str) -> Drawn:
        merge = self._name("g")
        self._around = (*self._around, event)
        elements, lines, name, _ = self._sub(part)
        self._around = self._around[:-1]
        elements += boundary(event, name, definition) + f'<exclusiveGateway id="{merge}"/>'
        return elements, f"{lines}\n{name} > {merge}\n{event} > {merge}", name, merge

    def _reminded(self, part: Shape) -> Drawn:
        event = self._name("t")
        return self._accompanied(part, event, self._timer(event))

    def _told(self, part: Shape) -> Drawn:
        event = self._name("w")
        self.told.add(event)
        return self._accompanied(part, event, self._message(event))

    def _accompanied(self, part: Shape, event: str, definition: str) -> Drawn:
        elements, lines, name, last = self._sub(part)
        note, end = self._name("u"), self._name("e")
        self.beside.add(event)
        elements += boundary(event, name, definition, interrupting=False)
        elements += f'<endEvent id="{end}"/>' + user(note)
        return elements, f"{lines}\n{event} > {note}\n{note} > {end}", name, last

    def _race(self, a: Shape, b: Shape) -> Drawn:
        gateway, message, timer, merge = (self._name(prefix) for prefix in ("r", "w", "t", "g"))
        e1, l1, first1, last1 = self._draw(a)
        e2, l2, first2, last2 = self._draw(b)
        elements = (
            f'<eventBasedGateway id="{gateway}"/><exclusiveGateway id="{merge}"/>'
            + catch(message, self._message(message))
            + catch(timer, self._timer(timer))
        )
        lines = f"{gateway} > {message}\n{gateway} > {timer}\n{message} > {first1}\n{timer} > {first2}"
        return (
            e1 + e2 + elements,
            f"{l1}\n{l2}\n{lines}\n{last1} > {merge}\n{last2} > {merge}",
            gateway,
            merge,
        )


def _instances(sequential: str) -> str:
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><loopCardinality>2</loopCardinality>'
        "</multiInstanceLoopCharacteristics>"
    )
