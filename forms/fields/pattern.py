"""Which regular expressions a form may use: those that mean the same in browser and server and cannot hang.

The work of a backtracking engine is estimated from the structure of the pattern: every place where it can
choose multiplies the number of ways to try. A pattern that may need more than MOST_STEPS on a text of
LONGEST_TEXT characters is refused.
"""

from __future__ import annotations

import re

LONGEST_PATTERN = 300
LONGEST_TEXT = 200
MOST_STEPS = 10**8
_DEEPEST = 8

_CLASS = re.compile(r"\[\^?(?:[^\[\]\\&~|-]|\\[dwsDWS\\\]\[^$.*+?(){}|/&~-]|\\u[0-9a-fA-F]{4}|-)+\]")
_ESCAPE = re.compile(r"\\(?:[dwsDWSb\\\]\[^$.*+?(){}|/-]|u[0-9a-fA-F]{4})")
_REPEAT = re.compile(r"(?:([*+?])|\{(\d{1,4})(,(\d{1,4})?)?\})\??", re.ASCII)


class _Refused(ValueError):
    """The reason, in Chinese, without a full stop."""


class _Reader:
    """Reads a pattern from left to right and returns the number of ways to match as it goes."""

    def __init__(self, source: str) -> None:
        self.source, self.at, self.depth = source, 0, 0

    def choice(self) -> int:
        """alternative (| alternative)*"""
        ways = self.sequence()
        while self.peek() == "|":
            self.at += 1
            ways += self.sequence()
        return ways

    def sequence(self) -> int:
        """(atom repeat?)*"""
        ways = 1
        while self.peek() not in ("", "|", ")"):
            ways = min(ways * self.repeat(self.atom()), MOST_STEPS + 1)
        return ways

    def atom(self) -> int:
        """A character, a class, an escape or a group."""
        char = self.peek()
        if char == "(":
            return self.group()
        if char in "*+?{}]":
            raise _Refused(f"第 {self.at + 1} 个字符“{char}”前没有可重复的内容，若指字符本身请写成“\\{char}”")
        for kind, opening in ((_CLASS, "["), (_ESCAPE, "\\")):
            if char == opening:
                found = kind.match(self.source, self.at)
                if not found:
                    raise _Refused(f"第 {self.at + 1} 个字符起的写法在浏览器与服务器含义不同，或没有写完")
                self.at = found.end()
                return 1
        self.at += 1
        return 1

    def group(self) -> int:
        """( … ) or (?: … )"""
        self.at += 3 if self.source.startswith("(?:", self.at) else 1
        if self.peek() == "?":
            raise _Refused(f"第 {self.at} 个字符起是不支持的括号写法，只能用“(…)”或“(?:…)”")
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Refused(f"括号嵌套超过 {_DEEPEST} 层")
        ways = self.choice()
        if self.peek() != ")":
            raise _Refused("左括号没有对应的右括号")
        self.at += 1
        self.depth -= 1
        return ways

    def repeat(self, ways: int) -> int:
        """The ways of something that may be repeated."""
        found = _REPEAT.match(self.source, self.at)
        if not found:
            return ways
        self.at = found.end()
        least, most = _bounds(found)
        if most > 1 and ways > 1 and most * ways.bit_length() > 64:
            return MOST_STEPS + 1
        return min(ways**most, MOST_STEPS + 1) * (most - least + 1)

    def peek(self) -> str:
        return self.source[self.at : self.at + 1]


def _bounds(found: re.Match[str]) -> tuple[int, int]:
    """Least and most repetitions; without end counts as the longest text there can be."""
    sign, least, comma, most = found.groups()
    if sign:
        return {"*": (0, LONGEST_TEXT), "+": (1, LONGEST_TEXT), "?": (0, 1)}[sign]
    low = int(least)
    high = low if not comma else int(most) if most else max(LONGEST_TEXT, low)
    if high < low:
        raise _Refused(f"重复次数 {{{low},{high}}} 的下限大于上限")
    return low, high


def problem_of(source: str) -> str:
    """Why the pattern cannot be used, in Chinese; an empty text when it can."""
    if len(source) > LONGEST_PATTERN:
        return f"长度超过 {LONGEST_PATTERN} 个字符"
    reader = _Reader(source)
    try:
        ways = reader.choice()
        if reader.at < len(source):
            raise _Refused("右括号没有对应的左括号")
        re.compile(source, re.ASCII)
    except (_Refused, re.error, OverflowError) as refused:
        return str(refused) if isinstance(refused, _Refused) else "写法有误"
    starts = 1 if source.startswith("^") and "|" not in source else LONGEST_TEXT
    if ways * starts > MOST_STEPS:
        return "可能的匹配方式太多，会使页面卡住。请以“^”开头，并减少“*”“+”和嵌套的重复"
    return ""
