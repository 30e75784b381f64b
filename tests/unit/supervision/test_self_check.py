"""自查: scores, what a sample makes of them, and one 整改 per problem."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from supervision.inspection.checklist import parse
from supervision.self_check.rows import checked, mismatches_of, problems_of, scores_of, to_rectify, total

LIST = parse((Path(__file__).parents[3] / "processes" / "checklist" / "2026.toml").read_text())
ITEMS: list[dict[str, Any]] = [
    {"item_id": "1-1", "done": "已落实", "self_score": 3},
    {
        "item_id": "3-5", "done": "部分落实", "self_score": 2, "problem": "缺收费依据", "fix_plan": "补上",
        "fix_due": "2026-08-31",
    },
    {"item_id": "1-4", "done": "不适用"},
]  # fmt: skip


def test_what_does_not_apply_counts_for_nothing() -> None:
    assert scores_of(ITEMS) == {"1-1": Decimal(3), "3-5": Decimal(2), "1-4": None}
    assert total(LIST, scores_of(ITEMS)) == 71.4
    assert total(LIST, {"1-4": None}) is None


def test_a_sample_sets_a_score_right_and_leaves_the_others() -> None:
    samples: list[dict[str, Any]] = [
        {"item_id": "3-5", "spot_result": "不符", "verified_score": 0, "fact": "网页不存在"},
        {"item_id": "1-1", "spot_result": "相符"},
        {"item_id": "1-4", "spot_result": "相符", "verified_score": 3},
    ]
    assert checked(scores_of(ITEMS), samples) == {"1-1": Decimal(3), "3-5": Decimal(0), "1-4": None}
    assert mismatches_of(samples) == [{"item_id": "3-5", "fact": "网页不存在"}]


def test_each_problem_is_to_be_rectified_by_the_day_the_unit_set() -> None:
    (item,) = to_rectify(LIST, problems_of(ITEMS))
    assert item == {"fact": "3-5 缺收费依据", "clause": "R6(3)", "requirement": "补上", "due": "2026-08-31"}
