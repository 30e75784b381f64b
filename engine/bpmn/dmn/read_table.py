"""Reads one decision table: its columns, its rules, its hit policy."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.allowlist import MAX_LENGTH
from engine.bpmn.dmn.cells import operand_source, split_top
from engine.bpmn.dmn.model import SEVERAL, SINGLE, Decision, Input, Output, Rule
from engine.bpmn.dmn.unary import Anything, Test, parse_test
from engine.bpmn.names import Xml, local
from engine.errors import ExpressionError, Problem

NAMESPACES = ("{http://www.omg.org/spec/DMN/", "{https://www.omg.org/spec/DMN/")
"""DMN 1.1 and 1.2 say http, 1.3 and later https."""
_AGGREGATIONS = ("", "SUM", "MIN", "MAX", "COUNT")


@dataclass(frozen=True)
class Cells:
    """Reads the texts of one decision and tells what is wrong with them."""

    file: str
    decision_id: str
    problems: list[Problem]

    def tell(self, message: str) -> None:
        self.problems.append(Problem(self.decision_id, message, file=self.file))

    def language(self, node: Xml, where: str = "决策") -> None:
        """Texts in JavaScript, Groovy or JUEL would mean something else."""
        found = node.get("expressionLanguage", "")
        if found and "feel" not in found.lower() and "unary" not in found.lower():
            self.tell(f"{where}的语言“{found}”不支持：请用 FEEL")

    def test(self, node: Xml, where: str) -> Test:
        self.language(node, where)
        text = text_in(node)
        if len(text) > MAX_LENGTH:
            self.tell(f"{where}：一格应不超过 {MAX_LENGTH} 字，请分成几条规则")
            return Anything()
        try:
            return parse_test(text)
        except ExpressionError as error:
            self.tell(f"{where}：{error}")
            return Anything()

    def operand(self, text: str, where: str, node: Xml | None = None) -> str | None:
        """None for an empty text or ``-``, and when it is refused."""
        if node is not None:
            self.language(node, where)
        if text in ("", "-"):
            return None
        try:
            return operand_source(text)
        except ExpressionError as error:
            self.tell(f"{where}：{error}")
            return None


def read_table(table: Xml, cells: Cells) -> Decision:
    """Its name, variable and requirements are the decision's, not the table's."""
    inputs = tuple(_input(node, n, cells) for n, node in enumerate(children(table, "input"), 1))
    outputs = tuple(_output(node, n, cells) for n, node in enumerate(children(table, "output"), 1))
    if len(outputs) == 1 and not outputs[0].name:
        outputs = (_only(outputs[0], cells),)
    _names(outputs, cells)
    policy, aggregation = _policy(table, outputs, cells)
    rules = tuple(_rule(node, n, inputs, outputs, cells) for n, node in enumerate(children(table, "rule"), 1))
    return Decision(cells.decision_id, "", cells.file, policy, aggregation, inputs, outputs, rules)


def _only(output: Output, cells: Cells) -> Output:
    """The only output may go without a name: it is the decision's."""
    return Output(cells.decision_id, output.label, output.values, output.default)


def _names(outputs: tuple[Output, ...], cells: Cells) -> None:
    if not outputs:
        cells.tell("决策表没有输出列")
    seen: set[str] = set()
    for output in outputs:
        if not output.name.isidentifier():
            cells.tell(f"输出列“{output.label}”的名称应为变量名，但是“{output.name}”")
        if output.name in seen:
            cells.tell(f"输出列“{output.name}”重复：请改成不同的名称")
        seen.add(output.name)


def _policy(table: Xml, outputs: tuple[Output, ...], cells: Cells) -> tuple[str, str]:
    policy, aggregation = table.get("hitPolicy", "UNIQUE"), table.get("aggregation", "")
    if policy not in (*SINGLE, *SEVERAL):
        cells.tell(f"命中策略“{policy}”不认识：请选 {'、'.join((*SINGLE, *SEVERAL))} 之一")
    if aggregation not in _AGGREGATIONS or (aggregation and (policy != "COLLECT" or len(outputs) != 1)):
        cells.tell(f"汇总方式“{aggregation}”只能用于 COLLECT 且只有一个输出列的表")
    if policy in ("PRIORITY", "OUTPUT ORDER") and not any(output.values for output in outputs):
        cells.tell(f"命中策略“{policy}”要求输出列按优先顺序列出允许的值（outputValues）")
    return policy, aggregation


def _input(node: Xml, number: int, cells: Cells) -> Input:
    label = node.get("label") or f"第 {number} 列"
    holder = children(node, "inputExpression")
    text = text_in(holder[0]) if holder else ""
    if not text:
        cells.tell(f"输入列“{label}”没有写明取哪个变量")
        text = "null"
    source = cells.operand(text, f"输入列“{label}”", holder[0] if holder else None) or "None"
    allowed = [
        cells.test(values, f"输入列“{label}”允许的值")
        for values in children(node, "inputValues")
        if text_in(values)
    ]
    return Input(label, source, holder[0].get("typeRef", "") if holder else "", tuple(allowed))


def _output(node: Xml, number: int, cells: Cells) -> Output:
    name = node.get("name") or ""
    label = node.get("label") or name or f"第 {number} 列"
    where = f"输出列“{label}”"
    listed = [part for values in children(node, "outputValues") for part in split_top(text_in(values))]
    values = [cells.operand(part, f"{where}允许的值") for part in listed if part]
    default = children(node, "defaultOutputEntry")
    return Output(
        name,
        label,
        tuple(value for value in values if value is not None),
        cells.operand(text_in(default[0]), f"{where}的默认值", default[0]) if default else None,
    )


def _rule(
    node: Xml, number: int, inputs: tuple[Input, ...], outputs: tuple[Output, ...], cells: Cells
) -> Rule:
    tests, results = children(node, "inputEntry"), children(node, "outputEntry")
    if len(tests) != len(inputs) or len(results) != len(outputs):
        cells.tell(f"第 {number} 条规则应有 {len(inputs)} 个输入格和 {len(outputs)} 个输出格")
    where = f"第 {number} 条规则"
    return Rule(
        number,
        node.get("id", ""),
        tuple(
            cells.test(cell, f"{where}“{column.label}”") for cell, column in zip(tests, inputs, strict=False)
        ),
        tuple(
            cells.operand(text_in(cell), f"{where}“{column.label}”", cell)
            for cell, column in zip(results, outputs, strict=False)
        ),
    )


def children(node: Xml, tag: str) -> list[Xml]:
    """Direct children of that name in DMN's own namespace."""
    return [child for child in node if local(child) == tag and str(child.tag).startswith(NAMESPACES)]


def text_in(node: Xml) -> str:
    """The stripped text of a cell."""
    texts = children(node, "text")
    return (texts[0].text or "").strip() if texts else ""
