"""Recomputes an exported proof from nothing but itself, and names what does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from engine.deadline.compute import compute
from engine.deadline.course import course_of
from engine.deadline.pause import Pause
from engine.deadline.proof import FORMAT, Proof
from engine.deadline.rule import Ladder, Rule
from engine.deadline.rule_terms import cap_of, extension_of, value_of
from engine.deadline.shanghai import ONE_DAY, day_in_words
from engine.errors import EngineError


class WrittenCalendar:
    """The calendar a proof wrote down: knows the proof's own days and no others."""

    def __init__(self, proof: Mapping[str, Any]) -> None:
        self.version: str = proof["calendar_version"]
        self._days = {date.fromisoformat(row["on"]): row for row in [*proof["days"], *proof["days_after"]]}
        self._years = {row["year"]: row for row in proof["calendar"]}

    def is_workday(self, day: date) -> bool:
        return bool(self._row(day)["workday"])

    def workday_after(self, day: date, count: int) -> date:
        while count:
            day += ONE_DAY
            count -= self.is_workday(day)
        return day

    def reason(self, day: date) -> str:
        return str(self._row(day)["reason"])

    def provisional(self, year: int) -> bool:
        return bool(self._years[year]["provisional"])

    def source(self, year: int) -> str:
        return str(self._years[year]["source"])

    def contradictions(self) -> Iterator[str]:
        """Days whose reason cannot be true of their weekday, or does not go with working or resting."""
        for day, row in self._days.items():
            worked, reason = row["workday"], row["reason"]
            expected = ("调休上班" if day.weekday() >= 5 else "工作日") if worked else ""
            named = reason.startswith(expected) if worked else not reason.startswith(("工作日", "调休上班"))
            if not named or (day.weekday() < 5 and reason == "周末"):
                yield f"{day_in_words(day)}：“{reason}”与是否为工作日的记载不符。"

    def _row(self, day: date) -> Mapping[str, Any]:
        if day not in self._days:
            raise LookupError(f"证明中缺少 {day_in_words(day)}的记载")
        return self._days[day]


def verify(proof: Mapping[str, Any]) -> list[str]:
    """What is wrong with `proof`, in Chinese; empty when the recomputation agrees in every entry."""
    if proof.get("format") != FORMAT:
        return [f"不认识的证明格式“{proof.get('format')}”，应为“{FORMAT}”。"]
    try:
        calendar = WrittenCalendar(proof)
        contradictions = list(calendar.contradictions())
        return contradictions or list(_differences("", _recomputed(proof, calendar), proof))
    except EngineError as error:
        return [f"证明的内容不能用于计算：{error}"]
    except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        # an exported proof comes from outside: a part that is missing or of the wrong kind is a finding
        return [f"证明不完整或已被改动，无法重新计算：{error}"]


def _recomputed(proof: Mapping[str, Any], calendar: WrittenCalendar) -> Proof:
    start_on, extended_by = date.fromisoformat(proof["start_on"]), proof["extended_by"]
    pauses = [_pause(row) for row in proof["pauses"]]
    course = course_of(proof)
    return compute(
        _rule(proof), calendar, start_on, extended_by=extended_by, pauses=pauses, course=course
    ).proof


def _rule(proof: Mapping[str, Any]) -> Rule:
    terms = proof["rule"]
    value, month_day = value_of(terms)
    return Rule(
        key=proof["key"],
        step=proof["step"],
        start=proof["start_event"],
        ends_at=terms["ends_at"],
        value=value,
        unit=terms["unit"],
        month_day=month_day,
        extension=extension_of(terms),
        cap=cap_of(terms),
        shift=terms["shift"],
        reference=terms["reference"],
        sources=tuple(terms["sources"]),
        tag=terms["tag"],
        ladder=Ladder(**terms["ladder"]),
        version=proof["rule_version"],
    )


def _pause(row: Mapping[str, Any]) -> Pause:
    begins_on, ends_on = date.fromisoformat(row["begins_on"]), date.fromisoformat(row["ends_on"])
    return Pause(begins_on, ends_on, row["reason"], row["clause"], row["by"], row["resumed_by"])


def _differences(path: str, expected: Any, written: Any) -> Iterator[str]:
    """Where the proof and its recomputation part, as ``result.due_on：…``."""
    if isinstance(expected, dict) and isinstance(written, Mapping):
        for key in [*expected, *(key for key in written if key not in expected)]:
            yield from _differences(f"{path}.{key}".lstrip("."), expected.get(key), written.get(key))
    elif isinstance(expected, list) and isinstance(written, list) and len(expected) == len(written):
        for index, pair in enumerate(zip(expected, written, strict=True)):
            yield from _differences(f"{path}[{index}]", *pair)
    elif expected != written:
        yield f"{path}：证明写的是“{written}”，重新计算为“{expected}”。"
