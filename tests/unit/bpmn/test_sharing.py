"""One program serves all threads: nothing a running instance does changes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.unit.bpmn.beside import outcome
from tests.unit.bpmn.drawn import Case, program
from tests.unit.bpmn.random_diagram import FLAGS, Drawer
from tests.unit.bpmn.test_differential import walk

SHAPE = (
    "seq",
    ("each", ("and", ("task",), ("script",))),
    ("reminded", ("late", ("race", ("call", ("service",)), ("or", ("several",), ("note",))))),
)


def test_threads_share_a_program() -> None:
    # given
    drawer = Drawer(SHAPE)
    compiled = program(drawer.process, called=tuple(drawer.called))
    flags = {f"flag{number}": number % 2 == 0 for number in range(FLAGS)}

    def walked(seed: int) -> tuple[Any, ...]:
        case = Case(compiled, **flags)
        walk(case, seed)
        return outcome(case)

    alone = [walked(seed) for seed in range(24)]
    # when
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(walked, range(24)))
    # then
    assert together == alone
    assert len({tuple(history) for history, *_ in alone}) > 5
