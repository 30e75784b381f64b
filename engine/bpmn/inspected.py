"""The child that reads uploads: takes bundles on stdin, answers with their problems, dies when it must.

``python -m engine.bpmn.inspected CPU_SECONDS MEMORY_BYTES``. A request is a length of four bytes and JSON
``{"files": {path: base64}}``; the answer, framed alike, is ``{"problems": [[element, message, severity,
file], …]}``. Limits are set before anything is read; breaking one ends the process, which its parent sees.
"""

from __future__ import annotations

import base64
import json
import os
import resource
import sys
from collections.abc import Mapping
from typing import BinaryIO

from engine.bpmn.compile import read_bundle
from engine.bpmn.drawing import nested
from engine.bpmn.structure import check_structure
from engine.bpmn.texts import check_texts
from engine.errors import Problem

LENGTH = 4


def problems_of(files: Mapping[str, bytes]) -> list[Problem]:
    """What is wrong with a bundle by itself. Whether the processes it calls exist is asked later."""
    drawn = read_bundle(files)
    called = {
        element.node.called or ""
        for drawing in drawn.processes
        for block in nested(drawing.block)
        for element in block.elements.values()
    }
    problems = list(drawn.problems)
    for drawing in drawn.processes:
        problems.extend(check_structure(drawing, called))
        problems.extend(check_texts(drawing, drawn.decisions))
    return problems


def limit(cpu_s: int, memory_bytes: int) -> None:
    """Bounds what this process may still use: processor time from now on, memory, files, processes."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (spent + cpu_s, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    for nothing in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(nothing, (0, 0))


def serve(requests: BinaryIO, answers: BinaryIO, cpu_s: int, memory_bytes: int) -> None:
    """Answers one request after another until there are no more."""
    while len(head := requests.read(LENGTH)) == LENGTH:
        limit(cpu_s, memory_bytes)
        request = json.loads(requests.read(int.from_bytes(head)))
        files = {path: base64.b64decode(content) for path, content in request["files"].items()}
        told = [[p.element_id, p.message, p.severity, p.file] for p in problems_of(files)]
        answer = json.dumps({"problems": told}).encode()
        answers.write(len(answer).to_bytes(LENGTH) + answer)
        answers.flush()


if __name__ == "__main__":
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever is printed by mistake is no answer
    serve(sys.stdin.buffer, out, int(sys.argv[1]), int(sys.argv[2]))
