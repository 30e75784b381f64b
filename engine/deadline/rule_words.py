"""A rule in words: its length, extension and origin, as pages and proofs print them."""

from __future__ import annotations

import re

from engine.deadline import citation
from engine.deadline.rule import Cap, Extension, Rule

_COUNTED = {"wd": "{} 个工作日", "cd": "{} 日", "month": "{} 个月"}
_ORIGIN = {
    "source": "期限有明文规定",
    "analog": "参照适用相近规定",
    "default": "期限长度为本系统默认值，可由流程负责人调整，不是法律规定",
    "capped": "受法定上限约束",
    "partly 2012 text": "部分依据 2012 年文本，待核实",
}


def amount_in_words(length: Rule | Extension | Cap) -> str:
    """``15 个工作日``, ``30 日``, ``6 个月``."""
    count = length.n if isinstance(length, Extension) else length.value
    return _COUNTED[length.unit].format(count)


def length_in_words(rule: Rule) -> str:
    """``15 个工作日，自受理起``; with the cap when there is one."""
    if rule.unit == "date":
        month, day = map(int, rule.month_day.split("-"))
        return f"每年 {month} 月 {day} 日前（含当日）"
    if rule.value == 0:
        return f"{rule.start}当日"
    cap = f"，最长不超过 {amount_in_words(rule.cap)}" if rule.cap else ""
    return f"{amount_in_words(rule)}，自{rule.start}起{cap}"


def extension_in_words(rule: Rule) -> str:
    """``可延期 1 次，每次不超过 10 个工作日`` or ``不可延期``."""
    if rule.extension is None:
        return "不可延期"
    return f"可延期 {rule.extension.max} 次，每次不超过 {amount_in_words(rule.extension)}"


def origin_in_words(rule: Rule) -> str:
    """Where the length comes from, with what the rule cites, by title and article."""
    found = [_ORIGIN[word] for word in re.findall("|".join(_ORIGIN), rule.tag)]
    reference = f"：{citation.in_words(rule.reference, rule.sources)}" if rule.reference else ""
    return f"{'，'.join(found)}{reference}。"
