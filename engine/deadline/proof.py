"""期限证明: how a due day came about, day by day, complete enough to be recomputed without us."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from engine.deadline.calendar import WorkCalendar
from engine.deadline.course import Course, as_plain
from engine.deadline.course_words import UNITS, extensions_in_words, pauses_in_words, restarts_in_words
from engine.deadline.pause import Pause
from engine.deadline.rule import Rule
from engine.deadline.rule_terms import terms_of
from engine.deadline.rule_words import length_in_words, origin_in_words
from engine.deadline.shanghai import ONE_DAY, day_in_words, end_of, weekday_in_words
from engine.deadline.span import Span

Proof = dict[str, Any]
"""Plain JSON values; keys as `explain` writes them."""

FORMAT = "ducha.deadline.proof/2"


def explain(
    rule: Rule,
    calendar: WorkCalendar,
    span: Span,
    amber_on: date | None,
    levels: Mapping[str, date],
    extended_by: int,
    pauses: Sequence[Pause],
    course: Course,
    years: Sequence[int],
) -> Proof:
    """The proof: rule, versions, start, every day and the result, dates as ISO text.

    What moved the period: ``restarts`` [{on, was_start_on, was_due_on, start_on, reason, clause, by}],
    ``extended_by`` (sum, in the rule's unit) and ``extensions`` [{on, days, reason, by}], ``pauses``
    [{begins_on, ends_on, reason, clause, by, resumed_by}] whose days do not count, and ``suspended`` None or
    {since, reason, clause, by} while one lasts: its dates are then those of before it.
    """
    return {
        "format": FORMAT,
        "key": rule.key,
        "step": rule.step,
        "length": length_in_words(rule),
        "origin": origin_in_words(rule),
        "rule": terms_of(rule),
        "rule_version": rule.version,
        "calendar_version": calendar.version,
        "calendar": [
            {"year": year, "source": calendar.source(year), "provisional": calendar.provisional(year)}
            for year in years
        ],
        "start_event": rule.start,
        "start_on": span.start_on.isoformat(),
        "extended_by": extended_by,
        "extensions": [as_plain(extended) for extended in course.extensions],
        "restarts": [as_plain(restart) for restart in course.restarts],
        "pauses": [as_plain(pause) for pause in pauses],
        "suspended": as_plain(course.suspended) if course.suspended else None,
        "days": list(_days(rule, calendar, span, amber_on, pauses)),
        "days_after": [_day(calendar, day) for day in _each(span.legal_on + ONE_DAY, levels["L4"])],
        "result": {
            "due_on": span.due_on.isoformat(),
            "legal_on": span.legal_on.isoformat(),
            "due_at": end_of(span.legal_on).isoformat(),
            "amber_on": amber_on.isoformat() if amber_on else None,
            "levels": {level: day.isoformat() for level, day in levels.items()},
            "provisional": any(map(calendar.provisional, years)),
        },
        "text": list(_sentences(rule, calendar, span, amber_on, extended_by, pauses, course, years)),
    }


def _each(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def _day(calendar: WorkCalendar, day: date) -> dict[str, Any]:
    return {
        "on": day.isoformat(),
        "weekday": weekday_in_words(day),
        "workday": calendar.is_workday(day),
        "reason": calendar.reason(day),
    }


def _days(
    rule: Rule, calendar: WorkCalendar, span: Span, amber_on: date | None, pauses: Sequence[Pause]
) -> Iterator[dict[str, Any]]:
    """Every day from the start to the end with its number (``counted``, or None) and why."""
    first = min(amber_on or span.due_on, span.due_on) if span.unit == "date" else span.start_on
    number = 0
    for day in _each(first, max(span.due_on, span.legal_on)):
        paused = next((p.reason for p in pauses if p.begins_on < day <= p.ends_on), None)
        counts = (
            span.start_on < day <= span.last_on
            and span.unit != "date"
            and paused is None
            and (rule.unit != "wd" or calendar.is_workday(day))
        )
        number += counts
        why = _why(calendar, span, day, paused, number if counts else None)
        yield {**_day(calendar, day), "counted": number if counts else None, "why": why}


def _why(calendar: WorkCalendar, span: Span, day: date, paused: str | None, number: int | None) -> str:
    if span.unit == "date":
        return _why_fixed(span, day)
    if day == span.start_on:
        return "起算日，不计入期间" if day < span.due_on else "起算当日届满"
    if number:
        moved = day == span.last_on and span.due_on > day
        return f"计入第 {number} 日" + ("，期满日是休息日，顺延" if moved else "")
    if paused is not None:
        return f"中止期间（{paused}），不计入"
    if day > span.last_on:
        return "顺延后的期满日" if day == span.due_on else f"{calendar.reason(day)}，继续顺延"
    return f"{calendar.reason(day)}，不计入"


def _why_fixed(span: Span, day: date) -> str:
    if day == span.due_on:
        return "内部期限日" if day < span.legal_on else "期限日"
    return "法定期限日" if day == span.legal_on else "固定日期，不逐日计数"


def _sentences(
    rule: Rule,
    calendar: WorkCalendar,
    span: Span,
    amber_on: date | None,
    extended_by: int,
    pauses: Sequence[Pause],
    course: Course,
    years: Sequence[int],
) -> Iterator[str]:
    """The same in a few Chinese sentences."""
    yield f"期限“{rule.step}”（{rule.key}）：{length_in_words(rule)}。{origin_in_words(rule)}"
    yield from restarts_in_words(course)
    if span.unit == "date":
        yield from pauses_in_words(pauses, course, rule.unit)
        yield f"法定期限为 {day_in_words(span.legal_on)}，固定日期不因休息日顺延。"
        if span.due_on != span.legal_on:
            yield f"该日为休息日，内部期限提前到之前最后一个工作日 {day_in_words(span.due_on)}。"
    else:
        yield _started(rule, span)
        yield from extensions_in_words(course, extended_by, rule.unit)
        yield from pauses_in_words(pauses, course, rule.unit)
        yield _counted_to(rule, calendar, span)
    yield f"期间至 {day_in_words(span.legal_on)}24:00 届满。"
    if amber_on:
        yield f"预警（黄灯）日为 {day_in_words(amber_on)}。"
    for year in years:
        yield f"{year} 年日历依据：{calendar.source(year)}。"
    if any(map(calendar.provisional, years)):
        yield "涉及尚未公布放假安排的年份，以上日期为暂定，待录入后重新计算。"


def _started(rule: Rule, span: Span) -> str:
    start = day_in_words(span.start_on)
    if span.last_on == span.start_on:
        return f"起算事件“{rule.start}”在 {start}，期限为当日。"
    return f"起算事件“{rule.start}”在 {start}，当日不计入，自次日起计算。"


def _counted_to(rule: Rule, calendar: WorkCalendar, span: Span) -> str:
    last = day_in_words(span.last_on)
    if span.due_on < span.last_on and rule.cap:
        limit = f"{rule.cap.value} {UNITS[rule.cap.unit]}"
        return f"按长度计至 {last}，超过上限 {limit}，改以 {day_in_words(span.due_on)}为准。"
    if span.due_on > span.last_on:
        reason = calendar.reason(span.last_on)
        return f"计至 {last}，该日为休息日（{reason}），顺延到下一个工作日 {day_in_words(span.due_on)}。"
    if not rule.shift and not calendar.is_workday(span.last_on):
        return f"计至 {last}，该日为休息日（{calendar.reason(span.last_on)}），本期限不顺延。"
    return f"计至 {last}。"
