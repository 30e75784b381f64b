"""期限规则: how long a step may take, from what, and on whose word. Values only; read by `rule_file`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

Unit = Literal["wd", "cd", "month", "date"]
"""Working days, calendar days, months, or a fixed date of the year."""

LONGEST: Mapping[str, int] = {"wd": 250, "cd": 366, "month": 36}
"""Longest length that can be meant; more is a slip of the keyboard."""


@dataclass(frozen=True)
class Extension:
    """延期: at most `max` times, at most `n` each, in the rule's own unit."""

    n: int
    unit: Unit
    max: int


@dataclass(frozen=True)
class Cap:
    """上限: the legal maximum that a default length never passes."""

    value: int
    unit: Unit


@dataclass(frozen=True)
class Ladder:
    """Thresholds in percent of the elapsed period; the `date_` ones in working days around a fixed date."""

    name: str = "default"
    amber: int = 80
    l3: int = 120
    l4: int = 150
    date_amber: int = 10
    date_l3: int = 5
    date_l4: int = 10


@dataclass(frozen=True)
class Rule:
    """One row of deadlines.toml."""

    key: str
    step: str
    start: str
    """Start event; its day is not counted."""
    ends_at: str
    value: int
    """Length in `unit`; 0 is the same day, and stands for nothing where the unit is ``date``."""
    unit: Unit
    month_day: str = ""
    """``01-31`` where the unit is ``date``, otherwise empty."""
    extension: Extension | None = None
    cap: Cap | None = None
    shift: bool = True
    """Whether an end on a rest day moves to the next working day (民事诉讼法第八十五条)."""
    minimum: bool = False
    """Whether the law gives this time to a person, so that nobody may shorten it."""
    reference: str = ""
    sources: tuple[str, ...] = ()
    """Full titles of the sources that `reference` cites by code."""
    tag: str = "default"
    """Origin: default, source, analog, or a mixture; only `source` is law."""
    node: str = ""
    ladder: Ladder = field(default_factory=Ladder)
    version: str = ""
    """Digest of the file the rule was read from."""


class RuleSet(Mapping[str, Rule]):
    """The rules of one deadlines.toml, by key, under one version."""

    def __init__(self, rules: Mapping[str, Rule], version: str) -> None:
        self._rules = dict(rules)
        self.version = version
        """SHA-256 of the file; an instance's deadline keeps the version it started under."""

    def __getitem__(self, key: str) -> Rule:
        return self._rules[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)
