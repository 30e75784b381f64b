"""processes/deadlines.toml says, key by key, what the regulation's table of periods (rules.tsv) says."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from engine.deadline.rule import Rule, RuleSet

TABLE = Path(__file__).parent / "rules.tsv"
with TABLE.open(encoding="utf-8", newline="") as lines:
    ROWS = {row["key"]: row for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)}


def written(rule: Rule) -> dict[str, str]:
    extension = rule.extension
    return {
        "key": rule.key,
        "value": rule.month_day or str(rule.value),
        "unit": rule.unit,
        "extension": f"{extension.n} {extension.unit} x{extension.max}" if extension else "-",
        "tag": rule.tag,
        "step": rule.step,
        "start": rule.start,
        "ends_at": rule.ends_at,
        "reference": rule.reference,
    }


def test_no_rule_is_missing_and_none_is_invented(rules: RuleSet) -> None:
    assert sorted(rules) == sorted(ROWS)
    assert len(ROWS) == 90


@pytest.mark.parametrize("key", ROWS)
def test_a_rule_is_the_tables(rules: RuleSet, key: str) -> None:
    assert written(rules[key]) == ROWS[key]


def test_every_time_that_the_law_gives_a_person_is_marked(rules: RuleSet) -> None:
    marked = {key for key, rule in rules.items() if rule.minimum}
    applications = {
        key for key, rule in rules.items() if "source" in rule.tag and key.endswith(("-APPLY", "-APPEAL"))
    }
    assert marked == applications | {"AI-OBJ", "IC-3P"}
