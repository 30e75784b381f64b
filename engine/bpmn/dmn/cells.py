"""Cuts the text of a decision table's cells into operands, and puts FEEL into the allow-list language."""

from __future__ import annotations

import ast
import re

from engine.bpmn import expression
from engine.bpmn.foreign import FEEL, translated
from engine.errors import ExpressionError

_QUOTED = re.compile(r"(@?\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')")
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_DATE_AND_TIME = re.compile(r"\bdate and time\s*\(")
_LONE_EQUALS = re.compile(r"(?<![=!<>])=(?!=)")
MAKING = {"date", "datetime", "time", "duration"}
"""Functions of literals."""
_FULL_WIDTH = str.maketrans({"“": '"', "”": '"', "，": ",", "（": "(", "）": ")"})
_AT = (
    (re.compile(r"-?P.*"), "duration"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T.*"), "datetime"),
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "date"),
    (re.compile(r"\d{2}:\d{2}.*"), "time"),
)
"""What an ``@"…"`` literal of DMN 1.3 is, by its form."""


def split_top(text: str, separator: str = ",") -> list[str]:
    """Parts between separators that stand outside quotes and brackets, stripped."""
    parts, depth, quote, begun, index = [], 0, "", 0, 0
    while index < len(text):
        character = text[index]
        if quote:
            index += character == "\\"
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        elif depth <= 0 and text.startswith(separator, index):
            parts.append(text[begun:index].strip())
            begun = index + len(separator)
            index = begun - 1
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        index += 1
    return [*parts, text[begun:].strip()]


def strip_not(text: str) -> str | None:
    """The inside of ``not(…)`` when that is the whole cell, else None."""
    found = _NOT.fullmatch(text)
    if found is None:
        return None
    inside, depth, quote = found.group(1), 0, ""
    for character in inside:
        if quote:
            quote = "" if character == quote else quote
        elif character in "\"'":
            quote = character
        else:
            depth += (character in "([") - (character in ")]")
        if depth < 0:
            return None
    return inside


def operand_source(text: str, value_name: str | None = None) -> str:
    """`text` in the allow-list language, checked; with `value_name`, ``?`` becomes that name.

    Raises:
        ExpressionError: it is not in the language, would mean something else in FEEL, or a word lacks its
            quotes.
    """
    source = _own(text.strip(), value_name)
    try:
        prepared = expression.compiled(source)
    except ExpressionError as error:
        if text != text.translate(_FULL_WIDTH):
            raise ExpressionError(f"“{text}”：引号、括号和逗号请用英文半角") from error
        raise
    if source.isidentifier() and prepared.reads and not source.isascii():
        raise ExpressionError(f'“{text}”：文字应加英文双引号，写成 "{text}"')
    _same_in_feel(text, source)
    if prepared.calls and not prepared.reads and prepared.calls <= MAKING:
        expression.evaluate(source, {})  # a date that there is not is told now
    return source


def _own(text: str, value_name: str | None) -> str:
    source = expression.strip(_outside_quotes(text, value_name))
    try:
        expression.compiled(source)
    except ExpressionError:
        return translated(source, FEEL) or source
    return source


def _outside_quotes(text: str, value_name: str | None) -> str:
    pieces = _QUOTED.split(text)
    for index, piece in enumerate(pieces):
        if index % 2:
            pieces[index] = _literal(piece) if piece.startswith("@") else piece
            continue
        piece = _LONE_EQUALS.sub("==", _DATE_AND_TIME.sub("datetime(", piece))
        pieces[index] = piece.replace("?", value_name) if value_name else piece
    return "".join(pieces)


def _literal(text: str) -> str:
    inside = text[2:-1]
    for form, function in _AT:
        if form.fullmatch(inside):
            return f"{function}({text[1:]})"
    raise ExpressionError(f'“{text}”应为日期、时间或时长，例如 @"2026-03-02"')


def _same_in_feel(text: str, source: str) -> None:
    """Refuses what this language takes and FEEL takes otherwise."""
    for node in ast.walk(ast.parse(source, mode="eval")):
        if isinstance(node, ast.Subscript):
            raise ExpressionError(f"“{text}”：FEEL 的列表从 1 数起，这里从 0 数起，请先用脚本取出这一项")
        if isinstance(node, ast.Compare) and len(node.ops) > 1:
            raise ExpressionError(f"“{text}”：FEEL 不能连写比较，请用 and 连接或写成区间 [1..5]")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            if any(isinstance(side, ast.Constant) and isinstance(side.value, str) for side in _sides(node)):
                raise ExpressionError(f"“{text}”：文字不能相乘")


def _sides(node: ast.BinOp) -> tuple[ast.expr, ast.expr]:
    return node.left, node.right
