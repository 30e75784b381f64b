"""Random processes: an instance saved and loaded after every step does what one kept in memory does."""

from __future__ import annotations

import random
from itertools import count

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.bpmn.drawn import Case, flows, process, program, user

TIMER = "<timerEventDefinition><timeDuration>{}</timeDuration></timerEventDefinition>"
Shape = tuple  # (kind, child shapes…)

SHAPES = st.recursive(
    st.sampled_from([("task",), ("script",), ("service",), ("note",), ("several",)]),
    lambda inner: st.one_of(
        st.tuples(st.just("seq"), inner, inner),
        st.tuples(st.just("xor"), inner, inner),
        st.tuples(st.just("and"), inner, inner),
        st.tuples(st.just("and"), inner, inner, inner),
        st.tuples(st.just("or"), inner, inner),
        st.tuples(st.just("loop"), inner),
        st.tuples(st.just("sub"), inner),
        st.tuples(st.just("late"), inner),
        st.tuples(st.just("reminded"), inner),
        st.tuples(st.just("race"), inner, inner),
        st.tuples(st.just("each"), inner),
        st.tuples(st.just("call"), inner),
    ),
    max_leaves=9,
)


class Drawer:
    """Draws a shape; every piece has one way in and one way out."""

    def __init__(self) -> None:
        self.numbers = count(1)
        self.called: list[bytes] = []

    def name(self, prefix: str) -> str:
        return f"{prefix}{next(self.numbers)}"

    def block(self, shape: Shape) -> tuple[str, str]:
        """(elements, flow lines) of a whole block between its own start and end events."""
        start, end = self.name("s"), self.name("e")
        elements, lines, first, last = self.draw(shape)
        return (
            f'<startEvent id="{start}"/><endEvent id="{end}"/>' + elements,
            f"{lines}\n{start} > {first}\n{last} > {end}",
        )

    def draw(self, shape: Shape) -> tuple[str, str, str, str]:
        """(elements, flow lines, first id, last id)."""
        return getattr(self, f"_{shape[0]}")(*shape[1:])

    def _leaf(self, element: str, name: str) -> tuple[str, str, str, str]:
        return element, "", name, name

    def _task(self) -> tuple[str, str, str, str]:
        name = self.name("u")
        return self._leaf(user(name), name)

    def _script(self) -> tuple[str, str, str, str]:
        name = self.name("x")
        script = f"n = get('n', 0) + 1\nlast_script = '{name}'"
        return self._leaf(f'<scriptTask id="{name}"><script>{script}</script></scriptTask>', name)

    def _service(self) -> tuple[str, str, str, str]:
        name = self.name("v")
        return self._leaf(f'<serviceTask id="{name}" camunda:topic="t"/>', name)

    def _note(self) -> tuple[str, str, str, str]:
        name = self.name("m")
        event = '<messageEventDefinition messageRef="m_more"/>'
        return self._leaf(f'<intermediateThrowEvent id="{name}">{event}</intermediateThrowEvent>', name)

    def _several(self) -> tuple[str, str, str, str]:
        name = self.name("k")
        loop = (
            "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
            "</multiInstanceLoopCharacteristics>"
        )
        return self._leaf(user(name, loop), name)

    def _seq(self, a: Shape, b: Shape) -> tuple[str, str, str, str]:
        e1, l1, first, mid = self.draw(a)
        e2, l2, then, last = self.draw(b)
        return e1 + e2, f"{l1}\n{l2}\n{mid} > {then}", first, last

    def _fork(self, tag: str, shapes: tuple[Shape, ...], conditions: bool) -> tuple[str, str, str, str]:
        split, join = self.name("g"), self.name("j")
        elements, lines = f'<{tag} id="{split}"/><{tag} id="{join}"/>', ""
        for number, shape in enumerate(shapes):
            inner, inner_lines, first, last = self.draw(shape)
            elements += inner
            condition = f"[get('n', 0) % {number + 2} == 0 or {number} == 0]" if conditions else ""
            lines += f"\n{inner_lines}\n{split} > {first} {condition}\n{last} > {join}"
        return elements, lines, split, join

    def _xor(self, *shapes: Shape) -> tuple[str, str, str, str]:
        return self._fork("exclusiveGateway", shapes, True)

    def _and(self, *shapes: Shape) -> tuple[str, str, str, str]:
        return self._fork("parallelGateway", shapes, False)

    def _or(self, *shapes: Shape) -> tuple[str, str, str, str]:
        return self._fork("inclusiveGateway", shapes, True)

    def _loop(self, shape: Shape) -> tuple[str, str, str, str]:
        merge, again, counter = self.name("g"), self.name("g"), self.name("c")
        elements, lines, first, last = self.draw(shape)
        script = (
            f"<scriptTask id=\"x_{counter}\"><script>{counter} = get('{counter}', 0) + 1</script>"
            f"</scriptTask>"
        )
        elements += f'<exclusiveGateway id="{merge}"/><exclusiveGateway id="{again}"/>{script}'
        lines += (
            f"\n{merge} > {first}\n{last} > x_{counter}\nx_{counter} > {again}"
            f"\n{again} > {merge} [{counter} % 3 != 0]\n{again} > {again}_out [True]"
        )
        return elements + f'<task id="{again}_out"/>', lines, merge, f"{again}_out"

    def _sub(self, shape: Shape, attributes: str = "", inside: str = "") -> tuple[str, str, str, str]:
        name = self.name("b")
        elements, lines = self.block(shape)
        return self._leaf(
            f'<subProcess id="{name}" {attributes}>{inside}{elements}{flows(lines)}</subProcess>', name
        )

    def _each(self, shape: Shape) -> tuple[str, str, str, str]:
        loop = (
            "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
            "</multiInstanceLoopCharacteristics>"
        )
        return self._sub(shape, inside=loop)

    def _call(self, shape: Shape) -> tuple[str, str, str, str]:
        name, called = self.name("a"), self.name("q")
        elements, lines = self.block(shape)
        self.called.append(process(elements, lines, id=called))
        return self._leaf(f'<callActivity id="{name}" calledElement="{called}"/>', name)

    def _late(self, shape: Shape) -> tuple[str, str, str, str]:
        elements, lines, name, _ = self._sub(shape)
        timer, merge = self.name("t"), self.name("g")
        elements += (
            f'<boundaryEvent id="{timer}" attachedToRef="{name}">{TIMER.format("PT5H")}</boundaryEvent>'
            f'<exclusiveGateway id="{merge}"/>'
        )
        return elements, f"{lines}\n{name} > {merge}\n{timer} > {merge}", name, merge

    def _reminded(self, shape: Shape) -> tuple[str, str, str, str]:
        elements, lines, name, last = self._sub(shape)
        timer, note, end = self.name("t"), self.name("u"), self.name("e")
        elements += (
            f'<boundaryEvent id="{timer}" attachedToRef="{name}" '
            f'cancelActivity="false">{TIMER.format("PT3H")}'
            f'</boundaryEvent><endEvent id="{end}"/>' + user(note)
        )
        return elements, f"{lines}\n{timer} > {note}\n{note} > {end}", name, last

    def _race(self, a: Shape, b: Shape) -> tuple[str, str, str, str]:
        gateway, message, timer, merge = (self.name(prefix) for prefix in ("g", "w", "t", "g"))
        e1, l1, first1, last1 = self.draw(a)
        e2, l2, first2, last2 = self.draw(b)
        elements = (
            f'<eventBasedGateway id="{gateway}"/><exclusiveGateway id="{merge}"/>'
            f'<intermediateCatchEvent id="{message}"><messageEventDefinition messageRef="m_more"/>'
            f"</intermediateCatchEvent>"
            f'<intermediateCatchEvent id="{timer}">{TIMER.format("PT4H")}</intermediateCatchEvent>'
        )
        lines = f"{gateway} > {message}\n{gateway} > {timer}\n{message} > {first1}\n{timer} > {first2}"
        return (
            e1 + e2 + elements,
            f"{l1}\n{l2}\n{lines}\n{last1} > {merge}\n{last2} > {merge}",
            gateway,
            merge,
        )


def walk(case: Case, seed: int) -> tuple[list[str], list[str], list[tuple[str, dict]], str, dict]:
    """Random people, handlers, senders and hours; the same for the same seed."""
    chance = random.Random(seed)
    for step in range(60):
        execution = case.ex
        moves = sorted(
            [("do", task.element_id) for task in execution.open_tasks()]
            + [("serve", task.element_id) for task in execution.service_tasks()]
            + [("send", waiting.message) for waiting in execution.subscriptions()]
            + [("wait", "") for _ in execution.timers()]
        )
        if not moves:
            break
        kind, name = chance.choice(moves)
        if kind == "do":
            case.do(name, n=chance.randrange(4), answered=step)
        elif kind == "serve":
            case.serve(name, served=step)
        elif kind == "send":
            case.send(name, sent=step)
        else:
            case.wait(hours=chance.choice((2, 6)))
    assert case.execution is not None
    return case.history, case.cancelled, case.thrown, case.execution.status, case.execution.data


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(SHAPES, st.integers(0, 2**16))
def test_saving_after_every_step_changes_nothing(shape: Shape, seed: int) -> None:
    # given
    drawer = Drawer()
    elements, lines = drawer.block(shape)
    compiled = program(process(elements, lines), called=tuple(drawer.called))
    # when
    kept, saved = Case(compiled, save=False, n=0), Case(compiled, n=0)
    # then
    assert walk(kept, seed) == walk(saved, seed)
    if saved.execution is not None and saved.execution.status == "completed":
        assert list(saved.shards) == [""]
        assert saved.loaded().open_tasks() == []
