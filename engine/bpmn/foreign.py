"""Expressions of other tools in this engine's words: Camunda's ``${…}`` (JUEL) and ``= …`` (FEEL).

Only what means the same here is translated; for all else the answer is None, and whoever reads the text
refuses it as it stands.
Source: JSR 341 section 1; DMN 1.3 section 10.3.1.2.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<text>'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!=?:.,()\[\]{}]))"
)
_MAX_LENGTH = 4000
_MAX_DEPTH = 30
_UNARY = 8
_ORDER = {"<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CONSTANTS = {"true": "True", "false": "False", "null": "None"}
_EMPTY = "(None, '', [], {})"


@dataclass(frozen=True)
class Dialect:
    """Operators between two values: how tightly they bind, and what they are here."""

    infix: Mapping[str, tuple[int, str]]
    feel: bool = False


JUEL = Dialect(
    {
        "?": (1, "?"), "||": (2, "or"), "or": (2, "or"), "&&": (3, "and"), "and": (3, "and"),
        "==": (4, "=="), "eq": (4, "=="), "!=": (4, "!="), "ne": (4, "!="),
        "lt": (5, "<"), "le": (5, "<="), "gt": (5, ">"), "ge": (5, ">="),
        "+": (6, "+"), "-": (6, "-"), "*": (7, "*"), "/": (7, "/"), "div": (7, "/"),
        "%": (7, "%"), "mod": (7, "%"), **{sign: (5, sign) for sign in _ORDER},
    }
)  # fmt: skip
FEEL = Dialect(
    {
        "or": (2, "or"), "and": (3, "and"), "=": (4, "=="), "!=": (4, "!="), "in": (4, "in"),
        "+": (6, "+"), "-": (6, "-"), "*": (7, "*"), "/": (7, "/"), **{sign: (4, sign) for sign in _ORDER},
    },
    feel=True,
)  # fmt: skip


def from_juel(text: str) -> str | None:
    """The inside of ``${…}``. What is written in this engine's own words already stays as it is."""
    return text if _is_own(text) else translated(text, JUEL)


def from_feel(text: str) -> str | None:
    """What follows the ``=`` of Camunda 8. A variable without value is null there, so it is here."""
    return translated(text, FEEL)


def translated(text: str, dialect: Dialect) -> str | None:
    """The expression in this engine's words, or None."""
    if len(text) > _MAX_LENGTH:
        return None
    try:
        return _Reader(text, dialect).whole()
    except _Foreign:
        return None


def _is_own(text: str) -> bool:
    try:
        ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


class _Foreign(Exception):
    """Something without a counterpart here."""


class _Reader:
    """Reads by binding strength; every step down is counted, so that no text exhausts the stack."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        self._dialect, self._at, self._depth = dialect, 0, 0
        self._tokens = _tokens(text)

    def whole(self) -> str:
        """The expression that is all of the text."""
        found = self._expression(0)
        if self._at < len(self._tokens):
            raise _Foreign
        return found

    def _expression(self, binding: int) -> str:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _Foreign
        left = self._operand()
        while (known := self._dialect.infix.get(self._next())) and known[0] > binding:
            self._take()
            left = self._joined(left, *known)
        self._depth -= 1
        return left

    def _joined(self, left: str, strength: int, operator: str) -> str:
        if operator == "?":
            chosen = self._expression(0)
            self._expect(":")
            return f"({chosen} if {left} else {self._expression(0)})"
        return f"({left} {operator} {self._expression(strength)})"

    def _operand(self) -> str:
        kind, word = self._take_token()
        if kind in ("number", "text"):
            return word if kind == "number" else repr(_unquoted(word))
        if word == "-":
            return f"(-{self._expression(_UNARY)})"
        if word == "(":
            return self._parts(f"({self._closed(')')})")
        if word == "[":
            return f"[{self._list(']')}]"
        if kind != "name":
            return self._negated(word)
        return self._named(word)

    def _negated(self, word: str) -> str:
        if word != "!" or self._dialect.feel:
            raise _Foreign
        return f"(not {self._expression(_UNARY)})"

    def _named(self, word: str) -> str:
        if word in _CONSTANTS:
            return _CONSTANTS[word]
        special = self._feel_word if self._dialect.feel else self._juel_word
        found = special(word)
        if found is not None:
            return found
        if self._next() == "(":
            self._take()
            return self._parts(f"{word}({self._list(')')})")
        return self._parts(f"get({word!r})" if self._dialect.feel else word)

    def _juel_word(self, word: str) -> str | None:
        if word == "not":
            return f"(not {self._expression(_UNARY)})"
        if word == "empty":
            return f"({self._expression(_UNARY)} in {_EMPTY})"
        return None

    def _feel_word(self, word: str) -> str | None:
        if word == "not":
            self._expect("(")
            return f"(not {self._closed(')')})"
        if word == "if":
            condition = self._expression(0)
            self._expect("then")
            chosen = self._expression(0)
            self._expect("else")
            return f"({chosen} if {condition} else {self._expression(0)})"
        if word == "count":
            self._expect("(")
            return f"len({self._closed(')')})"
        return None

    def _parts(self, owner: str) -> str:
        while self._next() in (".", "["):
            if self._take() == "[":
                if self._dialect.feel:  # counts from 1, and filters
                    raise _Foreign
                owner = f"{owner}[{self._closed(']')}]"
                continue
            kind, word = self._take_token()
            if kind != "name" or self._next() == "(":
                raise _Foreign
            owner = f"{owner}.{word}"
        return owner

    def _list(self, end: str) -> str:
        items = []
        while self._next() != end:
            items.append(self._expression(0))
            if self._next() != end:
                self._expect(",")
        self._take()
        return ", ".join(items)

    def _closed(self, end: str) -> str:
        inside = self._expression(0)
        self._expect(end)
        return inside

    def _next(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _take_token(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _Foreign
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self) -> str:
        return self._take_token()[1]

    def _expect(self, word: str) -> None:
        if self._take() != word:
            raise _Foreign


def _tokens(text: str) -> list[tuple[str, str]]:
    found, at, end = [], 0, len(text.rstrip())
    while at < end:
        token = _TOKEN.match(text, at)
        if token is None:
            raise _Foreign
        found.append((str(token.lastgroup), token.group(str(token.lastgroup))))
        at = token.end()
    return found


def _unquoted(literal: str) -> str:
    return re.sub(r"\\(.)", r"\1", literal[1:-1], flags=re.DOTALL)
