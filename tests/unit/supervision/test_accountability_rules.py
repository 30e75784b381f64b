"""问责 weighs measures as processes/accountability/rules.toml ranks them."""

from __future__ import annotations

from pathlib import Path

import pytest

from supervision.accountability.rules import read_rules

RULES = read_rules(Path("processes"))


@pytest.mark.parametrize(
    ("final", "told", "heavier"),
    [
        (["批评教育"], ["批评教育", "书面检查"], []),
        (["书面检查"], ["批评教育"], ["书面检查"]),
        (["批评教育"], ["书面检查"], ["批评教育"]),
        (["责令改正"], [], ["责令改正"]),
        ([], ["通报批评"], []),
    ],
)
def test_a_measure_nobody_was_told_of_makes_it_heavier(
    final: list[str], told: list[str], heavier: list[str]
) -> None:
    assert RULES.heavier(final, told) == heavier


@pytest.mark.parametrize(
    ("level", "measures", "needed"),
    [
        ("情节轻微影响较小", ["批评教育"], False),
        ("影响正常工作或造成群众损失", ["通报批评"], True),
        ("情节轻微影响较小", ["处分建议"], True),
        ("情节严重影响较大", [], True),
    ],
)
def test_grave_cases_and_every_proposed_sanction_need_collective_discussion(
    level: str, measures: list[str], needed: bool
) -> None:
    assert RULES.collective(level, measures) is needed


def test_the_folder_that_lacks_the_rules_is_named(tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"rules\.toml"):
        read_rules(tmp_path)
