"""Where a complaint stands, in the words its complainant reads."""

from __future__ import annotations

from collections.abc import Iterable

STAGES = {
    "ut_complete": "正在研判",
    "ut_triage": "正在研判",
    "ut_triage_ok": "正在研判",
    "ut_answer": "正在答复",
    "ut_assign": "正在办理",
    "ut_unit_accept": "正在办理",
    "ut_objection": "正在办理",
    "ut_designate": "正在办理",
    "ut_unit_handle": "正在办理",
    "ut_unit_sign": "正在办理",
    "ut_investigate": "正在办理",
    "ut_review": "正在审核办理结果",
    "ut_review_ok": "正在审核办理结果",
    "ut_decide": "正在作出结论",
    "ut_withdraw": "正在处理您的撤回申请",
    "ut_callback": "等待回访",
    "ut_recheck": "正在复查",
}
"""Open task → stage; the innermost stage of a case is the last one that appears here."""

ORDER = list(dict.fromkeys(STAGES.values()))


def stage(status: str, outcome: str, open_elements: Iterable[str]) -> str:
    """`status` is the case's own; open tasks of documents and publication leave the stage as it is."""
    if outcome:
        return f"已办结（{outcome}）" if outcome != "已办结" else "已办结"
    if status == "待补正":
        return "等待您补充材料"
    found = [STAGES[element] for element in open_elements if element in STAGES]
    if found:
        return max(found, key=ORDER.index)
    return {"已登记": "正在研判", "已答复": "已答复"}.get(status, "正在办理")
