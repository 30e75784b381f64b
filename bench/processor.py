"""Processor time of a process and all its children, from /proc."""

from __future__ import annotations

import os
from pathlib import Path

TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def used_s(pid: int) -> float:
    """Seconds in user and system mode, of the living tree and of children that ended."""
    total, waiting = 0, [pid]
    while waiting:
        current = waiting.pop()
        try:
            fields = Path(f"/proc/{current}/stat").read_text().rsplit(")", 1)[1].split()
            waiting += children(current)
        except FileNotFoundError:  # it ended between two looks
            continue
        total += sum(int(ticks) for ticks in fields[11:15])
    return total / TICKS_PER_S


def children(pid: int) -> list[int]:
    """Of all threads of a process."""
    found: list[int] = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (thread / "children").read_text().split())
    return found
