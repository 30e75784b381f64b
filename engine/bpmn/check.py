"""Checks a bundle before it is published: all problems at once, in words for its process owner.

Beside what `compile_bundle` refuses: references to what does not exist, nodes that are never reached or lead
nowhere, gateways that stop or multiply tokens, variables nobody sets, and tables that leave cases open.
"""

from __future__ import annotations

from collections.abc import Mapping, Set

from engine.bpmn.checks.given import given_to
from engine.bpmn.checks.known import Known
from engine.bpmn.checks.messages import messages
from engine.bpmn.checks.parallel import parallel
from engine.bpmn.checks.recursion import recursion
from engine.bpmn.checks.references import references
from engine.bpmn.checks.soundness import soundness
from engine.bpmn.checks.tables import tables
from engine.bpmn.checks.variables import variables
from engine.bpmn.checks.ways import ways
from engine.bpmn.compile import read_bundle
from engine.bpmn.structure import check_structure
from engine.bpmn.texts import check_texts
from engine.errors import Problem


def check_bundle(
    files: Mapping[str, bytes],
    *,
    called_processes: Set[str],
    forms: Set[str],
    roles: Set[str],
    topics: Set[str],
    messages: Set[str],
    rules: Set[str],
) -> list[Problem]:
    """Errors and warnings of a bundle. `called_processes`: those of other bundles that may be called."""
    known = Known(forms, roles, topics, messages, rules)
    return check(files, called_processes, known)


def check(files: Mapping[str, bytes], called_processes: Set[str], known: Known) -> list[Problem]:
    """As `check_bundle`, with all that is known about the names a bundle may use."""
    drawn = read_bundle(files)
    processes = called_processes | {drawing.id for drawing in drawn.processes}
    problems = list(drawn.problems)
    given = given_to(drawn.processes, known)
    for drawing in drawn.processes:
        problems.extend(check_structure(drawing, processes))
        problems.extend(check_texts(drawing, drawn.decisions))
        problems.extend(references(drawing, known))
        problems.extend(ways(drawing))
        problems.extend(soundness(drawing))
        problems.extend(variables(drawing, known, drawn.decisions, given[drawing.id]))
        problems.extend(parallel(drawing, known, drawn.decisions))
    problems.extend(recursion(drawn.processes))
    problems.extend(messages(drawn.processes, known))
    for decision in drawn.decisions.values():
        problems.extend(tables(decision))
    return list(dict.fromkeys(problems))
