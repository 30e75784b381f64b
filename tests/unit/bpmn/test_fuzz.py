"""Mutated diagrams and tables: a program, or a DiagramError; running one, a StepFailed at worst."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engine.bpmn.check import check_bundle
from engine.bpmn.compile import compile_bundle
from engine.bpmn.execution import Execution, StepEnv
from engine.bpmn.program import Program
from engine.errors import DiagramError, NotFound, StepFailed
from tests.unit.bpmn.drawn import NOW, due_in_ten_days
from tests.unit.bpmn.mutate import mutated
from tests.unit.bpmn.seeds import SEEDS

ENV = StepEnv(now=NOW, due=due_in_ten_days, step_budget=200)
LARGE = 30_000
"""Seeds with more bytes are mutated a tenth as often."""


def files_of(number: int) -> dict[str, bytes]:
    """The bundle of one try; the same number gives the same bundle."""
    chance = random.Random(number)
    while True:
        name = chance.choice(sorted(SEEDS))
        if len(SEEDS[name]) < LARGE or chance.random() < 0.1:
            break
    files = {f"seed{Path(name).suffix}": mutated(SEEDS[name], chance)}
    for companion in SEEDS:
        if companion != name and Path(companion).stem == Path(name).stem:
            files[f"other{Path(companion).suffix}"] = SEEDS[companion]
    return files


def compiled(files: dict[str, bytes]) -> Program | None:
    try:
        return compile_bundle(files)
    except DiagramError as error:
        return _nothing(unless=all(problem.message for problem in error.problems) and bool(error.problems))


def _nothing(*, unless: bool) -> None:
    assert unless, "refused without a word"


def live(program: Program, process_id: str, chance: random.Random) -> None:
    """A few steps of an instance, as people, handlers and senders would make them."""
    try:
        execution = Execution.start(program, process_id, {"x": 1, "items": [1, None]}, ENV)
        execution.run()
        shards: dict[str, bytes] = {}
        for _ in range(4):
            changed, gone = execution.dump()
            shards = {key: content for key, content in (shards | changed).items() if key not in gone}
            execution = Execution.load(program, process_id, shards, ENV, _enclosing_first(shards, execution))
            moves = [*execution.open_tasks(), *execution.service_tasks(), *execution.subscriptions()]
            if not moves:
                return
            move = chance.choice(moves)
            if hasattr(move, "message"):
                execution.deliver(move.task_id, move.message, {"y": 2})
            elif move in execution.open_tasks():
                execution.complete(move.task_id, {"n": 3})
            else:
                execution.complete_service(move.task_id, {})
            execution.run()
    except StepFailed as error:
        _nothing(unless=bool(error.reason))
    except NotFound as error:  # of several start events none was chosen
        _nothing(unless="start event" in str(error))


def _enclosing_first(shards: dict[str, bytes], execution: Execution) -> list[str]:
    def depth(shard: str) -> int:
        return 1 + depth(execution.parents[shard]) if shard else 0

    return sorted(filter(None, shards), key=depth)


def attempt(number: int) -> bool:
    """Compiles, checks and runs the bundle of one try. Whether it was accepted."""
    files = files_of(number)
    program = compiled(files)
    check_bundle(
        files, called_processes=set(), forms=set(), roles=set(), topics=set(), messages=set(), rules=set()
    )
    for process_id in program.processes if program else ():
        live(program, process_id, random.Random(number))
    return program is not None


@pytest.mark.parametrize(
    "tries", [2_000, pytest.param(20_000, marks=pytest.mark.campaign)], ids=["short", "long"]
)
def test_nothing_a_mutated_diagram_does_is_unforeseen(tries: int) -> None:
    accepted = 0
    for number in range(tries):
        try:
            accepted += attempt(number)
        except Exception as error:  # names the try, so that it can be repeated alone
            raise AssertionError(f"try {number}: {type(error).__name__}: {error}") from error
    assert accepted > tries / 20, "mutated so much that nothing is ever run"
    assert accepted < tries
