"""The expression language: which Python syntax is allowed, rewritten so that work is counted."""

from __future__ import annotations

import ast
from typing import Any

from engine.bpmn import budget
from engine.errors import ExpressionError

MAX_LENGTH = 4000
"""Characters of one expression or text constant."""
MAX_NODES = 400
MAX_DEPTH = 60
_CONSTANT_BITS = 128
FUNCTION = "_fn_"
"""Prefix of function names in compiled code, so that a variable may be called `len`."""
HELPERS: dict[str, Any] = {
    "_built": budget.built, "_walk": budget.walk, "_multiply": budget.multiply,
    "_add": budget.add, "_modulo": budget.modulo, "_part": budget.part,
}  # fmt: skip
_EXPRESSION = (
    ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Store, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp,
    ast.Not, ast.USub, ast.UAdd, ast.BinOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod,
    ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot,
    ast.IfExp, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Subscript, ast.Slice, ast.Call, ast.keyword,
    ast.Attribute, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp, ast.comprehension,
)  # fmt: skip
_STATEMENT = (*_EXPRESSION, ast.Module, ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.For, ast.Pass)
_HELPER_OF = {ast.Mult: "_multiply", ast.Add: "_add", ast.Mod: "_modulo"}
_CONSTANTS = {"true": True, "false": False, "null": None}


class Rewriter(ast.NodeTransformer):
    """Refuses what is not on the list; collects the names that are read, assigned and called."""

    def __init__(self, mode: str) -> None:
        self._allowed = _EXPRESSION if mode == "eval" else _STATEMENT
        self.reads: set[str] = set()
        self.assigns: set[str] = set()
        self.calls: set[str] = set()

    def visit(self, node: ast.AST) -> Any:
        if not isinstance(node, self._allowed):
            raise ExpressionError(f"表达式中不得使用 {type(node).__name__}")
        return super().visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id.startswith("_"):
            raise ExpressionError(f"变量名不得以下划线开头：“{node.id}”")
        if isinstance(node.ctx, ast.Load):
            if node.id in _CONSTANTS:
                return ast.copy_location(ast.Constant(_CONSTANTS[node.id]), node)
            self.reads.add(node.id)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        value = node.value
        if not isinstance(value, (str, int, float, type(None))):
            raise ExpressionError(f"不得使用 {type(value).__name__} 常量")
        if isinstance(value, str) and len(value) > MAX_LENGTH:
            raise ExpressionError(f"文字常量应不超过 {MAX_LENGTH} 字")
        if isinstance(value, int) and value.bit_length() > _CONSTANT_BITS:
            raise ExpressionError("整数常量过大")
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if not isinstance(node.ctx, ast.Load) or node.attr.startswith("_"):
            raise ExpressionError(f"不得使用“.{node.attr}”")
        return _call("_part", [self.visit(node.value), ast.Constant(node.attr)], node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if not isinstance(node.ctx, ast.Load):
            raise ExpressionError("只能给变量整体赋值，不能给其中一项赋值")
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        helper = _HELPER_OF.get(type(node.op))
        return _call(helper, [node.left, node.right], node) if helper else node

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        for target in node.targets:
            if not isinstance(target, ast.Name):
                raise ExpressionError("赋值号左边应为一个变量名")
            self.assigns.add(target.id)
        return self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        if not isinstance(node.target, ast.Name):
            raise ExpressionError("赋值号左边应为一个变量名")
        value = ast.BinOp(ast.Name(node.target.id, ast.Load()), node.op, node.value)
        assign = ast.Assign([ast.Name(node.target.id, ast.Store())], ast.copy_location(value, node))
        return self.visit(ast.fix_missing_locations(ast.copy_location(assign, node)))

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if not isinstance(node.func, ast.Name) or any(keyword.arg is None for keyword in node.keywords):
            raise ExpressionError("只能按名字调用规定的函数")
        if any(isinstance(argument, ast.Starred) for argument in node.args):
            raise ExpressionError("函数参数不得使用 *")
        self.calls.add(node.func.id)
        node.func = ast.copy_location(ast.Name(FUNCTION + node.func.id, ast.Load()), node.func)
        node.args = [self._argument(argument) for argument in node.args]
        node.keywords = [self.visit(keyword) for keyword in node.keywords]
        return node

    def _argument(self, node: ast.expr) -> ast.expr:
        """A generator is of use only inside a call: alone it would always count as true."""
        return self.generic_visit(node) if isinstance(node, ast.GeneratorExp) else self.visit(node)  # type: ignore[return-value]

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> ast.AST:
        raise ExpressionError("生成式只能写在函数的括号里")

    def _count(self, node: Any) -> ast.AST:
        self.generic_visit(node)
        return _call("_built", [node], node)

    visit_ListComp = visit_SetComp = visit_DictComp = visit_Dict = visit_Set = _count

    def visit_List(self, node: ast.List | ast.Tuple) -> ast.AST:
        self.generic_visit(node)
        plain = isinstance(node.ctx, ast.Store) or all(isinstance(item, ast.Constant) for item in node.elts)
        return node if plain else _call("_built", [node], node)

    visit_Tuple = visit_List

    def _walked(self, node: Any) -> ast.AST:
        self.generic_visit(node)
        node.iter = _call("_walk", [node.iter], node.iter)
        return node

    visit_comprehension = visit_For = _walked


def _call(helper: str, arguments: list[ast.expr], at: ast.expr) -> ast.Call:
    return ast.copy_location(ast.Call(ast.Name(helper, ast.Load()), arguments, []), at)
