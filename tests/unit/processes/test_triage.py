"""投诉研判 (DMN-4): each rule fires for its own complaint, and the earlier rule wins."""

from __future__ import annotations

from typing import Any

import pytest

from engine.bpmn.dmn.decide import decide
from tests.unit.processes.bundles import program

PLAIN = {
    "suspected_duty_crime": False, "suspected_other_crime": False, "is_disclosure_application": False,
    "disclosure_dispute": False, "finally_reviewed": False, "in_scope_unit": True, "in_scope_subject": True,
    "concrete_lead": True, "target_is_leader": False, "gaps": [], "duplicate_of": "", "target_unit": "U06",
    "handler": "DCS", "other_channel": "未向其他渠道反映", "identity_mode": "实名", "matter_type": "投诉",
}  # fmt: skip
"""A named complaint about a unit, complete and within scope: rule 15."""

UNKNOWN_BODY = {"target_unit": "UNKNOWN"}
ANONYMOUS = {"identity_mode": "匿名"}


def triage(**differs: Any) -> tuple[str, str, str]:
    row: Any = decide(program("complaint").decisions["complaint_triage"], {**PLAIN, **differs})
    return row["suggested_route"], row["suggested_category"], row["suggested_mode"]


@pytest.mark.parametrize(
    ("number", "differs", "route", "category", "mode"),
    [
        (1, {"suspected_duty_crime": True}, "移送监察机关", "一般投诉", ""),
        (2, {"suspected_other_crime": True}, "移送公安司法", "一般投诉", ""),
        (3, {"is_disclosure_application": True}, "引导依申请公开", "信息公开监督", ""),
        (4, {"target_unit": "DCS"}, "回避转办", "一般投诉", ""),
        (4, {"target_unit": "LSG"}, "回避转办", "一般投诉", ""),
        (5, {"disclosure_dispute": True}, "受理", "信息公开监督", "督查室直办"),
        (6, {"other_channel": "诉讼"}, "不予受理", "一般投诉", ""),
        (6, {"other_channel": "行政复议"}, "不予受理", "一般投诉", ""),
        (6, {"other_channel": "纪检监察"}, "不予受理", "一般投诉", ""),
        (7, {"finally_reviewed": True}, "不再受理", "一般投诉", ""),
        (8, {"duplicate_of": "TS-2026-0001"}, "合并", "一般投诉", ""),
        (9, {"in_scope_unit": False}, "转送有权机关", "一般投诉", ""),
        (10, {"in_scope_subject": False}, "转送有权机关", "一般投诉", ""),
        (11, {**ANONYMOUS, "concrete_lead": False}, "登记存查", "一般投诉", ""),
        (12, UNKNOWN_BODY, "补正", "一般投诉", ""),
        (12, {**UNKNOWN_BODY, "in_scope_unit": False}, "补正", "一般投诉", ""),
        (12, {"gaps": ["事实"]}, "补正", "一般投诉", ""),
        (13, {"matter_type": "咨询"}, "即时答复", "咨询", ""),
        (14, {"matter_type": "举报"}, "受理", "一般投诉", "督查室直办"),
        (14, {"target_is_leader": True}, "受理", "一般投诉", "督查室直办"),
        (14, {"identity_mode": "实名但要求保密"}, "受理", "一般投诉", "督查室直办"),
        (14, ANONYMOUS, "受理", "一般投诉", "督查室直办"),
        (15, {}, "受理", "一般投诉", "转办承办单位"),
        (16, {"matter_type": "意见建议"}, "受理", "意见建议", "转办承办单位"),
        (17, {"matter_type": "别的"}, "", "", ""),
    ],
)
def test_each_rule_answers_its_complaint(
    number: int, differs: dict[str, Any], route: str, category: str, mode: str
) -> None:
    assert triage(**differs) == (route, category, mode), f"rule {number}"


@pytest.mark.parametrize(
    ("differs", "route"),
    [
        # a crime is referred whatever else holds
        ({"suspected_duty_crime": True, "is_disclosure_application": True, "gaps": ["事实"]}, "移送监察机关"),
        # a dispute about disclosure is accepted even where another channel was tried
        ({"disclosure_dispute": True, "other_channel": "行政复议"}, "受理"),
        # 匿名 is never asked to supplement: there is nobody to ask
        ({**ANONYMOUS, "gaps": ["证据"]}, "受理"),
        # one about 督查室 that the other body handles already is not handed over again
        ({"target_unit": "DCS", "handler": "QZB"}, "受理"),
    ],
)
def test_the_earlier_rule_wins(differs: dict[str, Any], route: str) -> None:
    assert triage(**differs)[0] == route


def test_every_rule_says_its_basis() -> None:
    decision = program("complaint").decisions["complaint_triage"]
    place = [output.name for output in decision.outputs].index("triage_basis")
    assert all(len((rule.outputs[place] or "").strip('"')) > 5 for rule in decision.rules)
