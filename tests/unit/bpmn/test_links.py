"""Link events: several throws lead to the one catch of their name, within one level."""

from __future__ import annotations

import pytest

from engine.errors import DiagramError
from tests.unit.bpmn.drawn import END, START, Case, block, catch, process, program, throw, user

A, B = '<linkEventDefinition name="A"/>', '<linkEventDefinition name="B"/>'


def test_several_throws_lead_to_one_catch() -> None:
    bpmn = process(
        START + END + user("a") + user("b") + throw("t1", A) + throw("t2", A) + catch("c", A) + user("x"),
        "s > a\ns > b\na > t1\nb > t2\nc > x\nx > e",
    )
    case = Case(program(bpmn))
    case.do("a")
    case.do("b")
    assert case.open() == ["x", "x"]
    assert case.history == ["s", "a", "t1", "c", "b", "t2", "c"]


def test_links_of_other_names_and_levels_are_others() -> None:
    inside = '<startEvent id="s2"/><endEvent id="e2"/>' + throw("t2", A) + catch("c2", A) + user("y")
    bpmn = process(
        START
        + END
        + block("block", inside, "s2 > t2; c2 > y; y > e2")
        + throw("t", A)
        + catch("c", A)
        + catch("d", B)
        + throw("u", B)
        + user("x"),
        "s > block\nblock > t\nc > u\nd > x\nx > e",
    )
    case = Case(program(bpmn))
    assert case.open() == ["y"]
    case.do("y")
    assert case.history[-4:] == ["t", "c", "u", "d"]
    assert case.open() == ["x"]


def test_a_link_may_lead_back() -> None:
    bpmn = process(
        START + END + user("a") + '<exclusiveGateway id="g"/>' + throw("t", A) + catch("c", A),
        "s > a\nc > a\na > g\ng > t [again]\ng > e [not again]",
    )
    case = Case(program(bpmn))
    for again in (True, True, False):
        case.do("a", again=again)
    assert case.execution.status == "completed"


REFUSED = {
    "no catch": (throw("x", A), "s > x", "应有一个，但是有 0 个"),
    "two catches": (throw("x", A) + catch("c", A) + catch("d", A), "s > x\nc > e\nd > e", "但是有 2 个"),
    "no throw": (catch("x", A), "s > e\nx > e", "没有名为“A”的链接抛出事件"),
    "catch across levels": (
        throw("x", A) + block("block", catch("c", A) + user("y"), "c > y"),
        "s > x\nblock > e",
        "但是有 0 个",
    ),
    "a way out of the throw": (throw("x", A) + catch("c", A), "s > x\nx > e\nc > e", "不能有出口"),
    "a way into the catch": (throw("x", A) + catch("c", A), "s > x\ns > c\nc > e", "不能有入口"),
}


@pytest.mark.parametrize(("inside", "lines", "sentence"), REFUSED.values(), ids=REFUSED.keys())
def test_it_is_refused(inside: str, lines: str, sentence: str) -> None:
    with pytest.raises(DiagramError, match=sentence):
        program(process(START + END + inside, lines))
