"""What publishing would say of a diagram that can be tried: gateways, ways and tables; names play no part."""

from __future__ import annotations

from collections.abc import Mapping

from engine.bpmn.checks.soundness import soundness
from engine.bpmn.checks.tables import tables
from engine.bpmn.checks.ways import ways
from engine.bpmn.compile import read_bundle
from engine.errors import Problem


def warnings(files: Mapping[str, bytes]) -> list[Problem]:
    """Errors among them keep a diagram from being published; a trial runs and shows what comes of them."""
    drawn = read_bundle(files)
    problems = [problem for drawing in drawn.processes for problem in (*ways(drawing), *soundness(drawing))]
    problems += [problem for decision in drawn.decisions.values() for problem in tables(decision)]
    return list(dict.fromkeys(problems))
