"""Reads the decisions of a file. What cannot be evaluated exactly is refused with file, rule and column."""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn.dmn.model import Decision, Output
from engine.bpmn.dmn.read_table import NAMESPACES, Cells, children, read_table, text_in
from engine.bpmn.names import Xml, local
from engine.bpmn.xml import parse_xml
from engine.errors import Problem

_OTHER = ("context", "relation", "list", "invocation", "functionDefinition", "conditional", "filter", "for")
_MAX_CHAIN = 30
"""Decisions that require one another in a row."""


def read_decisions(file: str, content: bytes, problems: list[Problem]) -> list[Decision]:
    """The decisions of a file; what is wrong is appended to `problems`. Raises DiagramError: no XML."""
    root = parse_xml(content, file)
    if local(root) != "definitions" or not str(root.tag).startswith(NAMESPACES):
        problems.append(Problem("", "不是 DMN 文件（应以 DMN 的 definitions 开头）", file=file))
        return []
    nodes = children(root, "decision")
    read = [_decision(node, Cells(file, node.get("id", ""), problems)) for node in nodes]
    return _Linked(nodes, read, file, problems).all()


def _decision(node: Xml, cells: Cells) -> Decision:
    cells.language(node)
    if not cells.decision_id:
        cells.tell("决策没有 id：请填写")
    tables, literals = children(node, "decisionTable"), children(node, "literalExpression")
    if tables:
        decision = read_table(tables[0], cells)
    else:
        decision = _literal(node, literals, cells)
    if children(node, "knowledgeRequirement"):
        cells.tell("业务知识模型（knowledgeRequirement）不支持：请写在决策表里")
    return replace(decision, name=node.get("name") or "", variable=_variable(node))


def _literal(node: Xml, literals: list[Xml], cells: Cells) -> Decision:
    """A decision that is one expression answers with its own name."""
    source = None
    if literals:
        source = cells.operand(text_in(literals[0]), "字面表达式", literals[0])
        if source is None:
            cells.tell("字面表达式是空的：请填写")
    else:
        other = next((word for word in _OTHER if children(node, word)), "")
        cells.tell(f"决策应是决策表或字面表达式，但是“{other}”：请改成其中一种")
    name = _variable(node)
    if literals and not name.isidentifier():
        cells.tell(f"字面表达式的变量名（variable）应为变量名，但是“{name}”")
    output = (Output(name, name),)
    return Decision(cells.decision_id, "", cells.file, "UNIQUE", "", (), output, (), literal=source or "None")


def _variable(node: Xml) -> str:
    """The variable's name, else the decision's when it can be one, else its id."""
    holder = children(node, "variable")
    names = [holder[0].get("name", "") if holder else "", node.get("name") or "", node.get("id", "")]
    return next((name for name in names if name.isidentifier()), names[-1])


class _Linked:
    """Puts into each decision those it requires, whatever the order in the file."""

    def __init__(self, nodes: list[Xml], read: list[Decision], file: str, problems: list[Problem]) -> None:
        self._nodes = {decision.id: node for decision, node in zip(read, nodes, strict=True)}
        self._read, self._file, self._problems = read, file, problems
        self._own = {decision.id: decision for decision in read}
        self._done: dict[str, Decision] = {}

    def all(self) -> list[Decision]:
        return [
            self._whole(decision, ()) if self._own[decision.id] is decision else decision
            for decision in self._read
        ]

    def _whole(self, decision: Decision, path: tuple[str, ...]) -> Decision:
        if decision.id in self._done:
            return self._done[decision.id]
        required = []
        for name in self._names(decision):
            needed = self._own.get(name)
            if needed is None:
                self._tell(decision.id, f"依赖的决策“{name}”不在本文件中：请画在同一个 .dmn 文件里")
            elif name in (*path, decision.id):
                self._tell(decision.id, f"决策相互依赖成环：{' → '.join((*path, decision.id, name))}")
            elif len(path) >= _MAX_CHAIN:
                self._tell(decision.id, f"决策的依赖应不超过 {_MAX_CHAIN} 层")
            else:
                required.append(self._whole(needed, (*path, decision.id)))
        whole = self._done[decision.id] = replace(decision, required=tuple(required))
        return whole

    def _names(self, decision: Decision) -> list[str]:
        return [
            (needed.get("href") or "").removeprefix("#")
            for requirement in children(self._nodes[decision.id], "informationRequirement")
            for needed in children(requirement, "requiredDecision")
        ]

    def _tell(self, decision_id: str, message: str) -> None:
        self._problems.append(Problem(decision_id, message, file=self._file))
