"""Publishing the whole set of processes with every check, into an empty database.

Prints one JSON object, in seconds of wall time: `check_s` (all checks), `coverage_s` (what implements each
clause), `publish_s` (checks, parsing in a child process, rows), `first_s` (a new data folder until everything
is published); `bundles` is how many there are. Publishing may take 10 s.
"""

from __future__ import annotations

import outside  # noqa: F401  # isort: skip
import json
import tempfile
import time
from pathlib import Path

import engine.definition
from command.bundles import bundles_at
from command.checks import checker_for
from command.clock import system_clock
from command.coverage import coverage_of
from command.prepare import prepare
from command.settings import read_settings

PROCESSES = Path(__file__).parents[1] / "processes"


def main() -> None:
    """Publishes a changed copy of the set after a first one, so that no version is there already."""
    bundles = bundles_at([PROCESSES])
    began = time.perf_counter()
    check = checker_for(PROCESSES, bundles)
    for key, files in bundles.items():
        check(key, files)
    checked = time.perf_counter()
    coverage_of(PROCESSES, bundles).problems()
    covered = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        system = prepare(read_settings({"DUCHA_DATA": folder})).system
        first = time.perf_counter()
        changed = {key: {**files, "again.md": b"again"} for key, files in bundles.items()}
        with system.session() as session:
            engine.definition.publish_set(
                session, changed, by="owner", approved_by="admin", now=system_clock(),
                check=checker_for(PROCESSES, changed),
            )  # fmt: skip
            session.commit()
        published = time.perf_counter()
    print(
        json.dumps(
            {
                "bundles": len(bundles), "check_s": round(checked - began, 2),
                "coverage_s": round(covered - checked, 2), "publish_s": round(published - first, 2),
                "first_s": round(first - covered, 2),
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
