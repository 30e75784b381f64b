"""The Camunda 7 profile: what modelers write in ``camunda:`` attributes and extension elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.bpmn.drawing import Mapped
from engine.bpmn.expression import strip
from engine.bpmn.names import BPMN, CAMUNDA, Xml

_REFUSED = {
    "executionListener": "执行监听器（camunda:executionListener）不会执行：请改用服务任务",
    "taskListener": "任务监听器（camunda:taskListener）不会执行：请改用服务任务",
    "formData": "内嵌表单字段（camunda:formData）不会显示：请改用 .form 文件和 camunda:formRef",
    "connector": "连接器（camunda:connector）不会执行：请改用带主题的服务任务",
}
_REFUSED_ATTRIBUTES = ("class", "delegateExpression", "expression")


@dataclass(frozen=True)
class Profile:
    """Attributes without prefix, properties, call mappings, and sentences about what is refused."""

    attributes: Mapping[str, str]
    properties: Mapping[str, str]
    ins: tuple[Mapped, ...]
    outs: tuple[Mapped, ...]
    refused: tuple[str, ...]

    def text(self, name: str) -> str | None:
        """A Camunda attribute, stripped; None when absent or blank."""
        return self.attributes.get(name, "").strip() or None

    def expression(self, name: str) -> str | None:
        """A Camunda attribute without ``${}``."""
        value = self.text(name)
        return strip(value) if value else None

    def names(self, name: str) -> tuple[str, ...]:
        """A comma list."""
        return tuple(part.strip() for part in (self.text(name) or "").split(",") if part.strip())

    @property
    def form(self) -> str | None:
        """formRef, or formKey without Camunda's ``camunda-forms:…:`` and without ``.form``."""
        key = self.text("formRef") or self.text("formKey")
        return key.rpartition(":")[2].rpartition("/")[2].removesuffix(".form") if key else None


def read_profile(node: Xml) -> Profile:
    """Reads `node`'s own attributes and its direct extension elements, never a nested node's."""
    attributes = {
        name.removeprefix(CAMUNDA): value for name, value in node.attrib.items() if name.startswith(CAMUNDA)
    }
    extensions = node.find(f"{BPMN}extensionElements")
    own = [child for child in (() if extensions is None else extensions) if _tag(child)]
    properties = {
        child.get("name", ""): child.get("value", "")
        for holder in own
        if _tag(holder) == "properties"
        for child in holder
    }
    properties |= _patience(attributes, own, properties)
    refused = [text for child in own if (text := _REFUSED.get(_tag(child)))]
    refused += [
        f'camunda:{name} 会运行任意程序，不支持：请改用 camunda:type="external" 和主题'
        for name in _REFUSED_ATTRIBUTES
        if name in attributes
    ]
    return Profile(attributes, properties, _mapped(own, "in"), _mapped(own, "out"), tuple(refused))


def _patience(attributes: Mapping[str, str], own: list[Xml], properties: Mapping[str, str]) -> dict[str, str]:
    """How long and how often a service task is tried, in the words of our own properties."""
    retry = next((child.text for child in own if _tag(child) == "failedJobRetryTimeCycle" and child.text), "")
    said = {"retry": retry.strip(), "async": "true" if attributes.get("asyncBefore") == "true" else ""}
    return {name: value for name, value in said.items() if value and name not in properties}


def _mapped(own: list[Xml], tag: str) -> tuple[Mapped, ...]:
    found = []
    for child in own:
        if _tag(child) != tag or child.get("businessKey"):
            continue
        if child.get("variables") == "all":
            found.append(Mapped(everything=True))
        else:
            source, expression = child.get("source"), strip(child.get("sourceExpression") or "")
            found.append(Mapped(child.get("target") or "", source or expression, computed=not source))
    return tuple(found)


def _tag(node: Xml) -> str:
    return (
        node.tag.removeprefix(CAMUNDA) if isinstance(node.tag, str) and node.tag.startswith(CAMUNDA) else ""
    )
