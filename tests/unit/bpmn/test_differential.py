"""Random processes: saved and loaded after every step, an instance does what one kept in memory does, and
what the plain library does.

Where the library is known to be wrong, shapes are left out or the comparison looks away (`beside`); each of
these faults is shown beside what ours does instead in `test_library_faults`.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.bpmn.beside import Beside, outcome
from tests.unit.bpmn.drawn import Case, program
from tests.unit.bpmn.plain import library_time
from tests.unit.bpmn.random_diagram import FLAGS, Drawer, Shape, shapes, within_the_library

SEEDS = st.integers(0, 2**16)


def examples(count: int) -> settings:
    """Deadlines mean nothing on a shared machine."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=count, deadline=None, suppress_health_check=checks)


def walk(case: Case, seed: int) -> None:
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
            case.do(name, answered=step)
        elif kind == "serve":
            case.serve(name, served=step)
        elif kind == "send":
            case.send(name, sent=step)
        else:
            case.wait(hours=chance.choice((2, 6)))


@examples(100)
@given(shapes(), SEEDS)
def test_saving_after_every_step_changes_nothing(shape: Shape, seed: int) -> None:
    # given
    drawer = Drawer(shape)
    compiled = program(drawer.process, called=tuple(drawer.called))
    data = {f"flag{number}": bool(seed >> number & 1) for number in range(FLAGS)}
    # when
    kept, saved = Case(compiled, save=False, **data), Case(compiled, **data)
    walk(kept, seed)
    walk(saved, seed)
    # then
    assert outcome(kept) == outcome(saved)
    if saved.execution is not None and saved.execution.status == "completed":
        assert list(saved.shards) == [""]
        assert saved.loaded().open_tasks() == []


def compare(shape: Shape, seed: int) -> None:
    with library_time():
        Beside(Drawer(within_the_library(shape)), seed).walk()


@pytest.mark.parametrize("count", [300, pytest.param(3_000, marks=pytest.mark.campaign)])
def test_saved_after_every_step_ours_does_what_the_library_does_in_memory(count: int) -> None:
    examples(count)(given(shapes(), SEEDS)(compare))()
