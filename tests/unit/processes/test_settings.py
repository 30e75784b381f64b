"""settings.toml: the twelve questions of a district, each with a default that is in force."""

from __future__ import annotations

import pytest

from engine.deadline.rule_file import parse_rules
from engine.errors import InvalidData
from supervision.cycles.file import read_cycles
from supervision.cycles.recur import Yearly
from supervision.setting.cycle_days import pairs, parse_days
from supervision.setting.known import parse
from tests.unit.processes.bundles import PROCESSES

KNOWN = parse((PROCESSES / "settings.toml").read_text())


def test_each_of_the_twelve_questions_has_a_setting() -> None:
    assert {one.question for one in KNOWN.values()} == set(range(1, 13))


def test_every_setting_says_what_follows_from_it_and_which_clause_asks() -> None:
    assert [one.key for one in KNOWN.values() if len(one.effect) < 15 or not one.clause] == []


def test_what_a_setting_points_at_exists() -> None:
    rules = parse_rules((PROCESSES / "deadlines.toml").read_text())
    cycles = {cycle.key: cycle for cycle in read_cycles(PROCESSES)}
    for one in KNOWN.values():
        if one.kind == "rule":
            assert one.target in rules
        if one.kind == "cycle":
            recurrence = cycles[one.target].recurrence
            assert isinstance(recurrence, Yearly)
            assert recurrence.dates == pairs(one.default), "the default is what cycles.toml says"
            assert one.key == f"{one.target}_dates"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("award_year_basis", "any_year"),
        ("regulation_issued_on", "2020年12月9日"),
        ("lsg_name", "  "),
    ],
)
def test_a_value_that_cannot_be_chosen_is_refused_with_the_name_of_the_setting(key: str, value: str) -> None:
    with pytest.raises(InvalidData) as refused:
        KNOWN[key].checked(value)
    assert KNOWN[key].label in str(refused.value.errors)


@pytest.mark.parametrize("days", ["06-01", "03-01、05-01", "06-31、12-01", "1、2", "06-01、12-01、12-05"])
def test_a_self_check_stays_one_in_each_half_of_the_year(days: str) -> None:
    """R7¶1: 每半年进行一次自查."""
    with pytest.raises(InvalidData):
        parse_days("半年自查的两个周期日", days, "06-01、12-01")


def test_days_are_kept_in_order_however_they_are_typed() -> None:
    assert parse_days("半年自查的两个周期日", "12-5, 6-10", "06-01、12-01") == "06-10、12-05"


def test_a_file_with_a_choice_that_is_no_option_is_refused() -> None:
    wrong = '[x]\nquestion = 1\nlabel = "甲"\nkind = "choice"\neffect = "乙"\nclause = []\ndefault = "z"\n'
    with pytest.raises(InvalidData, match="x"):
        parse(wrong)
