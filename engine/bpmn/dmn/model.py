"""A decision table."""

from __future__ import annotations

from dataclasses import dataclass

from engine.bpmn.dmn.unary import Test

SINGLE = ("UNIQUE", "FIRST", "ANY", "PRIORITY")
"""Hit policies with one answer."""
SEVERAL = ("COLLECT", "RULE ORDER", "OUTPUT ORDER")


@dataclass(frozen=True)
class Input:
    """A column of tests. `expression` is in the allow-list language; `type` is its typeRef or ''."""

    label: str
    expression: str
    type: str = ""


@dataclass(frozen=True)
class Output:
    """A column of answers. `values`: its allowed values, most important first."""

    name: str
    label: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A row. An output of None is an empty cell."""

    number: int
    id: str
    tests: tuple[Test, ...]
    outputs: tuple[str | None, ...]


@dataclass(frozen=True)
class Decision:
    """One table of a file."""

    id: str
    name: str
    file: str
    hit_policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]

    @property
    def single(self) -> bool:
        """Whether there is one answer."""
        return self.hit_policy in SINGLE
