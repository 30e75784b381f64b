"""A decision: a table, or one expression; with the decisions it requires."""

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
    values: tuple[Test, ...] = ()
    """Tests that every value the column may have passes one of; none: anything may come."""


@dataclass(frozen=True)
class Output:
    """A column of answers. `values`: its allowed values, most important first."""

    name: str
    label: str
    values: tuple[str, ...] = ()
    default: str | None = None
    """The answer when no rule matches."""


@dataclass(frozen=True)
class Rule:
    """A row. An output of None is an empty cell."""

    number: int
    id: str
    tests: tuple[Test, ...]
    outputs: tuple[str | None, ...]


@dataclass(frozen=True)
class Decision:
    """One decision of a file."""

    id: str
    name: str
    file: str
    hit_policy: str
    aggregation: str
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]
    variable: str = ""
    """What decisions that require this one call its answer."""
    literal: str | None = None
    """The expression that is the whole decision, in place of a table."""
    required: tuple[Decision, ...] = ()
    """Decisions to evaluate first."""

    @property
    def single(self) -> bool:
        """Whether there is one answer."""
        return self.hit_policy in SINGLE

    @property
    def has_default(self) -> bool:
        """Whether the table says what to answer when no rule matches."""
        return any(output.default is not None for output in self.outputs)
