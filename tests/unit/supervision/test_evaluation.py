"""公开评议: who is missing, and what ballots and answers come to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from supervision.evaluation.quota import CATEGORIES, Person, Quota, lacking
from supervision.evaluation.tally import Answers, Weights, scored

UNITS = {"U06": "甲局", "U07": "乙局"}
SEVEN = [Person(CATEGORIES[n % 4], ()) for n in range(7)]
QUOTA, WEIGHTS = Quota(7, 1), Weights(60, 40, 30)


def test_seven_people_of_the_four_kinds_are_enough() -> None:
    assert lacking(SEVEN, UNITS, QUOTA) == []


def test_whoever_is_close_to_a_unit_is_missing_there_only() -> None:
    # given the only journalist works for a paper that 甲局 runs
    people = [p for p in SEVEN if p.category != "新闻媒体"] + [Person("新闻媒体", ("U06",))]
    people += [Person("社会人士", ()), Person("社会人士", ())]
    assert lacking(people, UNITS, QUOTA) == ["甲局的评议人还缺：新闻媒体 1 名。"]


def test_units_that_lack_the_same_stand_together() -> None:
    (said,) = lacking(SEVEN[:6], UNITS, QUOTA)
    assert said == "甲局、乙局的评议人还缺：总数 1 名（至少 7 名）。"


@pytest.mark.parametrize(
    ("ballots", "valid", "score", "satisfied"),
    [
        ([90, 90], 40, "86.0", "90.0"),
        ([90, 90], 29, "90.0", None),
        ([], 40, "80.0", "90.0"),
        ([], 0, None, None),
        ([90, 85, 84], 40, "83.8", "90.0"),
    ],
    ids=["both", "too few answers", "no ballots", "nothing", "rounded half up"],
)
def test_the_public_counts_from_thirty_answers(
    ballots: list[int], valid: int, score: str | None, satisfied: str | None
) -> None:
    found = scored(ballots, Answers(valid, Decimal(80), valid * 9 // 10), WEIGHTS)
    assert found.score == (Decimal(score) if score else None)
    assert found.satisfied == (Decimal(satisfied) if satisfied else None)
