"""Whatever single entry of an exported proof is changed, taken out or added: it is found, and named first."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.deadline.calendar import Calendar
from engine.deadline.compute import compute
from engine.deadline.course import Course, Extended, Restarted
from engine.deadline.export import export
from engine.deadline.json_lines import line_of
from engine.deadline.pause import Pause
from engine.deadline.rule import RuleSet
from engine.deadline.seal import digest_of
from engine.deadline.verify import verify

D = date.fromisoformat
OTHERS = [None, True, False, 0, 1, -1, 1.0, "", "周末", "2026-03-03", [], {}]


@pytest.fixture(scope="module")
def whole(calendar: Calendar, rules: RuleSet) -> dict[str, Any]:
    """An export in which every part has something to change."""
    due = compute(
        rules["CP-HANDLE"], calendar, D("2026-02-13"), extended_by=10,
        pauses=[Pause(D("2026-02-24"), D("2026-02-27"), "第三方意见", "条例第三十二条", "陈立", "王芳")],
        course=Course(
            (Extended(D("2026-03-05"), 10, "案情复杂，需要现场核实", "王芳"),),
            (Restarted(D("2026-02-13"), D("2026-02-02"), D("2026-02-27"), D("2026-02-13"), "补正"),),
        ),
    )  # fmt: skip
    about = {"case": "TS-2026-0001", "name": "投诉办结", "unit": "", "finished_at": None}
    return written(export(due, about))


def written(content: dict[str, Any]) -> dict[str, Any]:
    """As it comes back from a file."""
    loaded: dict[str, Any] = json.loads(json.dumps(content, ensure_ascii=False))
    return loaded


def entries(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place in it, containers included."""
    if place:
        yield place
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, part in steps:
        yield from entries(part, (*place, step))


def at(content: Any, place: tuple[Any, ...]) -> Any:
    for step in place:
        content = content[step]
    return content


def same(one: Any, other: Any) -> bool:
    """As JSON: True is not 1, and 1 is not 1.0."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def test_it_holds_as_it_was_exported(whole: dict[str, Any]) -> None:
    assert verify(whole) == []
    assert verify(whole["proof"]) == []


def test_every_single_entry_is_guarded(whole: dict[str, Any]) -> None:
    places = list(entries(whole))
    assert len(places) > 400
    forged = copy.deepcopy(whole)
    for number, place in enumerate(places):
        around, step = at(forged, place[:-1]), place[-1]
        old = around[step]
        around[step] = old + "改" if isinstance(old, str) else old + 1 if type(old) is int else "改"
        assert verify(forged), place
        if number % 5 == 0 and isinstance(around, dict):
            del around[step]
            assert verify(forged), place
        around[step] = old
    assert same(forged, whole)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_no_other_value_passes_in_any_place(whole: dict[str, Any], data: st.DataObject) -> None:
    place = data.draw(st.sampled_from(list(entries(whole))))
    parts = [at(whole, other) for other in list(entries(whole))[:: data.draw(st.integers(7, 40))]]
    new = data.draw(st.sampled_from([*OTHERS, *parts]) | st.text(max_size=5) | st.integers())
    forged = copy.deepcopy(whole)
    at(forged, place[:-1])[place[-1]] = new
    if not same(forged, whole):
        assert verify(forged), (place, new)


@pytest.mark.parametrize(
    ("place", "new", "first"),
    [
        (("proof", "result", "due_on"), "2026-04-01", "结果，result.due_on：证明写的是“2026-04-01”"),
        (("proof", "days", 3, "why"), "计入第 2 日", "逐日记录第 4 行 2026-02-16（周一），days[3].why"),
        (("proof", "extensions", 0, "days"), 9, "各次延期合计 9，与延长的 10 不符"),
        (("proof", "extensions", 0, "reason"), "人手不足", "文字说明"),
        (("proof", "pauses", 0, "by"), "别人", "文字说明"),
        (("proof", "rule_version"), "0" * 64, "摘要，digest：写的摘要与内容算出的不符"),
        (("proof", "about", "case"), "TS-2026-0002", "摘要，digest"),
        (("due",), "2026-04-01", "到期日，due：证明写的是“2026-04-01”"),
        (("case",), "TS-2026-0002", "case：证明写的是“TS-2026-0002”，重新计算为“TS-2026-0001”"),
    ],
)  # fmt: skip
def test_the_first_that_does_not_follow_is_named(
    whole: dict[str, Any], place: tuple[Any, ...], new: Any, first: str
) -> None:
    forged = copy.deepcopy(whole)
    at(forged, place[:-1])[place[-1]] = new
    assert first in verify(forged)[0].sentence


def test_who_forges_the_digest_too_is_found_by_the_counting(whole: dict[str, Any]) -> None:
    # given somebody who knows how the digest is made, and gives himself one more day of holiday
    forged = copy.deepcopy(whole["proof"])
    forged["result"]["due_on"] = "2026-04-10"
    forged["digest"] = digest_of(forged)
    # then only the counting tells
    assert [found.place for found in verify(forged)] == [("result", "due_on")]


def test_a_finding_leads_to_its_line_of_the_file(whole: dict[str, Any]) -> None:
    text = json.dumps(whole, ensure_ascii=False, indent=2)
    lines = text.splitlines()
    for place in entries(whole):
        line = line_of(text, place)
        assert line is not None
        step = place[-1]
        assert isinstance(step, int) or lines[line - 1].strip().startswith(f'"{step}": ')
    number = line_of(text, ("proof", "days", 3, "why"))
    assert number
    assert "春节放假" in lines[number - 1]
    assert line_of(text, ("proof", "nothing", 3)) is None
    assert line_of(text, ("proof", "days", 10_000)) is None


@pytest.mark.parametrize(
    "content", [{}, {"proof": []}, {"proof": {}}, {"format": "ducha.deadline.proof/2"}, {"proof": None}]
)
def test_what_is_no_proof_is_found_out(content: dict[str, Any]) -> None:
    assert verify(content)
