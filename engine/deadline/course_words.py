"""The course of a period in Chinese: restarts, extensions, pauses. Every entry is in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.deadline.course import Course
from engine.deadline.pause import Pause
from engine.deadline.shanghai import day_in_words

UNITS = {"wd": "个工作日", "cd": "日", "month": "个月"}


def restarts_in_words(course: Course) -> Iterator[str]:
    """One sentence for each time the clock was set back to its start."""
    for restart in course.restarts:
        yield (
            f"原自 {day_in_words(restart.was_start_on)}起算，应于 {day_in_words(restart.was_due_on)}届满；"
            f"{day_in_words(restart.on)}{_because(restart.reason, restart.clause, restart.by)}，"
            f"改自 {day_in_words(restart.start_on)}重新起算，原来的延期和中止不再计入。"
        )


def extensions_in_words(course: Course, extended_by: int, unit: str) -> Iterator[str]:
    """The sum, and each extension with its reason where these are known."""
    if extended_by:
        yield f"经延期，期限共增加 {extended_by} {UNITS[unit]}。"
    for extended in course.extensions:
        why = _because(extended.reason, "", extended.by)
        yield f"{day_in_words(extended.on)}延期 {extended.days} {UNITS[unit]}{why}。"


def pauses_in_words(pauses: Sequence[Pause], course: Course, unit: str) -> Iterator[str]:
    """Those that are over, then the one that lasts."""
    for pause in pauses:
        days = (pause.ends_on - pause.begins_on).days
        resumed = f"{day_in_words(pause.ends_on)}恢复" + (
            f"（{pause.resumed_by}）" if pause.resumed_by else ""
        )
        effect = "固定日期不因此推后" if unit == "date" else f"其间 {days} 日不计入期间"
        why = _because(pause.reason, pause.clause, pause.by)
        yield f"{day_in_words(pause.begins_on)}中止{why}，{resumed}，{effect}。"
    if lasts := course.suspended:
        why = _because(lasts.reason, lasts.clause, lasts.by)
        yield f"自 {day_in_words(lasts.since)}起中止{why}，尚未恢复；以下日期是中止前的，恢复后推后。"


def _because(reason: str, clause: str, by: str) -> str:
    """``（第三方意见；依据政府信息公开条例第三十二条；陈立）``, parts that are empty left out."""
    parts = [reason, f"依据{clause}" if clause else "", by]
    said = "；".join(part for part in parts if part)
    return f"（{said}）" if said else ""
