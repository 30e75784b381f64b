"""Reads data mappings: BPMN's ioSpecification with data associations, and camunda:inputOutput.

Data objects are variables: of the object's name where that can be one, else of its reference's, else of its
id. An association drawn only to show what an activity works with, without a declared data input or output
at its end, maps nothing; neither does one with a data store.
Source: BPMN 2.0 sections 10.4.1 and 10.4.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.bpmn.drawing import DataMapping, Element, Mapped
from engine.bpmn.expression import strip
from engine.bpmn.names import ACTIVITIES, BPMN, CAMUNDA, Xml, local, text_of

_ITEMS = ("dataObject", "dataInput", "dataOutput", "property", "inputDataItem", "outputDataItem")
_DECLARED = ("dataInput", "dataOutput", "property")
_OPENING = re.compile(r"[$#]\{")
_ALL = re.compile(r"[$#]\{.*\}", re.DOTALL)
_PART = re.compile(r"[$#]\{([^{}]*)\}")


@dataclass(frozen=True)
class DataNames:
    """Variable names of a file's data objects, inputs and outputs, by id."""

    names: Mapping[str, str]

    @classmethod
    def of(cls, root: Xml) -> DataNames:
        """All data elements of a file."""
        names: dict[str, str] = {}
        for node in root.iter(*(BPMN + tag for tag in _ITEMS)):
            names[node.get("id", "")] = _variable(node.get("name"), node.get("id"))
        for node in root.iter(f"{BPMN}dataObjectReference"):
            object_id = node.get("dataObjectRef", "")
            if names.get(object_id, object_id) == object_id and (node.get("name") or "").isidentifier():
                names[object_id] = node.get("name", "")
        for node in root.iter(f"{BPMN}dataObjectReference"):
            object_id = node.get("dataObjectRef", "")
            names[node.get("id", "")] = names.get(object_id) or _variable(node.get("name"), node.get("id"))
        return cls({key: name for key, name in names.items() if key and not name.startswith("__")})


def with_data(element: Element, node: Xml, data: DataNames, problems: list[str]) -> Element:
    """`element` with its mapping; sentences about what is wrong are appended to `problems`."""
    given, taken = list(_inputs(node, data, problems)), list(_outputs(node, data, problems))
    ins, outs = (list(_camunda(node, tag, problems)) for tag in ("inputParameter", "outputParameter"))
    if element.kind not in ACTIVITIES:
        if ins or outs or any(entry.source != entry.target for entry in (*given, *taken)):
            problems.append("数据映射只能写在任务、子流程和调用活动上：请改用属性 payload 或之后的脚本任务")
        return element
    if element.kind == "callActivity":
        element = replace(element, ins=(*element.ins, *given), outs=(*element.outs, *taken))
        given = taken = []
    own = {entry.target for entry in (*ins, *given)}
    own |= {entry.source for entry in taken if not entry.computed}
    mapping = DataMapping((*ins, *given), (*outs, *taken), frozenset(own))
    return replace(element, mapping=mapping) if mapping.ins or mapping.outs else element


def source_of(node: Xml, data: DataNames, item: str) -> str:
    """What feeds, or takes, the data input or output `item` of an activity: a variable or an expression."""
    for association in node.iterchildren(f"{BPMN}dataInputAssociation", f"{BPMN}dataOutputAssociation"):
        source, target = _ends(association)
        if item == target and source:
            return text_of(association, "transformation") or data.names.get(source[0], source[0])
        if source == [item]:
            return data.names.get(target, target)
    return data.names.get(item, item)


def _declared(node: Xml) -> set[str]:
    """Ids of the inputs, outputs and properties an activity declares; tools' placeholders are none."""
    holders = [node, *node.findall(f"{BPMN}ioSpecification")]
    return {
        child.get("id", "")
        for holder in holders
        for child in holder
        if local(child) in _DECLARED and not (child.get("name") or "").startswith("__")
    }


def _ends(association: Xml) -> tuple[list[str], str]:
    sources = [(child.text or "").strip() for child in association.findall(f"{BPMN}sourceRef")]
    return [source for source in sources if source], text_of(association, "targetRef") or ""


def _inputs(node: Xml, data: DataNames, problems: list[str]) -> Iterator[Mapped]:
    declared = _declared(node) - _of_the_loop(node)
    for association in node.findall(f"{BPMN}dataInputAssociation"):
        sources, target = _ends(association)
        if target in declared:
            yield from _association(association, sources, data.names.get(target, target), data, problems)


def _outputs(node: Xml, data: DataNames, problems: list[str]) -> Iterator[Mapped]:
    declared = _declared(node) - _of_the_loop(node)
    for association in node.findall(f"{BPMN}dataOutputAssociation"):
        sources, target = _ends(association)
        if target in data.names and declared.intersection(sources):
            yield from _association(association, sources, data.names[target], data, problems)


def _of_the_loop(node: Xml) -> set[str]:
    """Ids of the collections of a multi-instance: they belong to the loop, not to its instances."""
    loop = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if loop is None:
        return set()
    return {text_of(loop, tag) or "" for tag in ("loopDataInputRef", "loopDataOutputRef")}


def _association(
    association: Xml, sources: list[str], target: str, data: DataNames, problems: list[str]
) -> Iterator[Mapped]:
    assignments = association.findall(f"{BPMN}assignment")
    transformation = text_of(association, "transformation")
    for assignment in assignments:
        to = strip(text_of(assignment, "to") or target)
        name = data.names.get(to, to)
        if not name.isidentifier():
            problems.append(f"数据映射的目标应为一个变量名，但是“{to}”：请改写 assignment 的 to")
        yield Mapped(name, strip(text_of(assignment, "from") or ""), computed=True)
    if transformation:
        yield Mapped(target, strip(transformation), computed=True)
    elif not assignments and len(sources) > 1:
        problems.append("数据映射有几个来源，应写明怎样合成一个：请填写 transformation 或分成几条")
    elif not assignments and sources and sources[0] in data.names:
        yield Mapped(target, data.names[sources[0]])


def _camunda(node: Xml, tag: str, problems: list[str]) -> Iterator[Mapped]:
    path = f"{BPMN}extensionElements/{CAMUNDA}inputOutput/{CAMUNDA}{tag}"
    for parameter in node.findall(path):
        name = parameter.get("name") or ""
        if not name.isidentifier():
            problems.append(f"输入输出映射的变量名“{name}”应以字母或汉字开头，只含字母、汉字、数字和下划线")
        yield Mapped(name, _value(parameter, problems), computed=True)


def _value(node: Xml, problems: list[str]) -> str:
    """The expression for the value of a parameter, list item or map entry."""
    child = next((child for child in node if isinstance(child.tag, str)), None)
    if child is None:
        return _text(node.text or "")
    if child.tag == f"{CAMUNDA}list":
        return f"[{', '.join(_value(item, problems) for item in child)}]"
    if child.tag == f"{CAMUNDA}map":
        entries = [f"{entry.get('key', '')!r}: {_value(entry, problems)}" for entry in child]
        return f"{{{', '.join(entries)}}}"
    problems.append(f"输入输出映射的值应为文字、表达式、list 或 map，但是 {local(child)}：请改用脚本任务")
    return "None"


def _text(text: str) -> str:
    """An expression, a text, or a text with expressions in it; nothing is null."""
    text = text.strip()
    if not text:
        return "None"
    if text.startswith("=") or (len(_OPENING.findall(text)) == 1 and _ALL.fullmatch(text)):
        return f"({strip(text)})"
    parts = [
        f"str({strip('${' + part + '}')})" if at % 2 else repr(part)
        for at, part in enumerate(_PART.split(text))
    ]
    return " + ".join(part for part in parts if part != "''")


def _variable(name: str | None, identity: str | None) -> str:
    return name if name and (name.isidentifier() or name.startswith("__")) else identity or ""
