"""What befell a period is told by its proof, and cannot be changed without being found."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.course import Course, Extended, Restarted, Suspended
from engine.deadline.pause import Pause
from engine.deadline.rule import RuleSet
from engine.deadline.verify import verify
from engine.errors import InvalidData

D = date.fromisoformat
PAUSE = Pause(D("2026-03-04"), D("2026-03-06"), "第三方意见", "S:XXGK art.32", "陈立", "周远")
EXTENDED = Extended(D("2026-03-16"), 10, "需要调取三个年度的档案", "吴敏")
RESTARTED = Restarted(
    D("2026-03-02"), D("2026-02-13"), D("2026-03-09"), D("2026-02-27"), "补正", "S:XXGK art.30", "陈立"
)
LASTS = Suspended(D("2026-03-20"), "公告送达", "S:MSS art.95", "陈立")


@pytest.fixture
def proof(calendar: Calendar, rules: RuleSet) -> dict[str, Any]:
    """Of a period that was begun anew, suspended, extended, and is suspended again."""
    course = Course((EXTENDED,), (RESTARTED,), LASTS)
    due = compute(
        rules["CP-HANDLE"], calendar, D("2026-02-27"), extended_by=10, pauses=[PAUSE], course=course
    )
    loaded: dict[str, Any] = json.loads(json.dumps(due.proof, ensure_ascii=False))
    return loaded


def test_the_proof_tells_all_of_it_and_holds(proof: dict[str, Any]) -> None:
    assert proof["extensions"] == [
        {"on": "2026-03-16", "days": 10, "reason": "需要调取三个年度的档案", "by": "吴敏"}
    ]
    assert proof["restarts"][0]["was_due_on"] == "2026-03-09"
    assert proof["pauses"][0]["resumed_by"] == "周远"
    assert proof["suspended"]["since"] == "2026-03-20"
    assert verify(proof) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "原自 2026-02-13（周五）起算，应于 2026-03-09（周一）届满；2026-03-02（周一）"
        "（补正；依据S:XXGK art.30；陈立），改自 2026-02-27（周五）重新起算，原来的延期和中止不再计入。",
        "2026-03-16（周一）延期 10 个工作日（需要调取三个年度的档案；吴敏）。",
        "2026-03-04（周三）中止（第三方意见；依据S:XXGK art.32；陈立），2026-03-06（周五）恢复（周远），"
        "其间 2 日不计入期间。",
        "自 2026-03-20（周五）起中止（公告送达；依据S:MSS art.95；陈立），尚未恢复；"
        "以下日期是中止前的，恢复后推后。",
    ],
)
def test_each_is_told_in_a_sentence(proof: dict[str, Any], sentence: str) -> None:
    assert sentence in proof["text"]


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from leaves(part, (*path, key))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from leaves(part, (*path, place))
    else:
        yield path


def test_no_entry_of_it_can_be_changed_alone(proof: dict[str, Any]) -> None:
    told = {name: proof[name] for name in ("extensions", "restarts", "pauses", "suspended", "extended_by")}
    for path in leaves(told):
        forged = copy.deepcopy(proof)
        place = forged
        for step in path[:-1]:
            place = place[step]
        was = place[path[-1]]
        place[path[-1]] = (
            was + 1 if isinstance(was, int) else f"2026-0{was[6]}-11" if was[:2] == "20" else "别的"
        )
        assert verify(forged) != [], path


def test_a_course_that_leads_elsewhere_is_refused(calendar: Calendar, rules: RuleSet) -> None:
    rule = rules["CP-HANDLE"]
    with pytest.raises(InvalidData, match="各次延期合计 10，与延长的 5 不符"):
        compute(rule, calendar, D("2026-02-27"), extended_by=5, course=Course((EXTENDED,)))
    with pytest.raises(
        InvalidData, match="重新起算日 2026-02-27（周五）与其后的起算日 2026-03-01（周日）不符"
    ):
        compute(rule, calendar, D("2026-03-01"), course=Course(restarts=(RESTARTED,)))
