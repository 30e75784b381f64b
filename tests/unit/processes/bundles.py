"""The bundles that come with the program, compiled once for all tests of this folder."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from engine.bpmn.compile import compile_bundle
from engine.bpmn.program import Program

PROCESSES = Path(__file__).parents[3] / "processes"
BUNDLES = sorted(path.parent.name for path in PROCESSES.glob("*/process.toml"))
CALLS = {
    "complaint": ["document_issue", "service_of_documents", "publication"],
    "document_issue": ["service_of_documents"],
    "extension": ["document_issue", "service_of_documents"],
}


@cache
def program(key: str) -> Program:
    return compile_bundle(_drawn(key), called=[_drawn(called) for called in CALLS.get(key, [])])


def diagram(key: str) -> bytes:
    return (PROCESSES / key / f"{key}.bpmn").read_bytes()


def _drawn(key: str) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in (PROCESSES / key).iterdir()
        if path.suffix in (".bpmn", ".dmn")
    }
