"""Reads multi-instance and standard loops, in BPMN's and in Camunda's spelling."""

from __future__ import annotations

from engine.bpmn.drawing import Loop
from engine.bpmn.expression import strip
from engine.bpmn.names import BPMN, CAMUNDA, Xml, text_of


def read_loop(node: Xml, problems: list[str]) -> Loop | None:
    """The loop of an activity, or None; sentences about what is wrong are appended to `problems`."""
    several = node.find(f"{BPMN}multiInstanceLoopCharacteristics")
    if several is not None:
        return _multi_instance(several, problems)
    standard = node.find(f"{BPMN}standardLoopCharacteristics")
    return _standard(standard, problems) if standard is not None else None


def _multi_instance(node: Xml, problems: list[str]) -> Loop:
    if node.get("behavior", "All") != "All":
        problems.append("多实例的 behavior 应为 All：其他方式不会按图执行")
    collection = node.get(f"{CAMUNDA}collection") or text_of(node, "loopDataInputRef")
    cardinality = text_of(node, "loopCardinality")
    if bool(collection) == bool(cardinality):
        problems.append("多实例应写明集合或次数之一：请填写 Collection 或 Loop cardinality")
    item = node.find(f"{BPMN}inputDataItem")
    output = node.find(f"{BPMN}outputDataItem")
    condition = text_of(node, "completionCondition")
    return Loop(
        sequential=node.get("isSequential") == "true",
        collection=strip(collection) if collection else None,
        cardinality=strip(cardinality) if cardinality else None,
        variable=node.get(f"{CAMUNDA}elementVariable") or _name(item),
        output=text_of(node, "loopDataOutputRef"),
        output_item=_name(output),
        condition=strip(condition) if condition else None,
    )


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
        test_before=node.get("testBefore") == "true",
    )


def _name(node: Xml | None) -> str | None:
    return (node.get("name") or node.get("id")) if node is not None else None
