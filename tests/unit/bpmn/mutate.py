"""Mutates diagrams: bytes, attributes, texts, tags; elements deleted, doubled, swapped or moved."""

from __future__ import annotations

import random
from collections.abc import Callable

from lxml import etree

TAGS = (
    "task", "userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask",
    "subProcess", "transaction", "adHocSubProcess", "callActivity", "exclusiveGateway", "parallelGateway",
    "inclusiveGateway", "eventBasedGateway", "complexGateway", "startEvent", "endEvent", "boundaryEvent",
    "intermediateCatchEvent", "intermediateThrowEvent", "sequenceFlow", "dataObject", "lane", "process",
    "messageEventDefinition", "timerEventDefinition", "signalEventDefinition", "errorEventDefinition",
    "escalationEventDefinition", "compensateEventDefinition", "conditionalEventDefinition",
    "cancelEventDefinition", "terminateEventDefinition", "linkEventDefinition",
    "multiInstanceLoopCharacteristics", "standardLoopCharacteristics",
)  # fmt: skip
VALUES = (
    "", " ", "true", "false", "0", "-1", "1", "99999999999999999999", "1e309", "x", "x.y", "投诉", "null",
    "PT1H", "P1Y", "R/PT1S", "R-1/PT1H", "P99999999999D", "2026-02-30", "0001-01-01", "9999-12-31T23:59:59",
    "due('X')", "now()", "${x}", "#{x", "${", "x ==", "1/0", "[] [0]", "get('x')", "x * 3", "[x, x]",
    "{'a': 1}", "set([1])", "date('x')", "for x in y: pass", "x = 1", "a, b", "a=1; b", "\u2028", "é" * 50,
    "x" * 5000, "range(10000)", "sorted([1, 'a'])", "-", "not(", "[1..", ">= ", '"a","b"', "]5..1[",
)  # fmt: skip
NAMES = (
    "id", "name", "sourceRef", "targetRef", "attachedToRef", "calledElement", "default", "cancelActivity",
    "isExecutable", "triggeredByEvent", "isSequential", "loopMaximum", "testBefore", "messageRef", "behavior",
    "signalRef", "errorRef", "escalationRef", "activityRef", "isInterrupting", "instantiate", "hitPolicy",
    "isForCompensation", "startQuantity", "completionQuantity", "parallelMultiple", "eventGatewayType",
    "{http://camunda.org/schema/1.0/bpmn}collection", "{http://camunda.org/schema/1.0/bpmn}decisionRef",
    "{http://camunda.org/schema/1.0/bpmn}topic", "{http://camunda.org/schema/1.0/bpmn}dueDate",
    "{http://camunda.org/schema/1.0/bpmn}mapDecisionResult", "aggregation", "typeRef",
)  # fmt: skip


def mutated(content: bytes, chance: random.Random) -> bytes:
    """`content` with one to four changes; one time in five its bytes are changed, else its tree."""
    if chance.random() < 0.2:
        return _bytes(content, chance)
    root = etree.fromstring(content)
    for _ in range(chance.randint(1, 4)):
        chance.choice(_TREE)(root, chance)
    return etree.tostring(root)


def _bytes(content: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.randint(1, 3)):
        at, length = chance.randrange(len(changed)), chance.randint(1, 40)
        kind = chance.randrange(4)
        if kind == 0:
            changed[at] = chance.randrange(256)
        elif kind == 1:
            del changed[at : at + length]
        elif kind == 2:
            changed[at:at] = changed[at : at + length]
        else:
            changed[at:at] = chance.choice(VALUES).encode()
    return bytes(changed) or b"<"


def _any(root: etree._Element, chance: random.Random) -> etree._Element:
    return chance.choice([node for node in root.iter() if isinstance(node.tag, str)])


def _delete(root: etree._Element, chance: random.Random) -> None:
    node = _any(root, chance)
    if node.getparent() is not None:
        node.getparent().remove(node)


def _copy(node: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(node))


def _double(root: etree._Element, chance: random.Random) -> None:
    node = _any(root, chance)
    if node.getparent() is not None:
        node.addnext(_copy(node))


def _move(root: etree._Element, chance: random.Random) -> None:
    _any(root, chance).append(_copy(_any(root, chance)))


def _swap(root: etree._Element, chance: random.Random) -> None:
    one, other = _any(root, chance), _any(root, chance)
    for name in chance.sample(NAMES, 3):
        a, b = one.get(name), other.get(name)
        if a is not None and b is not None:
            one.set(name, b)
            other.set(name, a)


def _point(root: etree._Element, chance: random.Random) -> None:
    """A reference goes elsewhere."""
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    referring = [
        (node, name)
        for node in root.iter()
        for name in node.attrib
        if name.endswith(("Ref", "default", "calledElement", "decisionRef"))
    ]
    if ids and referring:
        node, name = chance.choice(referring)
        node.set(name, chance.choice(ids))


def _attribute(root: etree._Element, chance: random.Random) -> None:
    node = _any(root, chance)
    own = list(node.attrib)
    name = chance.choice(own) if own and chance.random() < 0.5 else chance.choice(NAMES)
    if name in node.attrib and chance.random() < 0.3:
        del node.attrib[name]
    else:
        node.set(name, _value(chance))


def _value(chance: random.Random) -> str:
    return chance.choice(VALUES)


def _text(root: etree._Element, chance: random.Random) -> None:
    holders = [node for node in root.iter() if isinstance(node.tag, str) and (node.text or "").strip()]
    if holders:
        chance.choice(holders).text = _value(chance)


def _tag(root: etree._Element, chance: random.Random) -> None:
    node = _any(root, chance)
    space = node.tag.rpartition("}")[0]
    node.tag = f"{space}}}{chance.choice(TAGS)}" if space else chance.choice(TAGS)


_TREE: tuple[Callable[[etree._Element, random.Random], None], ...] = (
    _delete, _double, _move, _swap, _point, _point, _attribute, _attribute, _text, _tag,
)  # fmt: skip
