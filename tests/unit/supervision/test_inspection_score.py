"""Scoring of 全区性检查: whatever is earned, the rules of the formula hold."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InvalidData
from supervision.inspection.checklist import parse
from supervision.inspection.score import (
    Scores,
    earned,
    grade_of,
    inflated,
    normalised,
    ranked,
    rounded,
    total,
)

TEXT = (Path(__file__).parents[3] / "processes/checklist/2026.toml").read_text()
LIST = parse(TEXT)
FULL: Scores = {item.id: item.points for item in LIST.items}
NOTHING = Decimal(0)

scores = st.fixed_dictionaries(
    {item.id: st.none() | st.decimals(0, item.points, places=2) for item in LIST.items}
)


def test_the_checklist_has_43_items_of_100_points_in_eight_groups() -> None:
    assert (len(LIST.items), len(LIST.groups)) == (43, 8)
    assert sum(item.points for item in LIST.items) == 100


@given(scores, st.decimals(0, 20, places=1), st.lists(st.sampled_from(["V1", "V2", "V3", "V4"])))
def test_a_score_lies_between_0_and_100_and_under_the_cap_of_a_veto(
    given_: dict[str, Decimal | None], bonus: Decimal, vetoes: list[str]
) -> None:
    found = total(LIST, given_, bonus, vetoes)
    assert 0 <= found.score <= (LIST.veto_cap if vetoes else 100)
    assert found.score == rounded(found.score)
    if not vetoes:
        assert found.base <= found.score <= found.base + LIST.bonus_most
    assert (found.grade == "不合格") == (found.score < 60)


@given(scores, st.sampled_from([item.id for item in LIST.items]))
def test_earning_more_never_costs_and_what_does_not_apply_counts_for_nothing(
    given_: dict[str, Decimal | None], item_id: str
) -> None:
    better = {**given_, item_id: next(item.points for item in LIST.items if item.id == item_id)}
    if given_[item_id] is not None:
        assert normalised(LIST, better) >= normalised(LIST, given_)
    without = {key: value for key, value in given_.items() if value is not None}
    assert normalised(LIST, without) == normalised(LIST, given_)


def test_full_marks_on_what_applies_are_100() -> None:
    some: Scores = {**FULL, "1-4": None, "8-1": None, "8-2": None}
    assert total(LIST, some, NOTHING, []).score == 100


@pytest.mark.parametrize(
    ("number", "said", "grade"),
    [
        ("59.94", "59.9", "不合格"),
        ("59.95", "60.0", "合格"),
        ("79.95", "80.0", "良好"),
        ("89.94", "89.9", "良好"),
        ("90", "90.0", "优秀"),
    ],
)
def test_halves_are_rounded_up_before_the_grade(number: str, said: str, grade: str) -> None:
    score = rounded(Decimal(number))
    assert (str(score), grade_of(LIST, score)) == (said, grade)


def test_deductions_stop_at_nothing() -> None:
    assert earned(Decimal(3), [Decimal("0.5")] * 20) == 0


def test_units_are_ranked_among_their_kind_and_ties_share_a_rank() -> None:
    units = [
        ("U01", "街办", Decimal("88.0")),
        ("U02", "街办", Decimal("91.5")),
        ("U03", "管理处", Decimal("91.5")),
        ("U06", "区政府部门", Decimal("60.0")),
    ]
    places = {row.unit_code: (row.group, row.rank) for row in ranked(LIST, units)}
    assert places == {
        "U02": ("街办、管理处", 1),
        "U03": ("街办、管理处", 1),
        "U01": ("街办、管理处", 3),
        "U06": ("区政府部门", 1),
    }


def test_a_self_score_more_than_ten_points_too_high_is_marked() -> None:
    assert inflated(LIST, Decimal("95.1"), Decimal("85.0"))
    assert not inflated(LIST, Decimal("95.0"), Decimal("85.0"))
    assert not inflated(LIST, None, Decimal("0"))


def test_units_are_asked_what_is_for_their_kind_and_what_people_can_judge() -> None:
    assert "3-10" not in {item.id for item in LIST.asked("街办")}
    assert "3-10" in {item.id for item in LIST.asked("授权组织")}
    assert not {"8-1", "8-2"} & {item.id for item in LIST.asked("街办")}
    assert not [item for item in LIST.asked("街办", "self_check") if item.group == "C8"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("points = 3\n", "points = 4\n"), "各项之和"),
        (('id = "1-2"', 'id = "1-1"'), "不止一次"),
        (('group = "C2"', 'group = "C9"'), "没有写在"),
        (('version = "2026"', ""), "缺少或写错"),
        (("=", "=="), "TOML"),
    ],
)
def test_a_broken_file_is_refused_with_what_is_wrong(change: tuple[str, str], said: str) -> None:
    with pytest.raises(InvalidData) as refused:
        parse(TEXT.replace(*change, 1))
    assert said in str(refused.value)
