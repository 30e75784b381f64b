"""What one complete user step costs, young and old, against the naive design. Prints one JSON object.

Both sides run the same 25-node case (`diagrams/case25.bpmn`) on the same file system with
synchronous=FULL, interleaved sample by sample. A round is one turn of the loop 起草 → 审核 → 退回.
"""

from __future__ import annotations

import outside  # noqa: F401  # isort: skip
import argparse
import gc
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from sqlalchemy.exc import NoResultFound

from bench.naive import Naive
from bench.ours import Ours, written

HERE = Path(__file__).resolve().parent
DIAGRAM, PROCESS = HERE / "diagrams" / "case25.bpmn", "case25"
BEFORE_THE_LOOP, STEPS_OF_A_ROUND = 3, 2
ANSWER = {"urgent": False, "again": True}
"""What every user task is completed with: 审核 always sends it back."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", default="2,25,120,1000", help="loop rounds before the measured steps")
    parser.add_argument("--samples", type=int, default=60, help="measured steps of each side and round")
    args = parser.parse_args(argv)
    rounds = [int(word) for word in args.rounds.split(",")]
    (HERE.parent / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HERE.parent / "build") as folder:
        ours = Ours(Path(folder) / "ours.db", DIAGRAM, PROCESS)
        naive = Naive(Path(folder) / "naive.db", DIAGRAM, PROCESS)
        gc.freeze()  # as `ducha serve` does before it answers
        result = measure(ours, naive, rounds, args.samples)
        ours.close()
        naive.close()
    print(json.dumps(result, ensure_ascii=False))
    return 0


def measure(ours: Ours, naive: Naive, rounds: Sequence[int], samples: int) -> dict[str, Any]:
    """Medians in milliseconds by round; a naive side that died is null."""
    cases = {count: cycle(prepare_ours(ours, count, samples)) for count in rounds}
    states, died = prepare_naive(naive, rounds)
    mine: dict[int, list[float]] = {count: [] for count in rounds}
    theirs: dict[int, list[float]] = {count: [] for count in rounds}
    for turn in range(samples):
        for count in rounds:
            task_id = ours.open_task(next(cases[count]))
            mine[count].append(timed(ours.step, task_id, ANSWER))
            if count in states:
                naive.restore("measured", states[count][turn % STEPS_OF_A_ROUND])
                open_task = naive.open_task("measured")
                theirs[count].append(timed(naive.step, "measured", open_task, ANSWER))
    return {
        "step_ms": {str(count): median(mine[count]) for count in rounds},
        "naive_ms": {str(count): median(theirs[count]) for count in rounds},
        "bytes_written": bytes_of_a_step(ours),
        "naive_bytes": {str(count): len(state[0].encode()) for count, state in states.items()},
        "naive_died_in_round": died,
        "samples": samples,
    }


def prepare_ours(ours: Ours, count: int, samples: int) -> list[str]:
    """Cases that have turned `count` rounds: several where the measured steps would age a young one."""
    cases = []
    for _ in range(samples if count <= 5 else 4 if count <= 50 else 1):
        case = ours.start()
        for _ in range(BEFORE_THE_LOOP + STEPS_OF_A_ROUND * count):
            ours.step(ours.open_task(case), ANSWER)
        cases.append(case)
    return cases


def prepare_naive(naive: Naive, rounds: Sequence[int]) -> tuple[dict[int, list[str]], int | None]:
    """States by round, one before each step of a round, and the round in which it could go on no more."""
    states: dict[int, list[str]] = {}
    naive.start("case")
    for _ in range(BEFORE_THE_LOOP):
        naive.step("case", naive.open_task("case"), ANSWER)
    for count in range(max(rounds) + 1):
        seen = []
        for _ in range(STEPS_OF_A_ROUND):
            seen.append(naive.state("case"))
            try:
                naive.step("case", naive.open_task("case"), ANSWER)
            except (RecursionError, NoResultFound):  # too deep a tree, or silently nothing left to do
                return states, count
        if count in rounds:
            states[count] = seen
    return states, None


def bytes_of_a_step(ours: Ours) -> int:
    """Payload bytes of the dearer of the two steps of a round."""
    case, sizes = ours.start(), []
    for _ in range(BEFORE_THE_LOOP + STEPS_OF_A_ROUND):
        ours.step(ours.open_task(case), ANSWER)
    for _ in range(STEPS_OF_A_ROUND):
        task_id = ours.open_task(case)
        before = ours.rows()
        ours.step(task_id, ANSWER)
        sizes.append(written(before, ours.rows()))
    return max(sizes)


def timed(step: Callable[..., None], *words: Any) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    step(*words)
    return (time.perf_counter() - begun) * 1000


def median(samples: Sequence[float]) -> float | None:
    """Rounded; None without samples."""
    return round(statistics.median(samples), 3) if samples else None


if __name__ == "__main__":
    sys.exit(main())
