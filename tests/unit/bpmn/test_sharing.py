"""One program serves all threads: nothing a running instance does changes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.unit.bpmn.drawn import Case, process, program
from tests.unit.bpmn.test_differential import Drawer, walk

SHAPE = (
    "seq",
    ("each", ("and", ("task",), ("script",))),
    ("reminded", ("late", ("race", ("call", ("service",)), ("or", ("several",), ("note",))))),
)


def test_threads_share_a_program() -> None:
    # given
    drawer = Drawer()
    elements, lines = drawer.block(SHAPE)
    compiled = program(process(elements, lines), called=tuple(drawer.called))
    alone = [walk(Case(compiled, n=0), seed) for seed in range(24)]
    # when
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda seed: walk(Case(compiled, n=0), seed), range(24)))
    # then
    assert together == alone
    assert len({tuple(history) for history, *_ in alone}) > 5
