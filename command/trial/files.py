"""Which files a trial reads, and which process in them it runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from command.say import MISUSED, Refused
from engine.bpmn.compile import Files
from engine.bpmn.names import BPMN, Xml, local
from engine.bpmn.program import Program
from engine.bpmn.xml import parse_xml
from engine.errors import DiagramError, Problem

KINDS = (".bpmn", ".dmn")
TAKEN = "~.bpmn"
"""Ends the name of a file that is taken for a diagram."""


def read_files(paths: Iterable[Path]) -> dict[str, bytes]:
    """Contents by name, in the order given; a folder stands for its diagrams and tables.

    A name that is no .bpmn or .dmn is taken for a diagram: tools write .xml, .bpmn2, or nothing at all.

    Raises:
        Refused: a path does not exist, cannot be read, or is a folder without diagrams.
    """
    files: dict[str, bytes] = {}
    for path in (file for given in paths for file in _expanded(given)):
        name = path.name if path.name.endswith(KINDS) else path.name + TAKEN
        while name in files:
            name = f"_{name}"
        try:
            files[name] = path.read_bytes()
        except OSError as error:
            raise Refused(f"读不出 {path}（{error.strerror}）", MISUSED) from error
    return files


def as_named(problems: Iterable[Problem]) -> list[Problem]:
    """The problems, with files called as their owner calls them."""
    return [replace(problem, file=problem.file.removesuffix(TAKEN)) for problem in problems]


def _expanded(path: Path) -> Sequence[Path]:
    if not path.exists():
        raise Refused(f"没有这个文件：{path}", MISUSED)
    if not path.is_dir():
        return [path]
    found = sorted(file for file in path.rglob("*") if file.suffix in KINDS)
    if not any(file.suffix == ".bpmn" for file in found):
        raise Refused(f"{path} 里没有 .bpmn 文件", MISUSED)
    return found


def choose_process(program: Program, files: Files, wanted: str | None) -> tuple[str, str]:
    """(process id, why it and no other; '' when there was no choice).

    Raises:
        Refused: `wanted` is not there.
    """
    runnable = list(program.processes)
    if wanted is not None:
        if wanted not in runnable:
            raise Refused(f"没有流程“{wanted}”：文件中可执行的流程有 {'、'.join(runnable)}", MISUSED)
        return wanted, ""
    if len(runnable) == 1:
        return runnable[0], ""
    called = {node.called for process in program.processes.values() for node in process.nodes.values()}
    drawn = [process for process in _in_order(files) if process in program.processes]
    chosen = next((process for process in drawn if process not in called), drawn[0])
    return chosen, f"有 {len(runnable)} 个可执行的流程：{'、'.join(drawn)}；试走“{chosen}”，用 --process 另选"


def _in_order(files: Files) -> list[str]:
    """Ids of the processes of the first file that has any: participants' first, then as they are drawn."""
    found: list[str] = []
    for root in _roots(files):
        pools = [node.get("processRef", "").rpartition(":")[2] for node in root.iter(f"{BPMN}participant")]
        found += [*pools, *(node.get("id", "") for node in root.iter(f"{BPMN}process"))]
    return list(dict.fromkeys(found))


def _roots(files: Mapping[str, bytes]) -> Iterable[Xml]:
    for name, content in files.items():
        try:
            root = parse_xml(content, name)
        except DiagramError:  # said by whoever compiles it
            continue
        if local(root) == "definitions":
            yield root
