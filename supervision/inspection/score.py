"""How a unit's score comes about: pure functions over Decimals. Source: DOMAIN 5 (formula; defaults).

Normalised over the items that apply, plus a bonus, under the cap of a veto, rounded half up to one decimal.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from supervision.inspection.checklist import Checklist

Scores = Mapping[str, Decimal | None]
"""Item → what was earned; None where it does not apply."""
TENTH = Decimal("0.1")
FULL = Decimal(100)


@dataclass(frozen=True)
class Total:
    """`base` is before bonus and veto, `score` after them; both rounded."""

    base: Decimal
    score: Decimal
    grade: str


@dataclass(frozen=True)
class Ranked:
    """A unit in the ranking of its kind; equal scores share a rank."""

    unit_code: str
    group: str
    rank: int


def rounded(number: Decimal) -> Decimal:
    """To one decimal, half up: 59.95 is 60.0."""
    return number.quantize(TENTH, ROUND_HALF_UP)


def earned(points: Decimal, deductions: Sequence[Decimal]) -> Decimal:
    """What is left of an item's points; never below 0."""
    return max(Decimal(0), points - sum(deductions, Decimal(0)))


def normalised(checklist: Checklist, scores: Scores) -> Decimal:
    """Σ earned ÷ Σ points of the items that apply × 100, not rounded; 0 where none applies.

    What is not in `scores` was not asked.
    """
    counted = [(item.points, scores[item.id]) for item in checklist.items if scores.get(item.id) is not None]
    possible = sum((points for points, _ in counted), Decimal(0))
    if not possible:
        return Decimal(0)
    return sum((score for _, score in counted if score is not None), Decimal(0)) / possible * FULL


def total(checklist: Checklist, scores: Scores, bonus: Decimal, vetoes: Sequence[str]) -> Total:
    """The unit's score, and its grade."""
    base = normalised(checklist, scores)
    score = min(FULL, base + min(max(Decimal(0), bonus), checklist.bonus_most))
    if vetoes:
        score = min(score, checklist.veto_cap)
    score = rounded(score)
    return Total(rounded(base), score, grade_of(checklist, score))


def grade_of(checklist: Checklist, score: Decimal) -> str:
    """优秀, 良好, 合格 or 不合格."""
    return next((grade.name for grade in checklist.grades if score >= grade.points), "")


def ranked(checklist: Checklist, units: Sequence[tuple[str, str, Decimal]]) -> list[Ranked]:
    """Units (code, type, score), best first within each ranking. Units of other kinds are not compared."""
    found = []
    for group in dict.fromkeys(checklist.rank_of(kind) for _, kind, _ in units):
        mine = [(code, score) for code, kind, score in units if checklist.rank_of(kind) == group]
        for code, score in sorted(mine, key=lambda unit: (-unit[1], unit[0])):
            found.append(Ranked(code, group, 1 + sum(other > score for _, other in mine)))
    return found


def inflated(checklist: Checklist, self_total: Decimal | None, base: Decimal) -> bool:
    """自评虚高: the unit gave itself far more than was found."""
    return self_total is not None and self_total - base > checklist.inflated
