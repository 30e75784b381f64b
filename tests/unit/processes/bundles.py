"""The bundles that come with the program, compiled once for all tests of this folder."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from engine.bpmn.compile import compile_bundle
from engine.bpmn.program import Program

PROCESSES = Path(__file__).parents[3] / "processes"
BUNDLES = sorted(path.parent.name for path in PROCESSES.glob("*/process.toml"))
_CALLED = re.compile(rb'calledElement="(\w+)"')


def called_by(key: str) -> list[str]:
    """The bundles a bundle calls, and those that they call."""
    found: list[str] = []
    waiting = [key]
    while waiting:
        texts = _drawn(waiting.pop()).values()
        names = {name.decode() for text in texts for name in _CALLED.findall(text)}
        new = sorted(name for name in names if name in BUNDLES and name not in (key, *found))
        found += new
        waiting += new
    return found


@cache
def program(key: str) -> Program:
    return compile_bundle(_drawn(key), called=[_drawn(called) for called in CALLS[key]])


def diagram(key: str) -> bytes:
    return (PROCESSES / key / f"{key}.bpmn").read_bytes()


def _drawn(key: str) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in (PROCESSES / key).iterdir()
        if path.suffix in (".bpmn", ".dmn")
    }


CALLS = {key: called_by(key) for key in BUNDLES}
"""Bundle → the bundles it calls, directly or through others."""
