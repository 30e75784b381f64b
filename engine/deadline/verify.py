"""Recomputes an exported proof from nothing but itself, and names what does not follow, in its order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.deadline.compute import compute
from engine.deadline.course import course_of
from engine.deadline.export import in_front
from engine.deadline.pause import Pause
from engine.deadline.places import in_words
from engine.deadline.proof import FORMAT, Proof
from engine.deadline.rule import Ladder, Rule
from engine.deadline.rule_terms import cap_of, extension_of, value_of
from engine.deadline.seal import digest_of, sealed
from engine.deadline.written import MissingDay, Place, WrittenCalendar
from engine.errors import EngineError

_ABSENT = object()
_UNSEALED = "写的摘要与内容算出的不符：证明在导出以后改动过"
_SPOILED = (LookupError, TypeError, ValueError, AttributeError, ArithmeticError)
"""A proof comes from outside: a part that is missing or of the wrong kind is a finding, no fault of ours."""


@dataclass(frozen=True)
class Finding:
    """What does not follow; `place` leads to it from the top of the export or proof that was checked."""

    place: Place
    sentence: str

    def __str__(self) -> str:
        return self.sentence


def verify(content: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with an export, or with a proof alone; empty when every entry follows.

    First what the counting contradicts, from the top down; last the digest, which covers also what does not
    take part in the counting (versions, who decided, whose case).
    """
    if "proof" not in content:
        return list(_of_proof(content))
    proof = content["proof"]
    if not isinstance(proof, Mapping):
        return [Finding(("proof",), "proof 应是一个 JSON 对象。")]
    inside = [Finding(("proof", *found.place), found.sentence) for found in _of_proof(proof)]
    return inside or list(_in_front(content, proof))


def _of_proof(proof: Mapping[str, Any]) -> Iterator[Finding]:
    if proof.get("format") != FORMAT:
        sentence = f"不认识的证明格式“{proof.get('format')}”，应为“{FORMAT}”。"
        yield Finding(("format",), sentence)
        return
    found = list(_counted(proof))
    yield from found
    try:
        fits = proof.get("digest") == digest_of(proof)
    except _SPOILED:
        fits = False
    if not fits:
        yield Finding(("digest",), f"{in_words(('digest',), proof)}：{_UNSEALED}。")


def _counted(proof: Mapping[str, Any]) -> Iterator[Finding]:
    try:
        calendar = WrittenCalendar(proof)
        contradictions = list(calendar.contradictions())
        for place, what in contradictions:
            yield Finding(place, f"{in_words(place, proof)}：{what}。")
        if not contradictions:
            yield from _differences((), _recomputed(proof, calendar), proof, proof)
    except EngineError as error:
        yield Finding((), f"证明的内容不能用于计算：{error}")
    except MissingDay as error:
        yield Finding(("days",), f"证明不完整或已被改动，无法重新计算：{error}。")
    except KeyError as error:
        yield Finding((), f"证明不完整或已被改动，无法重新计算：缺少“{error.args[0]}”。")
    except _SPOILED as error:
        yield Finding((), f"证明不完整或已被改动，无法重新计算：{error}")


def _recomputed(proof: Mapping[str, Any], calendar: WrittenCalendar) -> Proof:
    start_on, extended_by = date.fromisoformat(proof["start_on"]), proof["extended_by"]
    pauses, course = pauses_of(proof), course_of(proof)
    due = compute(_rule(proof), calendar, start_on, extended_by=extended_by, pauses=pauses, course=course)
    whole = sealed(due.proof, proof.get("about"))
    return {**whole, "digest": proof.get("digest", _ABSENT)}  # looked at last, for it covers the others


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


def pauses_of(proof: Mapping[str, Any]) -> list[Pause]:
    """The pauses that a proof wrote down. Raises KeyError, TypeError or ValueError when it is malformed."""
    return [
        Pause(
            date.fromisoformat(row["begins_on"]), date.fromisoformat(row["ends_on"]), row["reason"],
            row["clause"], row["by"], row["resumed_by"],
        )
        for row in proof["pauses"]
    ]  # fmt: skip


def _in_front(content: Mapping[str, Any], proof: Mapping[str, Any]) -> Iterator[Finding]:
    expected = {**(proof.get("about") or {}), **in_front(proof)}
    written = {name: value for name, value in content.items() if name != "proof"}
    yield from _differences((), expected, written, content)


def _differences(place: Place, expected: Any, written: Any, whole: Mapping[str, Any]) -> Iterator[Finding]:
    """Where the proof and its recomputation part, in the order of the recomputation."""
    if isinstance(expected, dict) and isinstance(written, Mapping):
        for key in [*expected, *(key for key in written if key not in expected)]:
            pair = expected.get(key, _ABSENT), written.get(key, _ABSENT)
            yield from _differences((*place, key), *pair, whole)
    elif isinstance(expected, list) and isinstance(written, list):
        for at, pair in enumerate(zip(expected, written, strict=False)):
            yield from _differences((*place, at), *pair, whole)
        if len(expected) != len(written):
            said = f"证明写了 {len(written)} 行，重新计算为 {len(expected)} 行。"
            yield Finding(place, f"{in_words(place, whole)}：{said}")
    elif type(expected) is not type(written) or expected != written:
        said = f"证明写的是“{_shown(written)}”，重新计算为“{_shown(expected)}”。"
        yield Finding(place, f"{in_words(place, whole)}：{said}")


def _shown(value: Any) -> str:
    if value is None or value is _ABSENT:
        return "没有" if value is _ABSENT else "空"
    return ("是" if value else "否") if isinstance(value, bool) else str(value)
