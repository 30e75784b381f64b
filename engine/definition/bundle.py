"""A bundle is the files of one process folder; its digest is its identity."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from lxml import etree

from engine.bpmn.binding import Call, calls_in
from engine.bpmn.xml import parse_xml

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"

Files = Mapping[str, bytes]
"""Path inside the folder, with '/', → content."""


def digest(files: Files) -> str:
    """SHA-256 over every path and content, in path order."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return total.hexdigest()


def executable(files: Files) -> dict[str, bytes]:
    """The diagrams and decision tables: what is compiled."""
    return {path: content for path, content in files.items() if path.endswith((".bpmn", ".dmn"))}


def own_processes(files: Files) -> set[str]:
    """Ids of the BPMN processes drawn in the bundle."""
    return {node.get("id", "") for root in _diagrams(files) for node in root.iter(f"{BPMN}process")}


def called_processes(files: Files) -> set[str]:
    """Ids of the processes its call activities name and the bundle does not hold itself."""
    return {call.process for call in foreign_calls(files)}


def foreign_calls(files: Files) -> list[Call]:
    """Its calls to processes of other bundles, in document order."""
    own = own_processes(files) | {""}
    return [call for root in _diagrams(files) for call in calls_in(root) if call.process not in own]


def _diagrams(files: Files) -> list[etree._Element]:
    return [parse_xml(files[path], path) for path in sorted(files) if path.endswith(".bpmn")]
