"""The first page of the inbox through the API with 1,000, 10,000 and 100,000 open tasks: one JSON object.

`p50_ms` is the median of a whole request in this process, without the web server, by database and number of
open tasks, all of them the asking clerk's to claim. `few_p50_ms` is that of a person who may do twenty of
them. Half of the tasks have a deadline.
"""

from __future__ import annotations

import outside  # noqa: F401  # isort: skip
import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.api_site import prepared
from bench.crowd import FEW, fill, token_of
from bench.postgres import Postgres
from command.web import make_app

HERE = Path(__file__).resolve().parent
PAGE = "/api/v1/tasks"


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="1000,10000,100000", help="open tasks in the whole district")
    parser.add_argument("--samples", type=int, default=60)
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="one database only")
    args = parser.parse_args(argv)
    (HERE.parent / "build").mkdir(exist_ok=True)
    sizes = [int(word) for word in args.sizes.split(",")]
    databases = [args.only] if args.only else ["sqlite", "postgresql"]
    told: dict[str, dict[str, Any]] = {"p50_ms": {}, "few_p50_ms": {}}
    for database in databases:
        all_ms, few_ms = measure(database, sizes, args.samples)
        told["p50_ms"][database], told["few_p50_ms"][database] = all_ms, few_ms
    print(json.dumps(told))
    return 0


def measure(database: str, sizes: Sequence[int], samples: int) -> tuple[dict[str, float], dict[str, float]]:
    """Medians of whoever may do all and of whoever may do few, by number of open tasks."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(dir=HERE.parent / "build")))
        postgres = stack.enter_context(Postgres(careless=True)) if database == "postgresql" else None
        system, key = prepared(folder, postgres.create("inbox") if postgres else "")
        stack.callback(system.database.dispose)
        client = make_app(system).test_client()
        keys, times = {"all": key, "few": token_of(system, FEW)}, {"all": {}, "few": {}}
        for size in sorted(sizes):
            fill(system, size)
            for who in keys:
                headers = {"Authorization": f"Bearer {keys[who]}"}
                times[who][str(size)] = _median(client, headers, samples)
        return times["all"], times["few"]


def _median(client: Any, headers: dict[str, str], samples: int) -> float:
    taken = []
    for _ in range(samples + 5):
        begun = time.perf_counter()
        answer = client.get(PAGE, headers=headers)
        taken.append(time.perf_counter() - begun)
        if len(answer.get_json()["items"]) != 20:
            raise RuntimeError(f"Expected a full page, but got {answer.get_data(as_text=True)[:300]}")
    return round(statistics.median(taken[5:]) * 1000, 2)


if __name__ == "__main__":
    sys.exit(main())
