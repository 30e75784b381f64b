"""A parent that asks 100, 1,000 and 10,000 units, each by an instance of its own, and joins them.

`started_per_s` is how many units' instances the pump starts in a second, each with its task, deadline, notice
and history. `parent_step_ms` is the dearer of the parent's two steps: the one that asks (median of several
parents) and the one that goes on when all have reported (median of several tries, all but the last rolled
back). `ratio` compares the most units with the fewest. Prints one JSON object.
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
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select, update

import engine.job
from bench import wide
from bench.api_site import prepared
from bench.postgres import Postgres
from command.compose import System
from command.pumping import make_pump
from engine.instance import fan_in
from engine.store.tables import FanOut, Instance, Job
from scheduler.pump import do_one

HERE = Path(__file__).resolve().parent
ASKING, JOINING = 9, 9
"""Samples of each of the parent's steps."""


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", default="100,1000,10000")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    args = parser.parse_args(argv)
    (HERE.parent / "build").mkdir(exist_ok=True)
    sizes = sorted(int(word) for word in args.units.split(","))
    with tempfile.TemporaryDirectory(dir=HERE.parent / "build") as folder:
        if args.database == "sqlite":
            result = measure(Path(folder), "", sizes)
        else:
            with Postgres(careless=False) as server:
                result = measure(Path(folder), server.create("fanout"), sizes)
    print(json.dumps(result))
    return 0


def measure(folder: Path, url: str, sizes: Sequence[int]) -> dict[str, Any]:
    """One size after the other in one district."""
    system = wide.widen(prepared(folder, url)[0])
    gc.freeze()  # as `ducha serve` does before it answers
    told = {size: _one(system, size) for size in sizes}
    rates = {str(size): round(size / seconds, 1) for size, (seconds, _, _) in told.items()}
    steps = {str(size): round(max(ask, join), 3) for size, (_, ask, join) in told.items()}
    few, many = str(sizes[0]), str(sizes[-1])
    return {
        "started_per_s": rates,
        "parent_step_ms": steps,
        "ask_ms": {str(size): round(ask, 3) for size, (_, ask, _) in told.items()},
        "join_ms": {str(size): round(join, 3) for size, (_, _, join) in told.items()},
        "ratio": {
            "started_per_s": round(rates[many] / rates[few], 3),
            "parent_step_ms": round(steps[many] / steps[few], 3),
        },
        "database": system.database.dialect.name,
    }


def _one(system: System, size: int) -> tuple[float, float, float]:
    """(seconds to start all, milliseconds of the asking step, of the joining one)."""
    wide.fill(system, size)
    parents = [wide.begin(system) for _ in range(ASKING)]
    ask = statistics.median([_timed(system, parent) for parent in parents])
    for idle in parents[1:]:
        _forget(system, idle)
    seconds = _start_all(system)
    for child in wide.children(system, parents[0]):
        wide.complete(system, child)
    return seconds, ask, _join_ms(system, parents[0])


def _timed(system: System, parent: str) -> float:
    begun = time.perf_counter()
    wide.complete(system, parent)
    return (time.perf_counter() - begun) * 1000


def _forget(system: System, parent: str) -> None:
    """What it asked for is not to be started."""
    with system.session() as session:
        session.execute(update(Job).where(Job.instance_id == parent).values(status="cancelled"))
        session.commit()


def _start_all(system: System) -> float:
    pump = make_pump(system, "bench")
    begun = time.perf_counter()
    while do_one(pump, "engine", system.clock()):
        pass
    return time.perf_counter() - begun


def _join_ms(system: System, parent: str) -> float:
    """The job that tells the parent, and the parent's step in it."""
    taken = []
    with system.session() as session:
        job = engine.job.claim(session, "engine", owner="bench", now=system.clock())
        if job is None or job.kind != fan_in.KIND:
            raise RuntimeError("Expected that all children have reported")
        session.commit()
        for left in reversed(range(JOINING)):
            session.connection()  # the transaction is begun by now
            begun = time.perf_counter()
            engine.job.run(session, system.context, job.id, owner="bench", now=system.clock(), runners={})
            if left:
                taken.append((time.perf_counter() - begun) * 1000)
                session.rollback()
            else:
                session.commit()
        _check(session, parent)
    return statistics.median(taken)


def _check(session: Any, parent: str) -> None:
    """Every unit has one instance, and the parent was told."""
    session.expire_all()
    fan = session.scalars(select(FanOut).where(FanOut.instance_id == parent)).one()
    started = session.scalars(select(Instance.id).where(Instance.cause_id == parent)).all()
    if not (len(started) == fan.total == fan.reported and fan.joined_at and fan.closed_at):
        raise RuntimeError(f"Expected {fan.total} children, each of which has reported, but {len(started)}")


if __name__ == "__main__":
    sys.exit(main())
