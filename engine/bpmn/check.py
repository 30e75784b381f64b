"""Checks a bundle before it is published: all problems at once, in words for its process owner.

Beside what `compile_bundle` refuses: references to forms, roles, topics, messages and rules that do not
exist, nodes that are never reached or lead nowhere, and tables that leave cases open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from engine.bpmn.compile import Drawn, read_bundle
from engine.bpmn.dmn.model import Decision
from engine.bpmn.dmn.unary import Anything
from engine.bpmn.drawing import ProcessDrawing, nested
from engine.bpmn.due_keys import rule_keys
from engine.bpmn.program import Node
from engine.bpmn.reach import entries, reachable, steps
from engine.bpmn.structure import check_structure
from engine.bpmn.texts import check_texts
from engine.errors import Problem

_DEADLINE_KINDS = ("userTask", "manualTask", "subProcess", "callActivity", "process")


@dataclass(frozen=True)
class Known:
    """What may be referred to."""

    forms: set[str]
    roles: set[str]
    topics: set[str]
    messages: set[str]
    rules: set[str]


def check_bundle(
    files: Mapping[str, bytes],
    *,
    called_processes: set[str],
    forms: set[str],
    roles: set[str],
    topics: set[str],
    messages: set[str],
    rules: set[str],
) -> list[Problem]:
    """Errors and warnings of a bundle. `called_processes`: those of other bundles that may be called."""
    drawn = read_bundle(files)
    known = Known(forms, roles, topics, messages, rules)
    processes = called_processes | {drawing.id for drawing in drawn.processes}
    problems = list(drawn.problems)
    for drawing in drawn.processes:
        problems.extend(check_structure(drawing, processes))
        problems.extend(check_texts(drawing, drawn.decisions))
        problems.extend(_references(drawing, known))
        problems.extend(_ways(drawing))
    problems.extend(_tables(drawn))
    return list(dict.fromkeys(problems))


def _references(drawing: ProcessDrawing, known: Known) -> Iterator[Problem]:
    process = Node(drawing.id, drawing.name, "process", drawing.id, properties=drawing.properties)
    elements = [element for block in nested(drawing.block) for element in block.elements.values()]
    for node in (process, *(element.node for element in elements)):
        tell = partial(Problem, node.id, file=drawing.file)
        if node.form and node.form not in known.forms:
            yield tell(f"表单“{node.form}”不存在：请检查 camunda:formRef")
        for role in node.candidate_groups:
            if role not in known.roles:
                yield tell(f"角色“{role}”不存在：请检查 camunda:candidateGroups")
        if node.topic and node.topic not in known.topics:
            yield tell(f"服务主题“{node.topic}”没有登记：请检查 camunda:topic")
        if node.message and node.message not in known.messages:
            yield tell(f"消息“{node.message}”没有登记：请检查消息名称或在 messages.toml 中登记")
        if node.priority and not node.priority.isdigit():
            yield tell(f"优先级应为整数，但是“{node.priority}”", "warning")
        if node.kind == "userTask":
            yield from _user_task(node, tell)
        if node.kind not in _DEADLINE_KINDS and "deadline" in node.properties:
            yield tell("属性 deadline 在这里不起作用：请写在用户任务、子流程或流程上", "warning")
    for node, key in rule_keys(process, elements):
        if key not in known.rules:
            yield Problem(
                node.id, f"期限规则“{key}”不存在：请检查属性 deadline 或 due('…')", file=drawing.file
            )


def _user_task(node: Node, tell: partial[Problem]) -> Iterator[Problem]:
    if not (node.candidate_groups or node.candidate_users or node.assignee):
        yield tell("用户任务没有写明由谁办理：请填写候选角色（camunda:candidateGroups）")
    if not node.form:
        yield tell("用户任务没有表单：办理人只能点“完成”", "warning")


def _ways(drawing: ProcessDrawing) -> Iterator[Problem]:
    for block in nested(drawing.block):
        tell = partial(Problem, file=drawing.file)
        reached = reachable(steps(block), entries(block))
        for element in block.elements.values():
            if element.id not in reached:
                yield tell(element.id, "从开始事件走不到这里：请连接或删除")
            ends = element.kind == "endEvent" or element.trigger.kind == "link"
            if not ends and not block.outgoing(element.id):
                yield tell(element.id, "走到这里就断了：请连到下一步或结束事件")
            outgoing = block.outgoing(element.id)
            if (
                element.kind in ("exclusiveGateway", "inclusiveGateway")
                and len(outgoing) > 1
                and not element.default
            ):
                yield tell(element.id, "没有默认出口：条件都不成立时流程会停在这里", "warning")


def _tables(drawn: Drawn) -> Iterator[Problem]:
    for decision in drawn.decisions.values():
        tell = partial(Problem, decision.id, file=decision.file)
        catch_all = _catch_all(decision)
        if decision.single and catch_all is None:
            closing = "请在表末加一行全部为“-”的兜底规则"
            if decision.hit_policy in ("FIRST", "PRIORITY"):
                yield tell(f"没有兜底规则，都不符合时流程会出错：{closing}")
            else:
                yield tell("没有兜底规则：请确认各条规则合起来覆盖了所有情形", "warning")
        if decision.hit_policy == "FIRST" and catch_all is not None and catch_all < len(decision.rules):
            yield tell(f"第 {catch_all} 条规则总是符合，它之后的规则永远不会用到：请调整顺序")


def _catch_all(decision: Decision) -> int | None:
    """Number of the first rule that asks nothing."""
    asking = (
        rule.number for rule in decision.rules if all(isinstance(test, Anything) for test in rule.tests)
    )
    return next(asking, None)
