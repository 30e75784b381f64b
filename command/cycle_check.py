"""Checks the cycles.toml of the folders that were asked about, beside the processes and roles there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

from command.calendar import read_text
from engine.definition.bundle import Files, own_processes
from engine.errors import DiagramError, Problem
from supervision.cycles.check import check_cycles
from supervision.cycles.file import FILE
from supervision.organisation.role_file import read_roles


def cycle_problems(
    paths: Iterable[Path], processes: Path, bundles: Mapping[str, Files], today: date
) -> list[Problem]:
    """All problems; none where no path is a cycles.toml or a folder that holds one."""
    files = {path / FILE if path.is_dir() else path for path in paths}
    texts = [read_text(path) for path in sorted(files) if path.name == FILE and path.is_file()]
    if not texts:
        return []
    names, roles = _names(bundles), read_roles(processes / "roles.toml")
    return [
        problem for text in texts for problem in check_cycles(text, processes=names, roles=roles, today=today)
    ]


def _names(bundles: Mapping[str, Files]) -> set[str]:
    names = set(bundles)
    for files in bundles.values():
        try:
            names |= own_processes(files)
        except DiagramError:  # said with its place when that bundle is checked
            continue
    return names
