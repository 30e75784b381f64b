"""Reads cycles.toml beside the process folders; without the file nothing recurs."""

from __future__ import annotations

from pathlib import Path

from scheduler.cycle import Cycle, parse_cycles


def read_cycles(processes: Path) -> tuple[Cycle, ...]:
    """Raises InvalidData with every problem of the file."""
    path = processes / "cycles.toml"
    return parse_cycles(path.read_text()) if path.exists() else ()
