"""Cuts what a column of a decision table may hold into parts within which every cell decides alike.

A column's constants are its boundaries. Between and beside them one sample stands for all values there, so
that a table is judged over finitely many combinations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

from engine.bpmn import expression
from engine.bpmn.dmn.model import Decision, Input
from engine.bpmn.dmn.typed import kind_of
from engine.bpmn.dmn.unary import AnyOf, Anything, Between, Compare, Equal, Test
from engine.bpmn.functions import PURE
from engine.errors import ExpressionError

OTHER = "其他值"
MAX_WORK = 300_000
"""Parts times rules, of all columns."""
_GAP = "\ufffe"
"""Appended to a text gives the first text after it, for all that a table may mean."""


@dataclass(frozen=True)
class Part:
    """A sample of a column's values. `stated`: the table itself says that such a value can come."""

    value: Any
    words: str
    stated: bool = True


@dataclass(frozen=True)
class Column:
    """Parts of one column; `masks`: for each rule the parts its cell takes, as bits, None when unknown."""

    label: str
    parts: tuple[Part, ...]
    masks: tuple[int | None, ...]


class TooLarge(Exception):
    """More cells and parts than are looked at."""


def columns_of(decision: Decision) -> list[Column]:
    """One for each input, in order. Raises TooLarge."""
    columns, work = [], MAX_WORK
    for number, column in enumerate(decision.inputs):
        found = _column(column, [rule.tests[number] for rule in decision.rules], work)
        work -= len(found.parts) * len(found.masks)
        columns.append(found)
    return columns


def _column(column: Input, tests: list[Test], work: int) -> Column:
    allowing = [test for test in column.values if _known(test)]
    parts = _parts(column, [*tests, *allowing])
    if len(parts) * len(tests) > work:
        raise TooLarge
    allowed = [part for part in parts if all(_admits(test, part.value) for test in allowing)]
    return Column(column.label, tuple(allowed), tuple(_mask(test, allowed) for test in tests))


def _admits(test: Test, value: Any) -> bool:
    """A list of allowed values that cannot be compared with the value does not shut it out."""
    try:
        return _takes(test, value)
    except ExpressionError:
        return True


def _mask(test: Test, parts: list[Part]) -> int | None:
    """Bits of the parts a cell takes; None for a cell that reads variables or asks a condition."""
    if not _known(test):
        return None
    try:
        return sum(1 << number for number, part in enumerate(parts) if _takes(test, part.value))
    except ExpressionError:  # a text among numbers: told when the table runs
        return None


def _takes(test: Test, value: Any) -> bool:
    return test.holds(value, lambda source, extra: _constant(source)) is True


@lru_cache(maxsize=20_000)
def _constant(source: str) -> Any:
    return expression.evaluate(source, {})


def _known(test: Test) -> bool:
    return isinstance(test, Anything) or all(value is not NotImplemented for value in _constants([test]))


def _constants(tests: Sequence[Test]) -> Iterator[Any]:
    """Values in the tests; NotImplemented for what is no constant."""
    for test in tests:
        if isinstance(test, AnyOf):
            yield from _constants(test.tests)
        elif isinstance(test, Between):
            yield from _constants([test.low, test.high])
        elif isinstance(test, (Equal, Compare)):
            yield from _values(test.source)
        elif not isinstance(test, Anything):
            yield NotImplemented


def _values(source: str) -> Iterator[Any]:
    prepared = expression.compiled(source)
    if prepared.reads or not prepared.calls <= PURE.keys():
        yield NotImplemented
        return
    try:
        found = _constant(source)
    except ExpressionError:  # told when it fails: 1/0
        found = NotImplemented
    yield from found if isinstance(found, (list, tuple)) else [found]


def _parts(column: Input, tests: list[Test]) -> list[Part]:
    """Null counts where a cell names it: else a column is taken to have a value."""
    constants = [value for value in _constants(tests) if value is not NotImplemented]
    values = [value for value in constants if value is not None]
    null = [Part(None, "空")] if len(values) < len(constants) else []
    if kind_of(column.type) == "boolean" or (values and all(isinstance(value, bool) for value in values)):
        return [Part(True, "true"), Part(False, "false"), *null]
    ordered = _ordered(values)
    only_named = all(isinstance(value, str) for value in values) and not _compared(tests)
    if not ordered or only_named:
        named = [Part(value, _words(value)) for value in ordered or values]
        return [*named, Part(_Nothing(), OTHER, stated=False), *null]
    return [*_between(ordered, whole=column.type.rpartition(":")[2] in ("integer", "long")), *null]


def _compared(tests: Sequence[Test]) -> bool:
    return any(
        isinstance(test, (Compare, Between)) or (isinstance(test, AnyOf) and _compared(test.tests))
        for test in tests
    )


def _ordered(values: list[Any]) -> list[Any] | None:
    """Sorted without doubles; None when they are of several kinds."""
    try:
        distinct = sorted(set(values))
    except TypeError:
        return None
    kinds = {_kind(value) for value in distinct}
    return distinct if len(kinds) <= 1 else None


def _kind(value: Any) -> str:
    names: Mapping[type, str] = {bool: "bool", int: "number", float: "number"}
    return names.get(type(value), type(value).__name__)


def _between(ordered: list[Any], *, whole: bool) -> Iterator[Part]:
    """The constants, what lies between them, below the first and above the last."""
    below = _beside(ordered[0], -1)
    if below is not None:
        yield Part(below, f"小于 {_words(ordered[0])}")
    for value, after in pairwise([*ordered, None]):
        yield Part(value, _words(value))
        if after is None:
            above = _beside(value, 1)
            if above is not None:
                yield Part(above, f"大于 {_words(value)}")
            continue
        neighbours = isinstance(value, int) and isinstance(after, int) and after - value == 1
        gap = None if neighbours and whole else _middle(value, after)
        if gap is not None:  # between 5 and 6 lies something only if it is not days that are counted
            yield Part(gap, f"{_words(value)} 与 {_words(after)} 之间", stated=not neighbours)


def _beside(value: Any, sign: int) -> Any:
    """A value on that side, or None where there is none."""
    try:
        if isinstance(value, str):
            return value + _GAP if sign > 0 else ("" if value else None)
        if isinstance(value, (int, float)):
            return value + sign
        if isinstance(value, time):
            return None if value in (time.min, time.max) else (time.max if sign > 0 else time.min)
        return value + sign * timedelta(days=1)
    except (TypeError, OverflowError):
        return None


def _middle(value: Any, after: Any) -> Any:
    """A value between two, or None where there is none."""
    if isinstance(value, str):
        return value + _GAP
    if isinstance(value, time):
        found: Any = value.replace(microsecond=(value.microsecond + 1) % 1_000_000)
    elif isinstance(value, date) and not isinstance(value, datetime):
        found = value + timedelta(days=1)
    else:
        found = value + (after - value) / 2
    return found if value < found < after else None


def _words(value: Any) -> str:
    return f"“{value}”" if isinstance(value, str) else str(value)


class _Nothing:
    """Equal to nothing, comparable with nothing: what a table does not name."""
