"""Reads multi-instance and standard loops, in BPMN's and in Camunda's spelling."""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn.drawing import Loop
from engine.bpmn.expression import strip
from engine.bpmn.names import BPMN, CAMUNDA, Xml, flag, text_of
from engine.bpmn.read_mapping import DataNames, source_of
from engine.bpmn.triggers import References, read_definition, referred


def read_loop(node: Xml, references: References, data: DataNames, problems: list[str]) -> Loop | None:
    """The loop of an activity, or None; sentences about what is wrong are appended to `problems`."""
    several = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if several is not None:
        loop = _multi_instance(several, node, data, problems)
        return _with_event(loop, several, references, problems)
    standard = node.find(f"{BPMN}standardLoopCharacteristics")
    return _standard(standard, problems) if standard is not None else None


def _multi_instance(node: Xml, activity: Xml, data: DataNames, problems: list[str]) -> Loop:
    item, output = text_of(node, "loopDataInputRef"), text_of(node, "loopDataOutputRef")
    collection = node.get(f"{CAMUNDA}collection") or (source_of(activity, data, item) if item else None)
    cardinality = text_of(node, "loopCardinality")
    if bool(collection) == bool(cardinality):
        problems.append("多实例应写明集合或次数之一：请填写 Collection 或 Loop cardinality")
    condition = text_of(node, "completionCondition")
    return Loop(
        sequential=flag(node, "isSequential"),
        collection=strip(collection) if collection else None,
        cardinality=strip(cardinality) if cardinality else None,
        variable=node.get(f"{CAMUNDA}elementVariable") or _name(node, data, "inputDataItem"),
        output=source_of(activity, data, output) if output else None,
        output_item=_name(node, data, "outputDataItem"),
        condition=strip(condition) if condition else None,
    )


def _with_event(loop: Loop, node: Xml, references: References, problems: list[str]) -> Loop:
    """What the loop throws when the first (One) or every (None) instance completes.

    Source: BPMN 2.0 table 10.29.
    """
    behavior = node.get("behavior", "All")
    if behavior == "All":
        return loop
    attribute = {"One": "oneBehaviorEventRef", "None": "noneBehaviorEventRef"}.get(behavior)
    if attribute is None:
        problems.append(f"多实例的 behavior 应为 All、One 或 None，但是“{behavior}”：复合方式不支持")
        return loop
    definition = references.definitions.get(referred(node, attribute))
    if definition is None:
        problems.append(
            f"多实例的 behavior 为 {behavior} 时应写明抛出的事件（{attribute}）：请填写或改为 All"
        )
        return loop
    trigger = read_definition(definition, references, problems)
    if trigger.kind not in ("signal", "escalation", "message"):
        problems.append("多实例抛出的事件应为信号、升级或消息：请改用其中之一")
    return replace(loop, event=trigger, event_once=behavior == "One")


def _standard(node: Xml, problems: list[str]) -> Loop:
    condition, maximum = text_of(node, "loopCondition"), node.get("loopMaximum")
    if condition is None and maximum is None:
        problems.append("循环应写明条件或最多次数：请填写其中之一")
    if maximum is not None and not maximum.isdigit():
        problems.append(f"循环的最多次数应为非负整数，但是“{maximum}”")
        maximum = None
    return Loop(
        repeat=True,
        sequential=True,
        condition=strip(condition) if condition else None,
        maximum=int(maximum) if maximum is not None else None,
        test_before=flag(node, "testBefore"),
    )


def _name(loop: Xml, data: DataNames, tag: str) -> str | None:
    """The variable of a data item."""
    item = loop.find(f"{BPMN}{tag}")
    return None if item is None else data.names.get(item.get("id", ""), item.get("name"))
