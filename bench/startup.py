"""How fast `ducha serve` answers with the demo, and how much memory it takes. Prints one JSON object.

`ready_s` runs from the command to the first page that answers; the data folder was set up before.
`rss_mb` lists the resident size of each process, the arbiter first. `rss_sum_mb` counts the pages they share
several times, `memory_mb` (PSS) once.
"""

from __future__ import annotations

import outside  # noqa: F401  # isort: skip
import argparse
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("", "login", "complaint", "query")
SETTLE_S = 3.0
"""Before memory is read: the scheduler has ticked by then."""
PATIENCE_S = 60.0


def main(argv: Sequence[str] | None = None) -> int:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=5)
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        environ = {**os.environ, "DUCHA_DATA": folder}
        _ducha(environ, "demo")
        rounds = [start_once(environ) for _ in range(args.times)]
    print(json.dumps({
        "ready_s": round(statistics.median(one["ready_s"] for one in rounds), 2),
        "memory_mb": round(statistics.median(one["memory_mb"] for one in rounds)),
        "rss_mb": rounds[-1]["rss_mb"],
        "rss_sum_mb": sum(rounds[-1]["rss_mb"]),
        "times": args.times,
    }))  # fmt: skip
    return 0


def start_once(environ: Mapping[str, str]) -> dict[str, Any]:
    """One start on a free port, its pages opened once, its memory read, its end."""
    port = _free_port()
    begun = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "command.main", "serve", "--port", str(port)],
        cwd=ROOT, env=dict(environ), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(server, f"http://127.0.0.1:{port}/")
        ready = time.perf_counter() - begun
        for page in PAGES:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}").read()
        time.sleep(SETTLE_S)
        pids = [server.pid, *_children(server.pid)]
        return {
            "ready_s": ready,
            "memory_mb": sum(_memory_kb(pid, "Pss") for pid in pids) / 1024,
            "rss_mb": [round(_memory_kb(pid, "Rss") / 1024) for pid in pids],
        }
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE_S)


def _ducha(environ: Mapping[str, str], *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "command.main", *words],
        cwd=ROOT, env=dict(environ), check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def _wait(server: subprocess.Popen[bytes], address: str) -> None:
    deadline = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(address).read()
            return
        except urllib.error.URLError:
            time.sleep(0.02)
    raise RuntimeError("Expected the server to answer, but it did not")


def _children(pid: int) -> list[int]:
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _memory_kb(pid: int, what: str) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith(f"{what}:"):
            return int(line.split()[1])
    raise RuntimeError(f"Expected {what} of process {pid}, but the kernel tells none")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
