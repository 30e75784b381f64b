"""Finds combinations of inputs for which no rule of a table is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.bpmn.checks.domain import Column, Part

VISITS = 20_000
"""Combinations of parts and rules looked at before giving up."""


@dataclass(frozen=True)
class Gap:
    """An example. `stated`: the table itself names such values; else they may never come."""

    words: str
    stated: bool


class TooMany(Exception):
    """More combinations than are looked at."""


def first_gap(columns: Sequence[Column], rules: int) -> Gap | None:
    """A stated gap when there is one, else any. A cell that cannot be judged is taken not to match.

    Raises:
        TooMany: the table is too large to tell.
    """
    for stated in (True, False):
        found = _Search(columns, rules, stated).gap(0, (1 << rules) - 1)
        if found is not None:
            return Gap("、".join(found) or "任何", stated)
    return None


class _Search:
    def __init__(self, columns: Sequence[Column], rules: int, stated: bool) -> None:
        self._columns = columns
        self._parts = [
            _taken(column, rules, [n for n, part in enumerate(column.parts) if part.stated or not stated])
            for column in columns
        ]
        self._open = [_always(column, rules) for column in columns]
        for level in range(len(columns) - 2, -1, -1):  # rules that ask nothing from here on
            self._open[level] &= self._open[level + 1]
        self._covered: set[tuple[int, int]] = set()
        self._visits = 0

    def gap(self, level: int, alive: int) -> tuple[str, ...] | None:
        """What the columns from `level` on hold when none of the rules `alive` takes it."""
        if not alive:
            return ()
        if level == len(self._columns) or alive & self._open[level] or (level, alive) in self._covered:
            return None
        self._visits += 1
        if self._visits > VISITS:
            raise TooMany
        for part, takers in self._parts[level]:
            rest = self.gap(level + 1, alive & takers)
            if rest is not None:
                return (f"“{self._columns[level].label}”为{part.words}", *rest)
        self._covered.add((level, alive))
        return None


def _taken(column: Column, rules: int, parts: list[int]) -> list[tuple[Part, int]]:
    """One part for each set of rules that take it."""
    found: dict[int, Part] = {}
    for number in parts:
        takers = sum(1 << rule for rule in range(rules) if (column.masks[rule] or 0) >> number & 1)
        found.setdefault(takers, column.parts[number])
    return [(part, takers) for takers, part in found.items()]


def _always(column: Column, rules: int) -> int:
    everything = (1 << len(column.parts)) - 1
    return sum(1 << rule for rule in range(rules) if column.masks[rule] == everything)
