"""State as bytes: whatever a form may hold comes back as it went in."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from engine.bpmn.codec import pack, unpack
from engine.bpmn.values import storable
from engine.errors import EngineError, ExpressionError
from tests.unit.bpmn.drawn import END, START, Case, process, program, user

KEYS = st.text(max_size=8) | st.sampled_from(["typename", "v", "\0", "\0\0", "\0t", "__class__"])
PLAIN = (
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.text(max_size=20)
    | st.floats(allow_nan=False, allow_infinity=False)
)  # fmt: skip
MOMENTS = (
    st.dates() | st.timedeltas()
    | st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
)  # fmt: skip
VALUES = st.recursive(
    PLAIN | MOMENTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4)
)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_what_is_packed_is_unpacked(data: dict[str, Any]) -> None:
    assert unpack(pack(data)) == data
    assert list(unpack(pack(data))) == list(data)
    assert pack(data) == pack(dict(data))


@pytest.mark.parametrize(
    "data",
    [
        {"typename": "Task"},
        {"\0": "instant", "v": "2026-09-01"},
        {"a": {"\0": "span", "v": [1, 2, 3]}, "b": date(2026, 9, 1)},
        {"\0\0": 1, "on": date(2026, 9, 1)},
        {'"\0': timedelta(1), "x": {'\0"': 1}},
    ],
)
def test_no_key_of_a_form_is_taken_for_a_tag(data: dict[str, Any]) -> None:
    assert unpack(pack(data)) == data


def test_state_of_another_layout_is_refused() -> None:
    with pytest.raises(EngineError, match="layout"):
        unpack(zstandard.compress(b"9P{}"))


def test_tuples_and_sets_become_lists_at_once() -> None:
    assert storable({"a": (1, (2,)), "b": {3, 1, 2}, "c": range(2)}) == {
        "a": [1, [2]],
        "b": [1, 2, 3],
        "c": [0, 1],
    }


@pytest.mark.parametrize("value", [object(), float("inf"), 2**63, {1: 2}, b"x", lambda: 1, {"a": [object()]}])
def test_what_cannot_come_back_is_refused(value: Any) -> None:
    with pytest.raises(ExpressionError):
        storable(value)


def test_a_nesting_without_end_is_refused() -> None:
    ring: list[Any] = []
    ring.append(ring)
    with pytest.raises(ExpressionError, match="嵌套"):
        storable(ring)


def test_dates_survive_a_save_as_dates() -> None:
    bpmn = process(
        f'{START}{END}<scriptTask id="x"><script>on = today()\nat = now()\nspan = days(2)</script>'
        f"</scriptTask>" + user("a"),
        "s > x\nx > a\na > e",
    )
    case = Case(program(bpmn))
    data = case.loaded().data
    assert data["on"] == date(2026, 9, 1)
    assert data["at"] == datetime(2026, 9, 1, 2, tzinfo=UTC)
    assert data["span"] == timedelta(days=2)


def test_state_of_another_program_is_refused() -> None:
    case = Case(program(process(START + END + user("a"), "s > a\na > e")))
    case.program = program(process(START + END + user("b"), "s > b\nb > e"))
    with pytest.raises(EngineError, match="another version"):
        case.loaded()


def test_a_small_case_is_a_small_shard() -> None:
    case = Case(program(process(START + END + user("a"), "s > a\na > e")))
    assert len(case.shards[""]) < 120
