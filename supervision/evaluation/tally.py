"""What a unit's ballots and the public's answers come to. Pure. Source: DOMAIN P6 (weights: defaults)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

TENTH = Decimal("0.1")


@dataclass(frozen=True)
class Weights:
    """Per cent of the people invited and of the public; fewer answers of the public than `least` count for
    nothing.
    """

    invited: int
    public: int
    least: int


@dataclass(frozen=True)
class Answers:
    """What the public said of a unit: how many valid answers, their mean of 100, how many were content."""

    valid: int
    mean: Decimal | None
    content: int


@dataclass(frozen=True)
class Score:
    """Rounded half up to one decimal; None where nobody said anything that counts."""

    invited: Decimal | None
    public: Decimal | None
    satisfied: Decimal | None
    score: Decimal | None


def scored(ballots: Sequence[int], said: Answers, weights: Weights) -> Score:
    """`ballots` are totals of 0 to 100. One side alone counts whole."""
    invited = _rounded(Decimal(sum(ballots)) / len(ballots)) if ballots else None
    counts = said.valid >= weights.least and said.valid > 0
    public = _rounded(said.mean) if counts and said.mean is not None else None
    satisfied = _rounded(Decimal(said.content * 100) / said.valid) if counts else None
    if invited is None or public is None:
        return Score(invited, public, satisfied, invited if public is None else public)
    both = (invited * weights.invited + public * weights.public) / (weights.invited + weights.public)
    return Score(invited, public, satisfied, _rounded(both))


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(TENTH, ROUND_HALF_UP)
