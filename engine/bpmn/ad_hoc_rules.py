"""Refuses ad-hoc sub-processes that could not be done as drawn."""

from __future__ import annotations

from collections.abc import Iterator, Set

from engine.bpmn.drawing import Block, Element
from engine.bpmn.names import ACTIVITIES

_AT_ONCE = ("userTask", "manualTask", "task", "scriptTask", "businessRuleTask", "serviceTask", "sendTask")
"""Kinds of activities of which none can run while another is chosen."""


def check_ad_hoc(block: Block, element: Element, processes: Set[str]) -> Iterator[tuple[str, str]]:
    """(element id, sentence) of all that is wrong. Source: BPMN 2.0 section 10.3.5."""
    inner = element.block
    if inner is None:
        return
    if inner.event_block:
        yield element.id, "自由子流程不能由事件触发：请画成事件子流程，里面再放自由子流程"
    if not any(each.kind in ACTIVITIES for each in inner.elements.values()):
        yield element.id, "自由子流程里没有活动：请画出可以做的事"
    elif not inner.entrances():
        yield element.id, "自由子流程里的活动都有入口，没有一个可以先做：请去掉一条入口"
    for each in inner.elements.values():
        if each.kind in ("startEvent", "endEvent"):
            yield each.id, "自由子流程里不能有开始事件和结束事件：没有入口的活动都可以做"
        one_by_one = element.ad_hoc is not None and element.ad_hoc.sequential
        if one_by_one and each.kind in ACTIVITIES and (each.kind not in _AT_ONCE or each.loop):
            yield (
                each.id,
                "依次进行（Sequential）的自由子流程里只能有不循环的任务：请改为 Parallel 或画出顺序",
            )
