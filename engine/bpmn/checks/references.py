"""References to forms, roles, topics, messages and deadline rules that do not exist."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.bpmn.checks.known import Known
from engine.bpmn.drawing import ProcessDrawing, nested
from engine.bpmn.due_keys import rule_keys
from engine.bpmn.names import BLOCKS
from engine.bpmn.program import Node
from engine.errors import Problem

_DEADLINE_KINDS = ("userTask", "manualTask", *BLOCKS, "process")


def references(drawing: ProcessDrawing, known: Known) -> Iterator[Problem]:
    """Errors for what does not exist, warnings for what has no effect."""
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
        if node.kind == "serviceTask":
            yield from _messages_of_topic(node, known, tell)
        if node.priority and not node.priority.isdigit():
            yield tell(f"优先级应为整数，但是“{node.priority}”", "warning")
        if node.kind == "userTask":
            yield from _user_task(node, tell)
        if node.kind not in _DEADLINE_KINDS and "deadline" in node.properties:
            yield tell("属性 deadline 在这里不起作用：请写在用户任务、子流程或流程上", "warning")
    for node, key in rule_keys(process, elements):
        if key not in known.rules:
            yield Problem(
                node.id, f"期限规则“{key}”不存在：请检查属性 deadline、rule 或 due('…')", file=drawing.file
            )


def _messages_of_topic(node: Node, known: Known, tell: partial[Problem]) -> Iterator[Problem]:
    """A topic may send a message that a property names: of a fan-out, what starts and what joins."""
    for name in ("message", "joined"):
        message = node.properties.get(name)
        if message and message not in known.messages:
            yield tell(f"属性 {name} 写的消息“{message}”没有登记：请检查名称或在 messages.toml 中登记")


def _user_task(node: Node, tell: partial[Problem]) -> Iterator[Problem]:
    if not (node.candidate_groups or node.candidate_users or node.assignee):
        yield tell("用户任务没有写明由谁办理：请填写候选角色（camunda:candidateGroups）")
    if not node.form:
        yield tell("用户任务没有表单：办理人只能点“完成”", "warning")
