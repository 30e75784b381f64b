"""Whether a condition can hold only if one of some others does, judged by its form alone."""

from __future__ import annotations

import ast
from collections.abc import Set
from functools import lru_cache


def implied(condition: str, others: Set[str]) -> bool:
    """False when it cannot be told. ``a and b`` implies a; ``a or b`` what both imply."""
    tree = _parsed(condition)
    wanted = {ast.dump(found) for other in others if (found := _parsed(other)) is not None}
    return tree is not None and _implies(tree, wanted)


def otherwise(conditions: list[str]) -> str:
    """The condition of a default flow: none of the others holds."""
    return " and ".join(f"not ({condition})" for condition in conditions) or "True"


@lru_cache(maxsize=2_000)
def _parsed(source: str) -> ast.expr | None:
    try:
        return _plain(ast.parse(source.strip(), mode="eval").body, negated=False)
    except (SyntaxError, ValueError):
        return None


def _plain(node: ast.expr, *, negated: bool) -> ast.expr:
    """Negations moved inwards, ``x in [a, b]`` written out."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return _plain(node.operand, negated=not negated)
    if isinstance(node, ast.BoolOp):
        both = isinstance(node.op, ast.And) != negated
        parts = [_plain(value, negated=negated) for value in node.values]
        return ast.BoolOp(ast.And() if both else ast.Or(), parts)
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        return _compared(node, negated=negated)
    return ast.UnaryOp(ast.Not(), node) if negated else node


def _compared(node: ast.Compare, *, negated: bool) -> ast.expr:
    operator, right = node.ops[0], node.comparators[0]
    if isinstance(operator, (ast.In, ast.NotIn)) and isinstance(right, (ast.List, ast.Tuple)) and right.elts:
        among = isinstance(operator, ast.In) != negated
        single = ast.Eq() if among else ast.NotEq()
        parts: list[ast.expr] = [ast.Compare(node.left, [single], [value]) for value in right.elts]
        return ast.BoolOp(ast.Or() if among else ast.And(), parts)
    turned = {ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In}
    if negated and type(operator) in turned:
        return ast.Compare(node.left, [turned[type(operator)]()], [right])
    return ast.UnaryOp(ast.Not(), node) if negated else node


def _implies(node: ast.expr, wanted: set[str]) -> bool:
    if ast.dump(node) in wanted:
        return True
    if isinstance(node, ast.BoolOp):
        every = all if isinstance(node.op, ast.Or) else any
        return every(_implies(value, wanted) for value in node.values)
    return False
