"""Checks every expression, script, timer and mapping text of a drawing against the allow-list."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from engine.bpmn import expression, iso
from engine.bpmn.dmn.model import Decision
from engine.bpmn.drawing import Block, Element, ProcessDrawing, nested
from engine.bpmn.due_keys import special_rules
from engine.bpmn.expression import Mode
from engine.bpmn.patience import RETRY, waits_of
from engine.bpmn.payload import parse_payload
from engine.errors import ExpressionError, Problem

_MAPPINGS = ("singleEntry", "singleResult", "collectEntries", "resultList")


def check_texts(drawing: ProcessDrawing, decisions: Mapping[str, Decision]) -> list[Problem]:
    """All problems of a process's texts."""
    problems: list[Problem] = []
    for block in nested(drawing.block):
        for element in block.elements.values():
            told = [
                *_expressions(block, element),
                *_timer(element),
                *_payload(element),
                *_patience(element),
                *_decision(element, decisions),
            ]
            problems.extend(Problem(element.id, sentence, file=drawing.file) for sentence in told)
    return problems


def _expressions(block: Block, element: Element) -> Iterator[str]:
    for where, source, mode in sources(block, element):
        try:
            expression.validate(source, mode)
        except ExpressionError as error:
            yield f"{where}：{error}"


def sources(block: Block, element: Element) -> Iterator[tuple[str, str, Mode]]:
    """(where, text, mode) of everything an element computes, its outgoing flows' conditions included."""
    for flow in block.outgoing(element.id):
        if flow.condition is not None:
            yield f"出口“{flow.name or flow.id}”的条件", flow.condition, "eval"
    if element.script:
        yield "脚本", element.script, "exec"
    if element.node.due_date:
        yield "到期日", _quoted(element.node.due_date), "eval"
    if element.trigger.kind == "timer" and element.trigger.value:
        yield "定时", element.trigger.value, "eval"
    if element.trigger.kind == "conditional" and element.trigger.value:
        yield "条件", element.trigger.value, "eval"
    if correlation := element.node.properties.get("correlation"):
        yield "属性 correlation", correlation, "eval"
    for condition, _ in special_rules(element.node):
        yield "属性 deadlineIf（条件:规则）", condition, "eval"
    for mapping in (*element.ins, *element.outs):
        if mapping.computed and mapping.source:
            yield "调用活动的映射", mapping.source, "eval"
    if element.ad_hoc and element.ad_hoc.condition:
        yield "自由子流程的完成条件", element.ad_hoc.condition, "eval"
    if element.mapping:
        for mapping in (*element.mapping.ins, *element.mapping.outs):
            if mapping.computed:
                yield f"“{mapping.target}”的数据映射", mapping.source, "eval"
    if element.loop:
        texts = {
            "集合": element.loop.collection,
            "次数": element.loop.cardinality,
            "条件": element.loop.condition,
        }
        for word, source in texts.items():
            if source:
                yield f"循环的{word}", source, "eval"


def _quoted(text: str) -> str:
    literal = iso.is_literal(text, "timeDate") or iso.is_literal(text, "timeDuration")
    return repr(text) if literal else text


def _timer(element: Element) -> Iterator[str]:
    """Literals that no moment could come of are found now, not when the token is there."""
    if element.trigger.kind != "timer" or not element.trigger.value:
        return
    try:
        literal = ast.literal_eval(element.trigger.value)
    except (ValueError, SyntaxError):
        return
    try:
        if element.trigger.timer == "timeCycle":
            iso.cycle(str(literal))
        elif element.trigger.timer == "timeDuration":
            iso.duration(str(literal))
    except ExpressionError as error:
        yield f"定时：{error}"


def _payload(element: Element) -> Iterator[str]:
    try:
        for _, source in parse_payload(element.node.properties.get("payload", "")):
            if source is not None:
                expression.validate(source)
    except ExpressionError as error:
        yield f"属性 payload：{error}"


def _patience(element: Element) -> Iterator[str]:
    text = element.node.properties.get(RETRY, "").strip()
    if not element.node.topic or not text:
        return
    try:
        waits_of(text)
    except ExpressionError as error:
        yield f"重试（属性 retry 或 failedJobRetryTimeCycle）：{error}"


def _decision(element: Element, decisions: Mapping[str, Decision]) -> Iterator[str]:
    node, result = element.node, element.result
    if element.kind != "businessRuleTask" or (node.topic and not node.decision):
        return
    decision = decisions.get(node.decision or "")
    if decision is None:
        yield f"决策“{node.decision or ''}”不在流程包的 .dmn 文件中：请检查 camunda:decisionRef"
        return
    if result.mapping is not None and result.mapping not in _MAPPINGS:
        yield f"mapDecisionResult 应为 {'、'.join(_MAPPINGS)} 之一，但是“{result.mapping}”"
    if result.variable is None and not decision.single and not decision.aggregation:
        yield f"决策“{decision.id}”可有几条结果，应写明结果变量（camunda:resultVariable）"
    if result.mapping in ("singleEntry", "collectEntries") and (
        len(decision.outputs) != 1 or not result.variable
    ):
        yield f"{result.mapping} 只能用于一个输出列的表，并应写明结果变量（camunda:resultVariable）"
