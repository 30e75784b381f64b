"""Every variable that a condition, a table or a message reads is set somewhere before."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache

import pytest
from lxml import etree

from engine.bpmn.due_keys import special_rules
from engine.bpmn.functions import BOUND, PURE
from forms.schema import FormFile
from supervision.setup import read_messages
from supervision.topic_answers import ANSWERS
from tests.unit.processes.bundles import BUNDLES, CALLS, PROCESSES, diagram, program

NAMES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "camunda": "http://camunda.org/schema/1.0/bpmn",
}
BEGUN_WITH = {
    "complaint": {"F-CP-1", "F-CP-1-clerk"},
    "extension": {"F-EXT"},
    "rectification": {"F-RC-0"},
    "daily_supervision": {"F-P0-1"},
    "accountability_review": {"F-RV-4"},
    "conclusion_review": {"F-RV-1"},
}
"""Forms of start events."""


@cache
def answers(key: str, form: str) -> set[str]:
    read = FormFile.parse((PROCESSES / key / f"{form}.form").read_bytes(), form)
    return {leaf.key for _, leaf in read.leaves() if not leaf.sealed}


def produced(key: str) -> set[str]:
    """By forms, topics, tables, scripts, and what calls hand over."""
    drawn = program(key)
    made: set[str] = set()
    for start in drawn.processes[key].starts:
        made |= brought(start.message or "")
    for form in BEGUN_WITH.get(key, ()):
        made |= answers(key, form)
    for node in drawn.processes[key].nodes.values():
        if node.kind == "userTask" and node.form:
            made |= answers(key, node.form)
        made |= ANSWERS.get(node.topic or "", set())
        if node.decision:
            made |= {output.name for output in drawn.decisions[node.decision].outputs}
    root = etree.fromstring(diagram(key))
    for script in root.iterfind(".//bpmn:script", NAMES):
        made |= set(re.findall(r"^(\w+) *=", script.text or "", re.MULTILINE))
    made |= {out.get("target") for out in root.iterfind(".//camunda:out", NAMES) if out.get("target")}
    loops = root.iterfind(".//bpmn:multiInstanceLoopCharacteristics", NAMES)
    made |= {loop.get(f"{{{NAMES['camunda']}}}elementVariable", "") for loop in loops}
    return made | handed_over(key)


def brought(message: str) -> set[str]:
    """By the message that a process begins with."""
    declared = read_messages(PROCESSES / "messages.toml").get(message)
    return set(declared.payload) if declared else set()


def handed_over(key: str) -> set[str]:
    """What every caller gives by ``camunda:in``."""
    given: list[set[str]] = []
    for caller in (caller for caller, called in CALLS.items() if key in called):
        root = etree.fromstring(diagram(caller))
        for call in root.iterfind(f".//bpmn:callActivity[@calledElement='{key}']", NAMES):
            given.append({entry.get("target") for entry in call.iterfind(".//camunda:in", NAMES)} - {None})
    return set.intersection(*given) if given else set()


def expressions(key: str) -> Iterator[tuple[str, str]]:
    """(where, source) of conditions, mappings, table columns, payloads."""
    root = etree.fromstring(diagram(key))
    for flow in root.iterfind(".//bpmn:sequenceFlow", NAMES):
        if (condition := flow.find("bpmn:conditionExpression", NAMES)) is not None:
            yield flow.get("id"), condition.text
    for entry in root.iterfind(".//camunda:in[@sourceExpression]", NAMES):
        yield "camunda:in", entry.get("sourceExpression")
    for node in program(key).processes[key].nodes.values():
        for part in node.properties.get("payload", "").split(";"):
            if part.strip():
                yield node.id, part.split("=", 1)[-1].strip()
        for condition, _ in special_rules(node):
            yield node.id, condition
        for name in ("deadlineStart", "unit", "correlation"):
            if node.properties.get(name):
                yield node.id, node.properties[name]
        if node.decision:
            for column in program(key).decisions[node.decision].inputs:
                yield node.id, column.expression


@pytest.mark.parametrize("key", BUNDLES)
def test_what_is_read_was_written(key: str) -> None:
    made = produced(key)
    for where, source in expressions(key):
        tree = ast.parse(re.sub(r"^\$\{(.*)\}$", r"\1", source.strip(), flags=re.DOTALL), mode="eval")
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        own = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        read = {node.id for node in names} - {*PURE, *BOUND} - own
        assert read <= made, f"{key}: {where} reads {read - made}, which nothing sets"


@pytest.mark.parametrize("key", BUNDLES)
def test_the_words_of_conditions_are_words_of_the_forms(key: str) -> None:
    """A condition on an answer compares with one that can be given."""
    offered: dict[str, set[str]] = {}
    for path in (PROCESSES / key).glob("*.form"):
        for _, leaf in FormFile.parse(path.read_bytes(), path.stem).leaves():
            if values := leaf.component.get("values"):
                offered.setdefault(leaf.key, set()).update(str(value["value"]) for value in values)
    for where, source in expressions(key):
        for name, words in re.findall(r"(\w+) (?:==|!=|in) (\[[^\]]*\]|'[^']*')", source):
            given = re.findall(r"'([^']*)'", words)
            if name in offered:
                assert set(given) <= offered[name], f"{where}: {set(given) - offered[name]}"
