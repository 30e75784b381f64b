"""Finds the deadline rules a diagram names.

Properties `deadline` and `deadlineIf`, `rule` of a service task that moves a period, and ``due('KEY')`` in
expressions.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from engine.bpmn.drawing import Element
from engine.bpmn.expression import strip
from engine.bpmn.program import Node


def rule_keys(process: Node, elements: Iterable[Element]) -> Iterator[tuple[Node, str]]:
    """(node, rule key) for every mention."""
    yield from _of_properties(process)
    for element in elements:
        yield from _of_properties(element.node)
        texts = [element.script, element.node.due_date]
        if element.trigger.kind in ("timer", "conditional"):
            texts.append(element.trigger.value)
        for text in texts:
            for key in _called(text or ""):
                yield element.node, key


def special_rules(node: Node) -> Iterator[tuple[str, str]]:
    """(condition, rule key) of the property `deadlineIf`, ``condition:KEY``; several stand behind ``;``."""
    for part in filter(str.strip, node.properties.get("deadlineIf", "").split(";")):
        condition, _, key = part.rpartition(":")
        yield condition.strip(), key.strip()


def _of_properties(node: Node) -> Iterator[tuple[Node, str]]:
    if key := node.properties.get("deadline"):
        yield node, key
    for _, key in special_rules(node):
        yield node, key
    if node.topic and (moved := node.properties.get("rule")):
        yield node, moved


def _called(text: str) -> Iterator[str]:
    try:
        tree = ast.parse(strip(text))
    except (SyntaxError, ValueError):  # told as a problem of the text itself
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "due":
            for argument in node.args[:1]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
