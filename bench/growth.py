"""What a step of one case costs the older the case is."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence

from bench.servers import Server

AROUND = 5


def growth(server: Server, steps: Sequence[int]) -> dict[str, float | None]:
    """Milliseconds by step of a looping case: the median of eleven completions; None once it has died."""
    client = server.client()
    case, task = server.start(client, "looper")
    times: list[float] = []
    while task and len(times) < max(steps, default=0) + AROUND:
        begun = time.perf_counter()
        try:
            task = server.complete(client, case, task, 1)
        except RuntimeError:
            break
        times.append(time.perf_counter() - begun)
    return {str(step): _around(times, step) for step in steps}


def _around(times: Sequence[float], step: int) -> float | None:
    if len(times) < step:
        return None
    nearby = times[max(0, step - 1 - AROUND) : step + AROUND]
    return round(statistics.median(nearby) * 1000, 2)
