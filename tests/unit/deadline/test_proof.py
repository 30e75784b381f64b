"""The proof says why, and stands on its own."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.pause import Pause
from engine.deadline.rule import RuleSet
from engine.deadline.verify import verify

D = date.fromisoformat


def exported(proof: dict[str, Any]) -> dict[str, Any]:
    """As it comes back from a file."""
    loaded: dict[str, Any] = json.loads(json.dumps(proof, ensure_ascii=False))
    return loaded


def test_every_day_is_counted_or_skipped_with_its_reason(calendar: Calendar, rules: RuleSet) -> None:
    pause = Pause(D("2026-02-24"), D("2026-02-25"), "第三方意见")
    days = compute(rules["CP-TRIAGE"], calendar, D("2026-02-13"), pauses=[pause]).proof["days"]
    told = [(day["on"][5:], day["counted"], day["why"]) for day in days]
    assert told[:3] == [
        ("02-13", None, "起算日，不计入期间"),
        ("02-14", 1, "计入第 1 日"),
        ("02-15", None, "春节放假，不计入"),
    ]
    assert told[11:] == [
        ("02-24", 2, "计入第 2 日"),
        ("02-25", None, "中止期间（第三方意见），不计入"),
        ("02-26", 3, "计入第 3 日"),
        ("02-27", 4, "计入第 4 日"),
        ("02-28", 5, "计入第 5 日"),
    ]
    assert days[1]["reason"] == "调休上班（春节）"


def test_a_shifted_end_is_explained(calendar: Calendar, rules: RuleSet) -> None:
    proof = compute(rules["AC-IMPL"], calendar, D("2026-09-01")).proof
    assert [day["why"] for day in proof["days"][-8:]] == [
        "计入第 30 日，期满日是休息日，顺延",
        *["国庆节放假，继续顺延"] * 6,
        "顺延后的期满日",
    ]
    assert (
        "计至 2026-10-01（周四），该日为休息日（国庆节放假），顺延到下一个工作日 2026-10-08（周四）。"
        in proof["text"]
    )


@pytest.mark.parametrize(
    ("key", "start", "sentence"),
    [
        ("CP-HANDLE", "2026-02-27", "期间至 2026-03-19（周四）24:00 届满。"),
        ("CP-HANDLE", "2026-02-27", "起算事件“受理”在 2026-02-27（周五），当日不计入，自次日起计算。"),
        ("AI-REPORT", "2026-12-14", "起算事件“校准完成”在 2026-12-14（周一），期限为当日。"),
        ("SV-PUB", "2026-09-02", "计至 2026-10-02（周五），该日为休息日（国庆节放假），本期限不顺延。"),
        ("YR-UNIT", "2027-01-04", "该日为休息日，内部期限提前到之前最后一个工作日 2027-01-29（周五）。"),
        ("YR-UNIT", "2027-01-04", "涉及尚未公布放假安排的年份，以上日期为暂定，待录入后重新计算。"),
    ],
)
def test_the_sentences_say_how_it_came_about(
    calendar: Calendar, rules: RuleSet, key: str, start: str, sentence: str
) -> None:
    assert sentence in compute(rules[key], calendar, D(start)).proof["text"]


def test_the_proof_names_versions_clause_and_notice(calendar: Calendar, rules: RuleSet) -> None:
    proof = compute(rules["CP-XF"], calendar, D("2026-11-10"), extended_by=30).proof
    assert proof["rule_version"] == rules.version
    assert proof["calendar_version"] == calendar.version
    assert proof["rule"]["reference"] == "S:XF art.34"
    assert proof["rule"]["sources"] == ["《信访工作条例》（2022 年）"]
    assert proof["extended_by"] == 30
    assert "经延期，期限共增加 30 日。" in proof["text"]
    assert proof["calendar"][-1]["provisional"] is True


@pytest.mark.parametrize("start", ["2026-02-13", "2026-09-01", "2026-12-31", "2027-01-30"])
def test_every_rule_has_a_proof_that_recomputes_from_itself(
    calendar: Calendar, rules: RuleSet, start: str
) -> None:
    pause = Pause(D(start), D("2027-02-05"), "中止")
    for rule in rules.values():
        for by in {0, rule.extension.n if rule.extension else 0}:
            assert verify(exported(compute(rule, calendar, D(start), extended_by=by).proof)) == []
        assert verify(exported(compute(rule, calendar, D(start), pauses=[pause]).proof)) == []


def change(*path: Any, to: Any) -> Callable[[dict[str, Any]], None]:
    def apply(proof: dict[str, Any]) -> None:
        place: Any = proof
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = to

    return apply


@pytest.mark.parametrize(
    ("forge", "finding"),
    [
        (change("result", "due_on", to="2026-02-28"), "result.due_on：证明写的是“2026-02-28”"),
        (change("result", "levels", "L4", to="2026-03-09"), "result.levels.L4"),
        (change("start_on", to="2026-02-12"), "缺少"),
        (
            change("days", 1, "workday", to=False),
            "2026-02-14（周六），days[1]：“调休上班（春节）”与是否为工作日的记载不符",
        ),
        (
            change("days", 2, "workday", to=True),
            "2026-02-15（周日），days[2]：“春节放假”与是否为工作日的记载不符",
        ),
        (
            change("days", 11, "reason", to="周末"),
            "2026-02-24（周二），days[11]：“周末”与是否为工作日的记载不符",
        ),
        (change("days", 2, "counted", to=2), "days[2].counted"),
        (change("days", 2, "weekday", to="周一"), "days[2].weekday"),
        (change("extended_by", to=5), "缺少"),
        (change("extended_by", to=-5), "不能按 -5 延长"),
        (change("rule", "value", to=4), "result.due_on"),
        (change("rule", "value", to=10**12), "无法重新计算"),
        (change("rule", "unit", to="fortnight"), "fortnight"),
        (change("rule", "ladder", to={"amber": "x"}), "无法重新计算"),
        (change("length", to="5 个工作日"), "length"),
        (change("days", to=[]), "缺少"),
        (change("days", to=7), "无法重新计算"),
        (change("calendar", to=[]), "无法重新计算"),
        (change("format", to="other"), "不认识的证明格式"),
        (change("added", to=1), "added"),
    ],
)
def test_a_forged_proof_is_found_out(
    calendar: Calendar, rules: RuleSet, forge: Callable[[dict[str, Any]], None], finding: str
) -> None:
    # given a proof that holds
    proof = exported(compute(rules["CP-TRIAGE"], calendar, D("2026-02-13")).proof)
    assert verify(proof) == []
    # when one entry is changed
    forged = copy.deepcopy(proof)
    forge(forged)
    # then the finding names it
    assert any(finding in problem.sentence for problem in verify(forged))
