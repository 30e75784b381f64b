"""Tokens and parser of the FEEL subset: an expression becomes a function from names to its value."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

from forms.schema import feel_logic as logic

Evaluate = Callable[[Mapping[str, Any]], Any]

_DEEPEST = 30
_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d{1,15}(?:\.\d{1,15})?)|(?P<text>\"(?:[^\"\\]|\\.)*\")"
    r"|(?P<sign><=|>=|!=|\.\.|[=<>+\-*/(),.\[\]])|(?P<name>[^\W\d]\w*))"
)
_WORDS = {"and", "or", "in", "between"}
_LITERALS = {"true": True, "false": False, "null": None}
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    "=": logic.equal,
    "!=": logic.different,
    "<": logic.ordered(operator.lt),
    "<=": logic.ordered(operator.le),
    ">": logic.ordered(operator.gt),
    ">=": logic.ordered(operator.ge),
}


class FeelError(ValueError):
    """The expression is outside the subset; the message is Chinese, for process owners."""


def _tokens(source: str) -> list[tuple[str, str]]:
    found, at, source = [], 0, source.rstrip()
    while at < len(source):
        match = _TOKEN.match(source, at)
        if not match or match.lastgroup is None:
            raise FeelError(f"看不懂“{source[at : at + 10].strip()}”")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return [*found, ("end", "")]


def _both(apply: Callable[[Any, Any], Any], left: Evaluate, right: Evaluate) -> Evaluate:
    return lambda scope: apply(left(scope), right(scope))


class Parser:
    """Recursive descent; every rule returns a function of the scope. `names` are the paths it reads."""

    def __init__(self, source: str) -> None:
        self.tokens, self.at, self.depth = _tokens(source), 0, 0
        self.names: set[str] = set()

    def parse(self) -> Evaluate:
        result = self.either()
        if self.tokens[self.at][0] != "end":
            raise FeelError(f"多出了“{self.tokens[self.at][1]}”")
        return result

    def sees(self, *words: str) -> bool:
        kind, word = self.tokens[self.at]
        return kind in ("sign", "name") and word in words

    def take(self) -> tuple[str, str]:
        token = self.tokens[self.at]
        self.at += token[0] != "end"
        return token

    def expect(self, word: str) -> None:
        if not self.sees(word):
            raise FeelError(f"此处应为“{word}”，却是“{self.tokens[self.at][1] or '结尾'}”")
        self.at += 1

    def either(self) -> Evaluate:
        left = self.all_of()
        while self.sees("or"):
            self.take()
            left = _both(logic.disjunction, left, self.all_of())
        return left

    def all_of(self) -> Evaluate:
        left = self.comparison()
        while self.sees("and"):
            self.take()
            left = _both(logic.conjunction, left, self.comparison())
        return left

    def comparison(self) -> Evaluate:
        left = self.sum()
        if self.sees(*_COMPARE):
            return _both(_COMPARE[self.take()[1]], left, self.sum())
        if self.sees("between"):
            self.take()
            return self.range(left, "and", "")
        if self.sees("in"):
            self.take()
            if self.sees("["):
                self.take()
                return self.range(left, "..", "]")
            return self.membership(left)
        return left

    def range(self, value: Evaluate, middle: str, end: str) -> Evaluate:
        low = self.sum()
        self.expect(middle)
        high = self.sum()
        if end:
            self.expect(end)
        return _both(logic.conjunction, _both(_COMPARE[">="], value, low), _both(_COMPARE["<="], value, high))

    def membership(self, value: Evaluate) -> Evaluate:
        items = self.arguments()
        return lambda scope: any(logic.equal(value(scope), item(scope)) is True for item in items)

    def arguments(self) -> list[Evaluate]:
        self.expect("(")
        found = [self.either()]
        while self.sees(","):
            self.take()
            found.append(self.either())
        self.expect(")")
        return found

    def sum(self) -> Evaluate:
        left = self.product()
        while self.sees("+", "-"):
            left = _both(logic.arithmetic(self.take()[1]), left, self.product())
        return left

    def product(self) -> Evaluate:
        left = self.atom()
        while self.sees("*", "/"):
            left = _both(logic.arithmetic(self.take()[1]), left, self.atom())
        return left

    def atom(self) -> Evaluate:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise FeelError(f"嵌套超过 {_DEEPEST} 层")
        kind, word = self.take()
        try:
            match kind:
                case "number":
                    return _constant(float(word) if "." in word else int(word))
                case "text":
                    return _constant(re.sub(r"\\(.)", r"\1", word[1:-1]))
                case "name":
                    return self.named(word)
                case "sign" if word == "-":
                    return _both(logic.arithmetic("-"), _constant(0), self.atom())
                case "sign" if word == "(":
                    inner = self.either()
                    self.expect(")")
                    return inner
            raise FeelError(f"此处不应有“{word or '结尾'}”")
        finally:
            self.depth -= 1

    def named(self, word: str) -> Evaluate:
        """A literal, one of the three functions, or a name."""
        if word in _LITERALS:
            return _constant(_LITERALS[word])
        if word == "list" and self.sees("contains"):
            self.take()
            return self.call("list contains", 2, logic.contains)
        if word in ("not", "count"):
            return self.call(word, 1, logic.negation if word == "not" else logic.count)
        return self.path(word)

    def call(self, name: str, size: int, apply: Callable[..., Any]) -> Evaluate:
        items = self.arguments()
        if len(items) != size:
            raise FeelError(f"“{name}”要 {size} 个参数，却有 {len(items)} 个")
        return lambda scope: apply(*(item(scope) for item in items))

    def path(self, word: str) -> Evaluate:
        parts = [word]
        while self.sees("."):
            self.take()
            kind, part = self.take()
            if kind != "name":
                raise FeelError(f"“{'.'.join(parts)}.”后应为名称")
            parts.append(part)
        kind, after = self.tokens[self.at]
        if word in _WORDS or self.sees("(", "[") or (kind == "name" and after not in _WORDS):
            raise FeelError(f"不支持的函数或写法“{'.'.join(parts)} {after}”")
        self.names.add(".".join(parts))
        return lambda scope: _lookup(scope, parts)


def _constant(value: Any) -> Evaluate:
    return lambda _: value


def _lookup(scope: Any, parts: list[str]) -> Any:
    for part in parts:
        scope = scope.get(part) if isinstance(scope, Mapping) else None
    return scope
