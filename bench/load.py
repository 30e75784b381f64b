"""Clients that work through cases, and what their server and its database needed for it."""

from __future__ import annotations

import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench.eleven import STEPS
from bench.processor import used_s
from bench.servers import Server

WARM_UP = 1


class Tally:
    """All turns of one server."""

    def __init__(self, server: Server, database_pid: int | None) -> None:
        self._server, self._pids = server, [server.process.pid, *([database_pid] if database_pid else [])]
        self._times: list[float] = []
        self._seconds: dict[int, float] = {}
        self._completed: dict[int, int] = {}
        self._cpu_s = 0.0

    def warm_up(self) -> None:
        """Both workers have compiled and connected what they need."""
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: self._cases(WARM_UP), range(4)))

    def turn(self, clients: int, cases: int) -> None:
        """`clients` at once, each with `cases` cases from start to end."""
        before, begun = self._used_s(), time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            times = [one for many in pool.map(lambda _: self._cases(cases), range(clients)) for one in many]
        self._seconds[clients] = self._seconds.get(clients, 0) + time.perf_counter() - begun
        self._completed[clients] = self._completed.get(clients, 0) + len(times)
        self._cpu_s += self._used_s() - before
        if clients == 1:
            self._times += times

    def told(self, many: int) -> dict[str, Any]:
        """The figures of all turns."""
        return {
            "p50_ms": round(statistics.median(self._times) * 1000, 2),
            "p99_ms": round(statistics.quantiles(self._times, n=100)[98] * 1000, 2),
            "per_s_1": round(self._completed[1] / self._seconds[1], 1),
            f"per_s_{many}": round(self._completed[many] / self._seconds[many], 1),
            "cpu_ms": round(self._cpu_s / sum(self._completed.values()) * 1000, 2),
            "completed": sum(self._completed.values()),
        }

    def _cases(self, count: int) -> list[float]:
        """Seconds of each completion. Raises RuntimeError when a case has not its eleven tasks."""
        client, times = self._server.client(), []
        for _ in range(count):
            case, task = self._server.start(client, "eleven")
            number = 0
            while task:
                number += 1
                begun = time.perf_counter()
                task = self._server.complete(client, case, task, number)
                times.append(time.perf_counter() - begun)
            if number != STEPS:
                raise RuntimeError(f"Expected a case of {STEPS} tasks, but it had {number}")
        return times

    def _used_s(self) -> float:
        return sum(used_s(pid) for pid in self._pids)
