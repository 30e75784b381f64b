"""100,000 cases wait for a deadline, of which 1,000 fall due at one instant. Prints one JSON object.

`fired` timers and as many looks of the ladder were done in `seconds`. `scan_ms` is what it costs to look for
what is due while all of them wait (the dearer of the two looks, median), `scan_ms_by_waiting` the same with
fewer. `lateness_p99_s` is how late timers are that fall due one by one while a clerk works without a rest.
"""

from __future__ import annotations

import outside  # noqa: F401  # isort: skip
import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

import engine.job
import engine.task
from bench import waiting
from bench.api_site import CLERK, prepared
from bench.postgres import Postgres
from command.compose import System
from command.pumping import PUMP_EVERY_S, make_pump
from engine.actor import Actor
from engine.store.tables import Deadline, HistoryEntry, Job, Task
from scheduler.pump import do_one, drain
from scheduler.remind import remind
from scheduler.wake import make_scheduler

HERE = Path(__file__).resolve().parent
SOON, LATER = "CP-CONSULT", "CP-HANDLE"
"""Rules of 3 and of 15 working days."""
LOOKS = 25
BETWEEN_S = 0.1
"""Between two timers of the lateness run: ten a second."""
ACTOR = Actor(CLERK, "经办人", frozenset({("DCS_CLERK", "")}))


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--waiting", type=int, default=100_000, help="cases that wait, those that fall due among them"
    )
    parser.add_argument("--due", type=int, default=1000)
    parser.add_argument("--late", type=int, default=300, help="timers of the lateness run")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    args = parser.parse_args(argv)
    (HERE.parent / "build").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=HERE.parent / "build") as folder:
        if args.database == "sqlite":
            result = measure(Path(folder), "", args.waiting, args.due, args.late)
        else:
            with Postgres(careless=False) as server:
                result = measure(Path(folder), server.create("timers"), args.waiting, args.due, args.late)
    print(json.dumps(result))
    return 0


def measure(folder: Path, url: str, waiting_count: int, due: int, late: int) -> dict[str, Any]:
    """Everything, one after the other, in one database."""
    system, _ = prepared(folder, url)
    for name, key in (("soon", SOON), ("later", LATER), ("after", "")):
        waiting.publish(system, name, key)
    waiting.begin(system, "soon", due)
    (original,) = waiting.begin(system, "later", 1)
    scans = {}
    for size in sorted({due * 2, waiting_count}):
        waiting.copy(system, original, size - _waits(system))
        scans[str(_waits(system))] = scan_ms(system)
    at = _due_at(system)
    fired, looks, seconds = act(system, at)
    lateness = lateness_of(system, late) if late else []
    return {
        "fired": fired,
        "looks": looks,
        "seconds": round(seconds, 2),
        "scan_ms": scans[str(waiting_count)],
        "scan_ms_by_waiting": scans,
        "lateness_p99_s": round(_p99(lateness), 3) if lateness else None,
        "waiting": waiting_count,
        "database": system.database.dialect.name,
    }


def scan_ms(system: System) -> float:
    """Of the dearer look: for timers when the first have fallen due, for the ladder when none has yet."""
    with system.session() as session:
        quiet = session.execute(select(func.min(Deadline.watch_at))).scalar_one() - timedelta(seconds=1)
    due = _due_at(system) + timedelta(seconds=1)
    claims, looks = [], []
    for _ in range(LOOKS):
        with system.session() as session:
            session.connection()  # the transaction is begun by now
            looks.append(_timed(partial(remind, session, quiet)))
            claims.append(_timed(partial(engine.job.claim, session, "engine", owner="bench", now=due)))
            session.rollback()
    return round(max(statistics.median(claims), statistics.median(looks)), 3)


def act(system: System, at: datetime) -> tuple[int, int, float]:
    """Does all that is due; returns timers fired, looks done, and the seconds it took."""
    pump, clock = make_pump(system, "bench"), lambda: at + timedelta(seconds=2)
    begun = time.perf_counter()
    with system.session() as session:
        while remind(session, at):
            session.commit()
    while drain(pump, "engine", clock):
        pass
    took = time.perf_counter() - begun
    with system.session() as session:
        fired = session.scalar(
            select(func.count()).select_from(HistoryEntry).where(HistoryEntry.kind == "timer.fired")
        )
        looks = session.scalar(
            select(func.count()).select_from(Job).where(Job.kind == "ladder", Job.status == "done")
        )
    return fired or 0, looks or 0, took


def lateness_of(system: System, count: int) -> list[float]:
    """Seconds from when each timer fell due to when it was done, while a clerk works without a rest."""
    first = 1 + count * 0.05  # they are begun in time
    waits = [{"wait": f"PT{round(first + number * BETWEEN_S, 1)}S"} for number in range(count)]
    begun = system.clock()
    waiting.begin(system, "after", count, waits)
    with system.session() as session:
        dues = list(session.scalars(
            select(Job.due_at).where(Job.kind == "timer", Job.status == "ready", Job.due_at >= begun,
                                     Job.due_at <= begun + timedelta(hours=1)).order_by(Job.due_at)
        ))  # fmt: skip
    done: list[datetime] = []
    pump, over = make_pump(system, "bench"), threading.Event()

    def tick() -> None:
        while do_one(pump, "engine", system.clock()):
            done.append(system.clock())

    scheduler = make_scheduler({"pump-engine": (PUMP_EVERY_S, tick)})
    clerk = threading.Thread(target=_work, args=(system, over))
    scheduler.start()
    clerk.start()
    while len(done) < count and system.clock() < dues[-1] + timedelta(seconds=60):
        time.sleep(0.1)
    over.set()
    clerk.join()
    scheduler.shutdown(wait=True)
    return [(moment - due).total_seconds() for moment, due in zip(done, dues, strict=True)]


def _work(system: System, over: threading.Event) -> None:
    """One step after another."""
    (case,) = waiting.begin(system, "looper", 1)
    while not over.is_set():
        with system.session() as session:
            task = session.scalars(
                select(Task.id).where(Task.instance_id == case, Task.status == "open")
            ).one()
            engine.task.complete(
                session, system.context, task, {"again": True}, actor=ACTOR, now=system.clock()
            )
            session.commit()


def _waits(system: System) -> int:
    with system.session() as session:
        found = session.scalar(
            select(func.count()).select_from(Deadline).where(Deadline.finished_at.is_(None))
        )
    return (found or 0) // 2


def _due_at(system: System) -> datetime:
    with system.session() as session:
        at = session.scalar(select(func.min(Deadline.due_at)).where(Deadline.key == SOON))
    assert at is not None
    return at


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _p99(samples: Sequence[float]) -> float:
    return sorted(samples)[max(0, round(len(samples) * 0.99) - 1)]


if __name__ == "__main__":
    sys.exit(main())
