"""Where a complaint stands, in plain words."""

from __future__ import annotations

import pytest

from supervision.complaint.stages import stage


@pytest.mark.parametrize(
    ("status", "outcome", "elements", "words"),
    [
        ("已登记", "", ["ut_complete"], "正在研判"),
        ("已登记", "", [], "正在研判"),
        ("待补正", "", [], "等待您补充材料"),
        ("办理中", "", ["ut_unit_handle"], "正在办理"),
        ("办理中", "", ["ut_investigate", "ut_decide"], "正在作出结论"),
        ("办理中", "", ["ut_draft"], "正在办理"),  # a letter being written changes nothing
        ("已答复", "", [], "已答复"),
        ("已答复", "", ["ut_callback"], "等待回访"),
        ("已办结", "已办结", [], "已办结"),
        ("不予受理", "不予受理", [], "已办结（不予受理）"),
    ],
)
def test_the_stage_in_plain_words(status: str, outcome: str, elements: list[str], words: str) -> None:
    assert stage(status, outcome, elements) == words
