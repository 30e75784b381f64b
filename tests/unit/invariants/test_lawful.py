"""Unusual drawings that keep the law pass, and so do the processes that come with the program."""

from __future__ import annotations

import pytest

from engine.bpmn.compile import read_bundle
from tests.unit.bpmn.drawn import block, boundary
from tests.unit.invariants.cases import DEFENDED, LAWFUL, PROCESSES, TIMER, call, drawn, gateway, person, told
from tests.unit.invariants.test_unlawful import (
    ACCEPTED,
    AFTER,
    AND,
    COMPLAINT,
    HEARD,
    MI,
    OR,
    TAIL,
    XOR,
    notice,
)

JOIN = gateway("j", "parallel")
CASES = {
    "as it is written": ("accountability", DEFENDED, LAWFUL),
    "everybody heard at once": ("accountability", notice(MI) + AFTER, f"s > hear; hear > decide; {TAIL}"),
    "something else beside the hearing": (
        "accountability",
        DEFENDED + AND + JOIN + person("other"),
        f"s > x; x > d23; d23 > wait; {HEARD}; heard > j; x > other; other > j; j > decide; {TAIL}",
    ),
    "a second notice with a second hearing": (
        "accountability",
        DEFENDED + XOR,
        LAWFUL.replace("s > d23", "s > j; j > d23").replace(
            "heard > decide", "heard > x; x > decide; x > j [new]"
        ),
    ),
    "not filed at all": (
        "accountability",
        DEFENDED + XOR + call("d28", "D28"),
        LAWFUL.replace("s > d23", "s > x; x > d23; x > d28 [a]") + "; d28 > e",
    ),
    "a reminder beside the hearing": (
        "accountability",
        notice("") + AFTER + boundary("b", "hear", TIMER, interrupting=False) + person("remind"),
        f"s > hear; hear > decide; b > remind; {TAIL}",
    ),
    "a hearing broken off to begin again": (
        "accountability",
        notice("") + AFTER + XOR + boundary("b", "hear", TIMER),
        f"s > x; x > hear; hear > decide; b > x; {TAIL}",
    ),
    "rectification beside the measures": (
        "accountability",
        DEFENDED + AND + JOIN + person("do"),
        LAWFUL.replace(
            "d26 > rectify; rectify > e", "d26 > x; x > rectify; x > do; rectify > j; do > j; j > e"
        ),
    ),
    "measures chosen by kind": (
        "accountability",
        DEFENDED + OR + person("a") + person("b") + gateway("j", "inclusive"),
        LAWFUL.replace("rectify > e", "rectify > x; x > a [a]; x > b [b]; a > j; b > j; j > e"),
    ),
    "an anonymous complaint": (
        "complaint",
        COMPLAINT + XOR,
        ACCEPTED.replace("decide > d15", "decide > x; x > d15; x > pub [identity_mode == '匿名' and busy]"),
    ),
    "told unless the default is the anonymous": (
        "complaint",
        COMPLAINT.replace(
            '<serviceTask id="close"', '<exclusiveGateway id="x" default="f4_x_pub"/><serviceTask id="close"'
        ),
        ACCEPTED.replace("decide > d15", "decide > x; x > pub; x > d15 [identity_mode != '匿名']"),
    ),
    "not published for a ground of law": (
        "complaint",
        COMPLAINT + XOR,
        ACCEPTED.replace("d15 > pub", "d15 > x; x > pub; x > close [nonpub_ground != '']"),
    ),
    "published before it is told": (
        "complaint",
        COMPLAINT,
        "s > reg; reg > accept; accept > decide; decide > pub; pub > d15; d15 > close; close > e",
    ),
    "an inspection called off": (
        "annual_inspection",
        XOR + person("do") + call("d06", "D06") + '<endEvent id="end_cancelled"/>',
        "s > do; do > x; x > d06; x > end_cancelled [off]; d06 > e",
    ),
}


@pytest.mark.parametrize(("id", "elements", "lines"), CASES.values(), ids=CASES)
def test_an_unusual_but_lawful_drawing_passes(id: str, elements: str, lines: str) -> None:
    if "j > d23" in lines:
        elements += gateway("j")
    assert told(drawn(elements, lines, id)) == []


def test_the_processes_that_come_with_the_program_are_lawful() -> None:
    drawings = [
        drawing
        for path in sorted(PROCESSES.glob("*/*.bpmn"))
        for drawing in read_bundle({path.name: path.read_bytes()}).processes
    ]
    assert drawings
    assert [problem for drawing in drawings for problem in told(drawing, *drawings)] == []


def test_a_sub_process_is_asked_once_for_each_count() -> None:
    """Nine measures at once, of four steps each, stay within the bound."""
    branches = [f"m{number}" for number in range(9)]
    inside = "".join(
        block(
            name,
            f'<startEvent id="{name}s"/>{person(name + "t")}<endEvent id="{name}e"/>',
            f"{name}s > {name}t; {name}t > {name}e",
        )
        for name in branches
    )
    fan = "; ".join(f"x > {name}; {name} > j" for name in branches)
    lines = LAWFUL.replace("rectify > e", f"rectify > x; {fan}; j > e")
    assert told(drawn(DEFENDED + AND + JOIN + inside, lines)) == []
