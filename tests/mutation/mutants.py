"""Every process folder with one thing left out: a bound node, a guard, or that an answer is required."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
BOUND = (
    "userTask", "serviceTask", "businessRuleTask", "callActivity", "scriptTask",
    "intermediateThrowEvent", "intermediateCatchEvent",
)  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One file of a process folder as it would be without something."""

    folder: str
    file: str
    without: str
    """What is left out: ``ut_sign``, ``ut_sign guard``, ``facts required``."""
    content: bytes

    @property
    def name(self) -> str:
        """Stays the same while other things are added."""
        return f"{self.folder}/{self.file} without {self.without}"


def mutants_of(folder: Path) -> Iterator[Mutant]:
    """All of one process folder, diagrams first."""
    for path in sorted(folder.glob("*.bpmn")):
        content = path.read_bytes()
        for without, mutated in (*_without_nodes(content), *_without_guards(content)):
            yield Mutant(folder.name, path.name, without, mutated)
    for path in sorted(folder.glob("*.form")):
        for without, mutated in _without_required(path.read_bytes()):
            yield Mutant(folder.name, path.name, without, mutated)


def _without_nodes(content: bytes) -> Iterator[tuple[str, bytes]]:
    """A node with one way out vanishes: what led to it leads on."""
    for node in etree.fromstring(content).iter(*(BPMN + kind for kind in BOUND)):
        if node.find(f".//{CAMUNDA}property[@name='clause']") is None:
            continue
        tree = etree.fromstring(content)
        if _bypass(tree, node.get("id", "")):
            yield node.get("id", ""), etree.tostring(tree)


def _bypass(tree: etree._Element, node_id: str) -> bool:
    flows = list(tree.iter(f"{BPMN}sequenceFlow"))
    out = [flow for flow in flows if flow.get("sourceRef") == node_id]
    coming = [flow for flow in flows if flow.get("targetRef") == node_id]
    if len(out) != 1 or not coming or _chosen_by_event(tree, coming):
        return False
    node = tree.find(f".//*[@id='{node_id}']")
    assert node is not None
    target = out[0].get("targetRef", "")
    for flow in coming:
        flow.set("targetRef", target)
    gone = {node_id, out[0].get("id")}
    hosted = [e for e in tree.iter(f"{BPMN}boundaryEvent") if e.get("attachedToRef") == node_id]
    if hosted:
        return False
    for element in [node, out[0], *(e for e in tree.iter() if e.get("bpmnElement") in gone)]:
        element.getparent().remove(element)
    for reference in list(tree.iter(f"{BPMN}incoming", f"{BPMN}outgoing", f"{BPMN}flowNodeRef")):
        if reference.text in gone:
            reference.getparent().remove(reference)
    return True


def _chosen_by_event(tree: etree._Element, coming: list[etree._Element]) -> bool:
    """Behind an event gateway the event is the choice: without it the drawing cannot be read."""
    sources = {flow.get("sourceRef") for flow in coming}
    return any(gateway.get("id") in sources for gateway in tree.iter(f"{BPMN}eventBasedGateway"))


def _without_guards(content: bytes) -> Iterator[tuple[str, bytes]]:
    count = len(list(etree.fromstring(content).iter(f"{CAMUNDA}property")))
    for number in range(count):
        tree = etree.fromstring(content)
        found = list(tree.iter(f"{CAMUNDA}property"))[number]
        if found.get("name") == "guard":
            owner = found.getparent().getparent().getparent()
            found.getparent().remove(found)
            yield f"{owner.get('id')} guard", etree.tostring(tree)


def _without_required(content: bytes) -> Iterator[tuple[str, bytes]]:
    total = len(_required(json.loads(content)))
    for number in range(total):
        form = json.loads(content)
        field = _required(form)[number]
        field["validate"].pop("required")
        yield f"{field.get('key', '?')} required", json.dumps(form, ensure_ascii=False).encode()


def _required(part: Any) -> list[dict[str, Any]]:
    found = [part] if isinstance(part.get("validate"), dict) and part["validate"].get("required") else []
    for child in part.get("components", ()):
        found += _required(child)
    return found
