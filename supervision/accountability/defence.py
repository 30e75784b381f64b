"""陈述申辩: what each respondent was told, how they were heard, and that nothing gets heavier for it.

Source: R13¶1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import InvalidData, StepFailed
from engine.instance.context import ServiceCall
from supervision.accountability.find import FORBIDDEN, as_variables, power_of, respondent_of
from supervision.accountability.rules import Rules
from supervision.accountability.table import Respondent
from supervision.yes import is_yes

MODES = {"书面": "heard", "口头": "heard", "放弃": "waived", "逾期未提": "lapsed"}
ACCOUNTABLE = "拟问责"
NOTHING_ADVERSE = ("拟不予问责", "移送", "补充调查")
"""拟结论 by which the body itself does nothing to the respondent: there is nothing to speak against yet."""


def propose(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """拟处理意见 of one respondent: responsibility, measures, outcome. Returns respondent.

    Raises:
        InvalidData: 待认定 without a reason, off the tables without one (`suggested`, `choices`), a measure
            the body may neither decide nor suggest, one more 补充调查 than there may be.
    """
    row, data = respondent_of(session, call), call.data
    measures, outcome = _measures(data), str(data.get("outcome") or "")
    row.powers = {str(one.get("measure")): _power(one) for one in data.get("powers") or []} or row.powers
    if row.subject_kind == "个人":
        _responsible(row, data)
    if row.told_rounds and data.get("new_facts") is not None:
        row.new_facts = is_yes(data.get("new_facts"))
    _lawful(rules, row, outcome, measures, int(data.get("supplement_round") or 0))
    reason = str(data.get("deviate_reason") or "").strip()
    if outcome == ACCOUNTABLE and not reason and (said := _deviation(call, row, measures)):
        raise InvalidData({"deviate_reason": [f"与规则表不同（{said}）：请写明理由。"]})
    row.level = str(data.get("level") or row.level)
    row.proposed, row.outcome = measures if outcome == ACCOUNTABLE else [], outcome
    row.final = list(row.proposed)
    _no_aggravation(rules, row)
    if outcome in NOTHING_ADVERSE and not row.told_rounds:
        row.defence, row.defence_closed_at = "none", now
    elif row.defence == "none":
        row.defence, row.defence_closed_at = "", None
    session.flush()
    return {"respondent": as_variables(session, row)}


def _responsible(row: Respondent, data: Mapping[str, Any]) -> None:
    row.responsibility = str(data.get("responsibility") or "")
    row.manual_reason = str(data.get("manual_reason") or "").strip()
    if row.responsibility == "待认定" and not row.manual_reason:
        raise InvalidData({"manual_reason": [f"{row.name}的责任第十条没有规定：请写明认定理由。"]})


def _lawful(rules: Rules, row: Respondent, outcome: str, measures: Sequence[str], rounds: int) -> None:
    if outcome == ACCOUNTABLE and not measures:
        raise InvalidData({"measures": ["拟问责的，应当选择措施。"]})
    if outcome == "补充调查" and rounds >= rules.supplements:
        raise InvalidData({"outcome": [f"补充调查不得超过 {rules.supplements} 次：请选择其他结论。"]})
    if barred := [one for one in measures if power_of(row, one) == FORBIDDEN]:
        raise InvalidData(
            {"measures": [f"实施机关不能采用{'、'.join(barred)}（措施权限表，第十二条）：请去掉。"]}
        )
    if gone := [one for one in measures if one in rules.dropped.get(row.standing, ())]:
        raise InvalidData({"measures": [f"{row.name}已{row.standing}，不再采用{'、'.join(gone)}：请去掉。"]})


def _power(one: Mapping[str, Any]) -> list[str]:
    return [str(one.get(part) or "") for part in ("power", "executor", "power_basis")]


def told(session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """D23 was served: reads doc_id, served_on. Returns told_on, respondent.

    Raises StepFailed without a day of service: no period can run from it.
    """
    row, served = respondent_of(session, call), str(call.data.get("served_on") or "")
    if not served:
        raise StepFailed(call.element_id, f"{row.name}的陈述申辩告知书没有送达日期：请先送达", call.data)
    row.told, row.told_doc = list(row.final or row.proposed), str(call.data.get("doc_id") or "") or None
    row.told_on, row.told_rounds = date.fromisoformat(served[:10]), row.told_rounds + 1
    row.defence, row.defence_closed_at, row.new_facts = "", None, False
    session.flush()
    return {"told_on": row.told_on.isoformat(), "respondent": as_variables(session, row)}


def heard(rules: Rules, session: Session, call: ServiceCall, now: datetime) -> Mapping[str, Any]:
    """Closes the hearing: reads defence_mode, and where it was heard points, final_measures, new_facts.

    Returns respondent, retell: with new facts and a heavier measure the person is told and heard again.

    Raises:
        InvalidData: heavier than announced, without new facts.
    """
    row = respondent_of(session, call)
    mode = str(call.data.get("defence_mode") or "")
    state = MODES.get(mode, "")
    if not state:
        raise StepFailed(call.element_id, f"{row.name}的陈述申辩方式没有记载", call.data)
    row.new_facts = state == "heard" and is_yes(call.data.get("new_facts"))
    if state == "heard":
        row.outcome = str(call.data.get("final_outcome") or row.outcome)
        row.final = _measures(call.data, "final_measures") if row.outcome == ACCOUNTABLE else []
        if row.outcome == ACCOUNTABLE and not row.final:
            raise InvalidData({"final_measures": ["核实后仍拟问责的，应当选择措施。"]})
        if barred := [one for one in row.final if power_of(row, one) == FORBIDDEN]:
            raise InvalidData({"final_measures": [f"实施机关不能采用{'、'.join(barred)}：请去掉。"]})
    row.defence_words = _words(mode, call.data)
    retell = bool(rules.heavier(row.final, row.told)) and row.new_facts
    if not retell:
        _no_aggravation(rules, row, "final_measures")
        row.defence, row.defence_closed_at = state, now
    row.proposed = list(row.final)
    session.flush()
    return {"respondent": as_variables(session, row), "retell": retell}


def _words(mode: str, data: Mapping[str, Any]) -> str:
    """陈述申辩 and what was taken over of it, as the decision tells it."""
    if MODES[mode] == "waived":
        return "明确放弃陈述和申辩。"
    if MODES[mode] == "lapsed":
        return "告知书送达后，期满没有提出陈述和申辩。"
    points = [one for one in data.get("points") or [] if isinstance(one, Mapping)]
    said = [f"{one.get('point')}——{one.get('result')}：{one.get('reason')}" for one in points]
    return f"{mode}提出陈述和申辩。{'；'.join(said)}".rstrip("；")


def _no_aggravation(rules: Rules, row: Respondent, field: str = "measures") -> None:
    """Whoever was told may not be treated worse for having spoken, unless new facts came up.

    Source: 公务员法第六十三条, 公职人员政务处分法第四十三条, 行政处罚法第四十五条 (analog).
    """
    heavier = rules.heavier(row.final, row.told)
    if row.told_rounds and heavier and not row.new_facts:
        raise InvalidData(
            {
                field: [
                    f"不得因陈述申辩加重：{row.name}被告知的是{'、'.join(row.told) or '不予处理'}，"
                    f"没有告知{'、'.join(heavier)}。发现新事实的，须重新告知后再处理。"
                ]
            }
        )


def _measures(data: Mapping[str, Any], field: str = "measures") -> list[str]:
    return [str(one) for one in data.get(field) or []]


def _deviation(call: ServiceCall, row: Respondent, measures: Sequence[str]) -> str:
    """In what the proposal differs from the tables: `suggestions` of DMN-2, `suggested` of DMN-1."""
    found: list[str] = []
    suggested = str(call.data.get("suggested_responsibility") or "")
    if row.subject_kind == "个人" and row.responsibility == "不承担":
        found.append("不承担责任而拟问责")
    if row.subject_kind == "个人" and suggested not in ("", "待认定", row.responsibility):
        found.append(f"责任应为{suggested}")
    rows = call.data.get("suggestions")
    rows = rows if isinstance(rows, list) else []
    must = {str(one.get("measure")) for one in rows if one.get("force") == "应当"}
    choice = {str(one.get("measure")) for one in rows if one.get("force") == "二选一"}
    may = {str(one.get("measure")) for one in rows}
    if missing := sorted(must - set(measures)):
        found.append(f"缺少{'、'.join(missing)}")
    if choice and len(choice & set(measures)) != 1:
        found.append(f"{'、'.join(sorted(choice))}应当选一项")
    if extra := sorted(set(measures) - may):
        found.append(f"表中没有{'、'.join(extra)}")
    return "；".join(found)
