"""Reads process folders and single files from disk into bundles."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path

from command.say import MISUSED, Refused

KINDS = {".bpmn", ".dmn", ".form", ".toml", ".html", ".md"}
"""What belongs to a bundle; scenarios are tests and do not."""
SCENARIOS = "scenarios"


def read_bundle(folder: Path) -> dict[str, bytes]:
    """Path inside the folder → content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix in KINDS and path.relative_to(folder).parts[0] != SCENARIOS
    }


def folders_below(processes: Path) -> list[Path]:
    """Every process folder, i.e. one that holds a diagram, by name."""
    return sorted({path.parent for path in processes.glob("*/*.bpmn")})


def key_of(folder: Path) -> str:
    """The key its process.toml gives it, or the folder's name."""
    manifest = folder / "process.toml"
    if not manifest.exists():
        return folder.name
    try:
        return str(tomllib.loads(manifest.read_text()).get("key") or folder.name)
    except tomllib.TOMLDecodeError:  # said with its place when the bundle is checked
        return folder.name


def bundles_at(paths: Iterable[Path]) -> dict[str, dict[str, bytes]]:
    """Bundles by key. A path is a process folder, a folder of them, or one file of a process folder.

    Raises:
        Refused: a path does not exist or holds no process.
    """
    found: dict[str, dict[str, bytes]] = {}
    for path in paths:
        for folder in _folders(path):
            found[key_of(folder)] = read_bundle(folder)
    return found


def _folders(path: Path) -> list[Path]:
    path = path.resolve()
    if not path.exists():
        raise Refused(f"没有这个文件或文件夹：{path}", MISUSED)
    if path.is_file():
        path = path.parent
    if any(path.glob("*.bpmn")):
        return [path]
    if folders := folders_below(path):
        return folders
    raise Refused(f"{path} 里没有流程：流程文件夹应含有 process.toml 和至少一个 .bpmn 文件", MISUSED)
