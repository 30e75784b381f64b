"""What is checked before a bundle is published: diagrams, forms, and the lists they refer to."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from command.neighbours import neighbours_of
from command.say import MISUSED, Refused
from engine.bpmn.check import check
from engine.bpmn.checks.known import Known
from engine.bpmn.compile import read_bundle
from engine.bpmn.drawing import ProcessDrawing
from engine.bpmn.program import Program
from engine.deadline.rule_file import parse_rules
from engine.definition.bundle import Files, executable, own_processes
from engine.definition.publish import Check
from engine.errors import DiagramError, Problem
from forms.schema import FormFile, lint
from supervision.deadlines.versions import Periods
from supervision.document.template import Templates
from supervision.house import House
from supervision.identity.key import Keys
from supervision.invariants.check import invariants
from supervision.invariants.file import Obligation, read_obligations
from supervision.organisation.role_file import read_roles
from supervision.setup import all_topics, read_messages
from supervision.topic_answers import ANSWERS


@dataclass(frozen=True)
class Checker:
    """The names a bundle may refer to, beside its own forms."""

    known: Known
    processes: frozenset[str]
    """Ids of processes that may be called."""
    obligations: tuple[Obligation, ...] = ()
    drawings: tuple[ProcessDrawing, ...] = ()
    """Of the bundles beside it."""

    def __call__(self, key: str, files: Files, program: Program | None = None) -> Sequence[Problem]:
        """All problems of a bundle, each with its file below the folder `key`."""
        problems = _manifest(files)
        forms = {Path(path).stem: path for path in files if path.endswith(".form")}
        for name, path in forms.items():
            problems += [replace(p, file=path) for p in lint(files[path], name)]
        fields = {name: found for name, path in forms.items() if (found := _fields(files[path], name))}
        known = replace(self.known, forms=set(forms), fields=fields)
        problems += check(executable(files), self.processes, known)
        problems += self._unlawful(files, program)
        return [replace(p, file=f"{key}/{p.file}" if p.file else key) for p in problems]

    def _unlawful(self, files: Files, program: Program | None) -> list[Problem]:
        """A published version is judged with the versions it calls; a folder with those beside it."""
        own = read_bundle(executable(files)).processes
        called = tuple(program.drawings.values()) if program else self.drawings
        return invariants(own, called, self.obligations)


def _fields(content: bytes, name: str) -> set[str] | None:
    """Variables a form sets; None when it is broken, which is told already."""
    try:
        return {path[0] for path, leaf in FormFile.parse(content, name).leaves() if not leaf.sealed}
    except DiagramError:
        return None


def checker_for(processes: Path, bundles: Mapping[str, Files]) -> Checker:
    """The checker for bundles beside the lists of `processes` (roles, messages, deadlines).

    Raises:
        Refused: a list is missing. InvalidData: a list is broken.
    """
    for name in ("roles.toml", "messages.toml", "deadlines.toml"):
        if not (processes / name).is_file():
            raise Refused(f"没有找到 {processes / name}：请用 --processes 指明 processes 文件夹", MISUSED)
    own: set[str] = set()
    for files in bundles.values():
        try:
            own |= own_processes(files)
        except DiagramError:  # said again, with its place, when that bundle is checked
            continue
    neighbours, messages = neighbours_of(bundles), read_messages(processes / "messages.toml")
    known = Known(
        roles=frozenset(read_roles(processes / "roles.toml")),
        topics=frozenset(_topics(processes)),
        messages=messages.keys(),
        rules=frozenset(parse_rules((processes / "deadlines.toml").read_text())),
        answers=ANSWERS,
        payloads={name: set(message.payload) for name, message in messages.items()},
        received=neighbours.received | {name for name, message in messages.items() if message.receiver},
        sent=neighbours.sent | {name for name, message in messages.items() if message.sender},
        handed=neighbours.handed,
    )
    return Checker(known, frozenset(own), read_obligations(processes), tuple(neighbours.drawings))


def upload_check(processes: Path) -> Check:
    """The check of a bundle that comes over the network, beside the lists of `processes`.

    What it calls is known from the program: it was compiled with the published processes it calls.
    """

    def check(key: str, files: Files, program: Program) -> Sequence[Problem]:
        lists = checker_for(processes, {key: files})
        return replace(lists, processes=lists.processes | frozenset(program.processes))(key, files, program)

    return check


def _topics(processes: Path) -> set[str]:
    """Names only: no handler is called, so no key is needed."""
    periods = Periods()
    return set(all_topics(House(Keys("", {}), Templates(processes), periods.rules, periods.calendar)))


def _manifest(files: Files) -> list[Problem]:
    if "process.toml" not in files:
        return [Problem("", "流程文件夹里应有 process.toml（key、name、clause、owner）", file="")]
    try:
        tomllib.loads(files["process.toml"].decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return [Problem("", f"不是正确的 TOML：{error}", file="process.toml")]
    return []
