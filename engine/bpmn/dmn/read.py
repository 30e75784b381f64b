"""Reads decision tables. What cannot be evaluated exactly is refused with file, rule and column."""

from __future__ import annotations

from engine.bpmn.dmn.cells import operand_source
from engine.bpmn.dmn.model import SEVERAL, SINGLE, Decision, Input, Output, Rule
from engine.bpmn.dmn.unary import Anything, Test, parse_test
from engine.bpmn.names import Xml, local
from engine.bpmn.xml import parse_xml
from engine.errors import ExpressionError, Problem

_NAMESPACES = ("{http://www.omg.org/spec/DMN/", "{https://www.omg.org/spec/DMN/")
"""DMN 1.1 and 1.2 say http, 1.3 says https."""
_AGGREGATIONS = ("", "SUM", "MIN", "MAX", "COUNT")


def read_decisions(file: str, content: bytes, problems: list[Problem]) -> list[Decision]:
    """The tables of a file; what is wrong is appended to `problems`. Raises DiagramError: no XML."""
    root = parse_xml(content, file)
    if local(root) != "definitions" or not str(root.tag).startswith(_NAMESPACES):
        problems.append(Problem("", "不是 DMN 文件（应以 DMN 的 definitions 开头）", file=file))
        return []
    return [_Table(file, node, problems).read() for node in _children(root, "decision")]


class _Table:
    """One decision while it is read."""

    def __init__(self, file: str, node: Xml, problems: list[Problem]) -> None:
        self.file, self.node, self._problems = file, node, problems
        self.id = node.get("id", "")

    def tell(self, message: str) -> None:
        self._problems.append(Problem(self.id, message, file=self.file))

    def read(self) -> Decision:
        tables = _children(self.node, "decisionTable")
        if not self.id:
            self.tell("决策没有 id：请填写")
        if not tables:
            self.tell("决策应是决策表：其他写法（字面表达式等）不支持")
        if any(
            _children(requirement, "requiredDecision")
            for requirement in _children(self.node, "informationRequirement")
        ):
            self.tell("依赖其他决策的决策表不支持：请用流程中先后两个业务规则任务")
        table = tables[0] if tables else self.node
        inputs = tuple(self._input(node, number) for number, node in enumerate(_children(table, "input"), 1))
        outputs = tuple(
            self._output(node, number) for number, node in enumerate(_children(table, "output"), 1)
        )
        if tables and not outputs:
            self.tell("决策表没有输出列")
        return Decision(
            self.id,
            self.node.get("name") or "",
            self.file,
            *self._policy(table, outputs),
            inputs,
            outputs,
            tuple(
                self._rule(node, number, inputs, outputs)
                for number, node in enumerate(_children(table, "rule"), 1)
            ),
        )

    def _policy(self, table: Xml, outputs: tuple[Output, ...]) -> tuple[str, str]:
        policy, aggregation = table.get("hitPolicy", "UNIQUE"), table.get("aggregation", "")
        if policy not in (*SINGLE, *SEVERAL):
            self.tell(f"命中策略“{policy}”不认识：请选 {'、'.join((*SINGLE, *SEVERAL))} 之一")
        if aggregation not in _AGGREGATIONS or (aggregation and (policy != "COLLECT" or len(outputs) != 1)):
            self.tell(f"汇总方式“{aggregation}”只能用于 COLLECT 且只有一个输出列的表")
        if policy in ("PRIORITY", "OUTPUT ORDER") and not all(output.values for output in outputs):
            self.tell(f"命中策略“{policy}”要求每个输出列按优先顺序列出允许的值（outputValues）")
        return policy, aggregation

    def _input(self, node: Xml, number: int) -> Input:
        label = node.get("label") or f"第 {number} 列"
        holder = _children(node, "inputExpression")
        text = _text(holder[0]) if holder else ""
        if not text:
            self.tell(f"输入列“{label}”没有写明取哪个变量")
            text = "null"
        return Input(
            label,
            self._operand(text, f"输入列“{label}”") or "null",
            holder[0].get("typeRef", "") if holder else "",
        )

    def _output(self, node: Xml, number: int) -> Output:
        name = node.get("name") or ""
        label = node.get("label") or name or f"第 {number} 列"
        if not name.isidentifier():
            self.tell(f"输出列“{label}”的名称应为变量名，但是“{name}”")
        values = _children(node, "outputValues")
        listed = tuple(value.strip() for value in _text(values[0]).split(",")) if values else ()
        return Output(name, label, listed)

    def _rule(self, node: Xml, number: int, inputs: tuple[Input, ...], outputs: tuple[Output, ...]) -> Rule:
        tests, results = _children(node, "inputEntry"), _children(node, "outputEntry")
        if len(tests) != len(inputs) or len(results) != len(outputs):
            self.tell(f"第 {number} 条规则应有 {len(inputs)} 个输入格和 {len(outputs)} 个输出格")
        return Rule(
            number,
            node.get("id", ""),
            tuple(
                self._test(_text(cell), f"第 {number} 条规则“{column.label}”")
                for cell, column in zip(tests, inputs, strict=False)
            ),
            tuple(
                self._operand(_text(cell), f"第 {number} 条规则“{column.label}”")
                for cell, column in zip(results, outputs, strict=False)
            ),
        )

    def _test(self, text: str, where: str) -> Test:
        try:
            return parse_test(text)
        except ExpressionError as error:
            self.tell(f"{where}：{error}")
            return Anything()

    def _operand(self, text: str, where: str) -> str | None:
        if text in ("", "-"):
            return None
        try:
            return operand_source(text)
        except ExpressionError as error:
            self.tell(f"{where}：{error}")
            return None


def _children(node: Xml, tag: str) -> list[Xml]:
    return [child for child in node if local(child) == tag]


def _text(node: Xml) -> str:
    texts = _children(node, "text")
    return (texts[0].text or "").strip() if texts else ""
