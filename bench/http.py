"""A case of eleven user tasks over HTTP: `ducha serve` and its API against the naive design behind Flask.

Both have two gunicorn workers on the same file system, SQLite with synchronous=FULL or one PostgreSQL server
with its own settings. They are measured in turns, so that whatever else the machine does meets both. Prints
one JSON object; times are of completing a task (`p50_ms`, `p99_ms`, one client), completions per second with
one and four clients count the starts of cases as well, and `cpu_ms` is processor time of server and database
per completion. `growth_ms` is the median of eleven completions of one looping case around that step.
"""

from __future__ import annotations

import outside  # noqa: F401  # isort: skip
import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench import servers
from bench.growth import growth
from bench.load import Tally
from bench.postgres import Postgres

HERE = Path(__file__).resolve().parent
MANY = 4
STEPS = "10,100,323,1000"


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of each server on each database")
    parser.add_argument("--cases", type=int, default=8, help="cases of a client in one turn")
    parser.add_argument("--growth", default=STEPS, help="steps of the looping case to report; empty for none")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database only")
    args = parser.parse_args(argv)
    (HERE.parent / "build").mkdir(exist_ok=True)
    steps = [int(word) for word in args.growth.split(",") if word]
    databases = [args.only] if args.only else ["sqlite", "postgresql"]
    result: dict[str, Any] = {name: measure(name, args.rounds, args.cases, steps) for name in databases}
    result["growth_ms"] = result[databases[0]]["ours"]["growth_ms"]
    print(json.dumps(result))
    return 0


def measure(database: str, rounds: int, cases: int, steps: Sequence[int]) -> dict[str, Any]:
    """Both servers on one database, turn by turn."""
    with both(database) as (sides, database_pid):
        tallies = {name: Tally(server, database_pid) for name, server in sides.items()}
        for tally in tallies.values():
            tally.warm_up()
        for _ in range(rounds):
            for clients in (1, MANY):
                for tally in tallies.values():
                    tally.turn(clients, cases)
        grown = {name: growth(server, steps) for name, server in sides.items()}
        return {name: {**tally.told(MANY), "growth_ms": grown[name]} for name, tally in tallies.items()}


@contextmanager
def both(database: str) -> Iterator[tuple[dict[str, servers.Server], int | None]]:
    """Our server and the naive one, and the process id of their PostgreSQL server if they have one."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=HERE.parent / "build")))
        if database == "sqlite":
            urls, pid = ("", f"sqlite:///{folder / 'naive.db'}"), None
        else:
            postgres = stack.enter_context(Postgres(careless=False))
            urls, pid = (postgres.create("ours"), postgres.create("naive")), postgres.pid
        ours = servers.ours(folder, urls[0])
        stack.callback(ours.stop)
        naive = servers.naive(urls[1])
        stack.callback(naive.stop)
        yield {"ours": ours, "naive": naive}, pid


if __name__ == "__main__":
    sys.exit(main())
