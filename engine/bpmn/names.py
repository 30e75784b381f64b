"""Namespaces and tag names of BPMN, DMN and the Camunda profile."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
CAMUNDA = "{http://camunda.org/schema/1.0/bpmn}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"

TASKS = (
    "task", "userTask", "manualTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask",
    "receiveTask",
)  # fmt: skip
EMBEDDED = ("subProcess", "transaction", "adHocSubProcess")
BLOCKS = (*EMBEDDED, "callActivity")
ACTIVITIES = (*TASKS, *BLOCKS)
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
FLOW_NODES = (*ACTIVITIES, *GATEWAYS, *EVENTS)
EVENT_SUFFIX = "EventDefinition"

Xml: TypeAlias = etree._Element


def local(node: Xml) -> str:
    """The tag without its namespace; '' for comments and processing instructions."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def is_bpmn(node: Xml) -> bool:
    """Whether the tag belongs to BPMN's own model namespace."""
    return isinstance(node.tag, str) and node.tag.startswith(BPMN)


def text_of(node: Xml, tag: str) -> str | None:
    """Stripped text of the first direct BPMN child `tag`, or None when absent or blank."""
    child = node.find(f"{BPMN}{tag}")
    return ((child.text or "").strip() or None) if child is not None else None


def flag(node: Xml, name: str, default: bool = False) -> bool:
    """A yes-or-no attribute, in either spelling of XML Schema."""
    value = node.get(name)
    return default if value is None else value.strip() in ("true", "1")
