"""What a live case weighs in a worker, and a step inside one child of many. Prints one JSON object.

`live_kb`: what becomes free when the cache of `engine/instance/live.py` lets go of cases that have made one
step (`diagrams/case25.bpmn`), divided by their number; as tracemalloc counts. Goal: at most 20.
`child_step_ms`: the first of two user tasks in one child of a multi-instance of call activities
(`diagrams/fan.bpmn`), median, beside the naive design, interleaved. Goal: at most 8 with 300 children.
"""

from __future__ import annotations

import outside  # noqa: F401  # isort: skip
import argparse
import gc
import json
import sys
import tempfile
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.naive import Naive
from bench.ours import Ours
from bench.step import ANSWER, DIAGRAM, HERE, PROCESS, median, timed
from engine.instance.live import SIZE

FAN, FAN_PROCESS = HERE / "diagrams" / "fan.bpmn", "fan"
CARDINALITY = "<bpmn:loopCardinality>300<"
WARMING = 5
"""Cases, and children of each side, that come before the measured ones."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=200, help=f"live cases, at most {SIZE - WARMING}")
    parser.add_argument("--children", type=int, default=300, help="call activities beside each other")
    parser.add_argument("--samples", type=int, default=30, help="measured child steps of each side")
    args = parser.parse_args(argv)
    (HERE.parent / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HERE.parent / "build") as folder:
        result = {**live(Path(folder), args.cases), **child(Path(folder), args.children, args.samples)}
    print(json.dumps(result, ensure_ascii=False))
    return 0


def live(folder: Path, cases: int) -> dict[str, Any]:
    """Kilobytes of a case that made its first step."""
    ours = Ours(folder / "live.db", DIAGRAM, PROCESS)
    tracemalloc.start()
    _first_steps(ours, WARMING)
    ours.forget_live()
    _first_steps(ours, cases)
    kept, full = ours.live_cases, _in_use()
    ours.forget_live()
    empty = _in_use()
    tracemalloc.stop()
    ours.close()
    return {"live_kb": round((full - empty) / 1024 / kept, 2), "live_cases": kept}


def child(folder: Path, children: int, samples: int) -> dict[str, Any]:
    """Medians in milliseconds of a step in one child, of both designs."""
    diagram = folder / FAN.name
    diagram.write_text(FAN.read_text().replace(CARDINALITY, CARDINALITY.replace("300", str(children))))
    ours = Ours(folder / "ours.db", diagram, FAN_PROCESS)
    naive = Naive(folder / "naive.db", diagram, FAN_PROCESS)
    gc.freeze()  # as `ducha serve` does before it answers
    case = ours.start()
    naive.start("case")
    mine: list[float] = []
    theirs: list[float] = []
    for my_task, their_task in zip(ours.open_tasks(case), naive.open_tasks("case"), strict=True):
        mine.append(timed(ours.step, my_task, ANSWER))
        theirs.append(timed(naive.step, "case", their_task, ANSWER))
        if len(mine) == WARMING + samples:
            break
    ours.close()
    naive.close()
    my_median, their_median = median(mine[WARMING:]), median(theirs[WARMING:])
    return {
        "children": children,
        "child_step_ms": my_median,
        "naive_child_step_ms": their_median,
        "ratio": round(their_median / my_median, 1) if my_median and their_median else None,
        "samples": len(mine[WARMING:]),
    }


def _first_steps(ours: Ours, cases: int) -> None:
    for _ in range(cases):
        ours.step(ours.open_task(ours.start()), ANSWER)


def _in_use() -> int:
    gc.collect()
    return tracemalloc.get_traced_memory()[0]


if __name__ == "__main__":
    sys.exit(main())
