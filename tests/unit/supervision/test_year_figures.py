"""年报数据 of units are added up number by number, and their words left out."""

from __future__ import annotations

from supervision.yearly.figures import total_of


def test_numbers_and_cells_are_added_and_words_left_out() -> None:
    # given
    one = {
        "normdocs_made": 2,
        "fee_amount": 1.25,
        "problems": "解读偏少",
        "applications": {"granted": {"person": 9}},
    }
    other = {
        "normdocs_made": 1,
        "fee_amount": 0.1,
        "applications": {"granted": {"person": 3}, "pending": {"person": 1}},
    }
    # when
    total = total_of([one, other])
    # then
    assert total == {
        "normdocs_made": 3,
        "fee_amount": 1.35,
        "applications": {"granted": {"person": 12}, "pending": {"person": 1}},
    }
    assert one["applications"] == {"granted": {"person": 9}}


def test_the_sum_of_no_unit_is_empty() -> None:
    assert total_of([]) == {}
