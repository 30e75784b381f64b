"""Cuts the text of a decision table's cells into operands in the allow-list language."""

from __future__ import annotations

import re

from engine.bpmn import expression
from engine.errors import ExpressionError

_PAIRS = {"(": ")", "[": "]"}
_NOT = re.compile(r"not\s*\((.*)\)", re.DOTALL)
_DATE_AND_TIME = re.compile(r"\bdate and time\s*\(")
_FULL_WIDTH = str.maketrans({"“": '"', "”": '"', "，": ",", "（": "(", "）": ")"})


def split_top(text: str) -> list[str]:
    """Parts between commas that stand outside quotes and brackets, stripped."""
    parts, depth, quote, begun = [], 0, "", 0
    for index, character in enumerate(text):
        if quote:
            quote = "" if character == quote and text[index - 1] != "\\" else quote
        elif character in "\"'":
            quote = character
        elif character in "([":
            depth += 1
        elif character in ")]":
            depth -= 1
        elif character == "," and depth <= 0:
            parts.append(text[begun:index].strip())
            begun = index + 1
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
        ExpressionError: it is not in the language, or a word lacks its quotes.
    """
    source = _outside_quotes(text.strip(), value_name)
    try:
        prepared = expression.compiled(source)
    except ExpressionError as error:
        if text != text.translate(_FULL_WIDTH):
            raise ExpressionError(f"“{text}”：引号、括号和逗号请用英文半角") from error
        raise
    if source.isidentifier() and prepared.reads and not source.isascii():
        raise ExpressionError(f'“{text}”：文字应加英文双引号，写成 "{text}"')
    return source


def _outside_quotes(text: str, value_name: str | None) -> str:
    pieces = re.split(r"(\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')", text)
    for index in range(0, len(pieces), 2):
        piece = _DATE_AND_TIME.sub("datetime(", pieces[index])
        pieces[index] = piece.replace("?", value_name) if value_name else piece
    return "".join(pieces)
