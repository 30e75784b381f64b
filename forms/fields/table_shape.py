"""The rows, columns and checks of a table of numbers, as its form file writes them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

MOST_CELLS = 600
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}", re.ASCII)


@dataclass(frozen=True)
class Line:
    """A row or a column. With `sum` it is not typed but added up from those of these keys."""

    key: str
    label: str
    group: str = ""
    sum: tuple[str, ...] = ()


@dataclass(frozen=True)
class Shape:
    """`checks` are pairs of lists of row keys whose sums have to be equal in each column."""

    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    checks: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    @cached_property
    def typed_rows(self) -> tuple[Line, ...]:
        """Rows that people fill in."""
        return tuple(row for row in self.rows if not row.sum)

    @cached_property
    def typed_columns(self) -> tuple[Line, ...]:
        """Columns that people fill in."""
        return tuple(column for column in self.columns if not column.sum)

    @cached_property
    def heads(self) -> list[tuple[str, int]]:
        """(group, number of columns) from left to right; a column without a group stands alone."""
        spans: list[tuple[str, int]] = []
        for column in self.columns:
            if column.group and spans and spans[-1][0] == column.group:
                spans[-1] = (column.group, spans[-1][1] + 1)
            else:
                spans.append((column.group, 1))
        return spans

    def row_label(self, key: str) -> str:
        """The label of a row; its key where there is none."""
        return next((row.label for row in self.rows if row.key == key), key)

    def column_label(self, key: str) -> str:
        """The label of a column, with its group."""
        found = next((column for column in self.columns if column.key == key), None)
        return f"{found.group}{'：' if found.group else ''}{found.label}" if found else key


def read_shape(component: Mapping[str, Any]) -> Shape:
    """Of a linted component."""
    return Shape(
        tuple(_lines(component.get("columns"))),
        tuple(_lines(component.get("rows"))),
        tuple(_check(text) for text in component.get("checks") or ()),
    )


def _lines(read: Any) -> Iterator[Line]:
    for item in read or ():
        yield Line(item["key"], item["label"], item.get("group") or "", tuple(item.get("sum") or ()))


def _check(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    left, _, right = text.partition("=")
    return _keys(left), _keys(right)


def _keys(side: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in side.split("+"))


def lint_table(component: Mapping[str, Any]) -> Iterator[str]:
    """Sentences about what the server could not add up or check."""
    known: dict[str, set[str]] = {}
    for part, name in (("columns", "列"), ("rows", "行")):
        lines = component.get(part)
        if not isinstance(lines, list) or not lines or not all(_is_line(line) for line in lines):
            yield f"数字表应在表格的{name}（{part}）里逐{name}写明标识 key 和标签 label；标识用英文字母开头。"
            return
        keys = [line["key"] for line in lines]
        known[part] = set(keys)
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield f"数字表的{name}“{key}”重复。请改成不同的标识。"
        yield from _lint_sums(lines, name)
    if len(known["columns"]) * len(known["rows"]) > MOST_CELLS:
        yield f"数字表最多 {MOST_CELLS} 格。请拆成几张表。"
    for text in component.get("checks") or ():
        sides = _check(text) if isinstance(text, str) and text.count("=") == 1 else ((), ())
        if not all(sides) or not {*sides[0], *sides[1]} <= known["rows"]:
            yield f"核对式应写成 行 + 行 = 行 + 行，只用本表的行，现在是“{text}”。"


def _is_line(line: Any) -> bool:
    return (
        isinstance(line, dict)
        and isinstance(line.get("key"), str)
        and bool(_KEY.fullmatch(line["key"]))
        and isinstance(line.get("label"), str)
        and bool(line["label"].strip())
        and isinstance(line.get("group") or "", str)
        and isinstance(line.get("sum") or [], list)
    )


def _lint_sums(lines: Sequence[Mapping[str, Any]], name: str) -> Iterator[str]:
    """What is added up stands before its total."""
    seen: set[str] = set()
    for line in lines:
        if unknown := [str(part) for part in line.get("sum") or () if part not in seen]:
            yield f"{name}“{line['label']}”加总的“{'、'.join(unknown)}”应是它前面的{name}。"
        seen.add(line["key"])
