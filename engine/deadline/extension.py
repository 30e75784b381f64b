"""延期: whether a running deadline may be moved once more, and the reason if not."""

from __future__ import annotations

from datetime import datetime

from engine.deadline.light import HasDue
from engine.deadline.rule import Rule
from engine.deadline.rule_words import amount_in_words
from engine.deadline.shanghai import day_in_words, last_day_before
from engine.errors import DeadlineClosed, InvalidData


def check_extension(rule: Rule, due: HasDue, already_extended: int, days: int, now: datetime) -> None:
    """Returns when `due` may be moved by `days` (in the rule's unit); `already_extended` counts the times.

    Raises:
        DeadlineClosed: the rule has no extension, all are used, or the period has ended.
        InvalidData: less than one or more than one extension allows; field `days`.
    """
    extension = rule.extension
    if extension is None:
        raise DeadlineClosed(f"“{rule.step}”的期限不可延期。")
    if now >= due.due_at:
        ended = day_in_words(last_day_before(due.due_at))
        raise DeadlineClosed(f"“{rule.step}”的期限已于 {ended}24:00 届满，届满后不能延期。")
    if already_extended >= extension.max:
        raise DeadlineClosed(f"“{rule.step}”的期限最多延期 {extension.max} 次，已经用完。")
    if isinstance(days, bool) or not isinstance(days, int) or not 1 <= days <= extension.n:
        most = amount_in_words(extension)
        raise InvalidData({"days": [f"每次延期应为 1 至 {most}的整数，但填写的是 {days}。"]})
