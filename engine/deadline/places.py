"""A place in a proof in words, for whoever is told what does not fit there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.deadline.shanghai import day_in_words
from engine.deadline.written import LISTS, Place

_PARTS = {
    "format": "格式",
    "key": "规则的键",
    "step": "环节",
    "length": "期限长度",
    "origin": "出处",
    "rule": "规则条款",
    "rule_version": "规则版本",
    "calendar_version": "日历版本",
    "calendar": "日历依据",
    "start_event": "起算事件",
    "start_on": "起算日",
    "extended_by": "延期合计",
    "extensions": "延期",
    "restarts": "重新起算",
    "pauses": "中止",
    "suspended": "未恢复的中止",
    "days": "逐日记录",
    "days_after": "届满后的逐日记录",
    "result": "结果",
    "text": "文字说明",
    "about": "所属案件",
    "digest": "摘要",
    "due": "到期日",
    "due_at": "届满时刻",
    "amber": "预警日",
    "levels": "督办阶梯",
    "provisional": "是否暂定",
}


def in_words(place: Place, proof: Mapping[str, Any]) -> str:
    """``逐日记录第 3 行 2026-02-15（周日），days[2].why``; '' for the whole."""
    if not place:
        return ""
    part, *inside = place
    words = _PARTS.get(str(part), "")
    if inside and isinstance(inside[0], int):
        words += f"第 {inside[0] + 1} 行{_day(proof, str(part), inside[0])}"
    return f"{words}，{dotted(place)}"


def dotted(place: Place) -> str:
    """``days[2].why``."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place).lstrip(".")


def _day(proof: Mapping[str, Any], part: str, at: int) -> str:
    if part not in LISTS:
        return ""
    try:
        return f" {day_in_words(date.fromisoformat(proof[part][at]['on']))}"
    except (LookupError, TypeError, ValueError):
        return ""  # the day itself is what was spoiled
