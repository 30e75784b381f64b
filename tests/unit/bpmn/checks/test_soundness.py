"""Gateways that stop tokens, merges that multiply them: what is told, and what passes."""

from __future__ import annotations

import pytest

from engine.bpmn.checks.net import net_of
from engine.bpmn.checks.soundness import explore, soundness
from engine.bpmn.compile import read_bundle
from engine.bpmn.drawing import ProcessDrawing
from tests.unit.bpmn.drawn import END, START, flows, process

TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
XOR, AND, OR = "exclusiveGateway", "parallelGateway", "inclusiveGateway"
TASKS = '<task id="a"/><task id="b"/><task id="c"/>'
MORE = TASKS + '<task id="d"/><endEvent id="e2"/>'


def drawing(elements: str, lines: str) -> ProcessDrawing:
    drawn = read_bundle({"f.bpmn": process(START + END + elements, lines)})
    assert drawn.problems == []
    return drawn.processes[0]


def told(elements: str, lines: str) -> list[tuple[str, str, str]]:
    """(severity, element, 卡 for stops or 重 for multiplies)."""
    return [
        (problem.severity, problem.element_id, "卡" if "会卡在" in problem.message else "重")
        for problem in soundness(drawing(elements, lines))
    ]


def gateways(**kinds: str) -> str:
    return "".join(f'<{kind} id="{name}"/>' for name, kind in kinds.items())


FORK = "s > g\ng > a [x]\ng > b [y]\na > j\nb > j\nj > c\nc > e"
PLAIN = FORK.replace(" [x]", "").replace(" [y]", "")


@pytest.mark.parametrize(
    ("split", "join", "found"),
    [
        (XOR, AND, [("error", "j", "卡")]),
        (OR, AND, [("error", "j", "卡")]),
        (AND, XOR, [("error", "j", "重")]),
        (OR, XOR, [("warning", "j", "重")]),  # only when both conditions hold
        (XOR, XOR, []),
        (AND, AND, []),
        (OR, OR, []),
        (AND, OR, []),
        (XOR, OR, []),
    ],
)
def test_a_split_needs_its_own_join(split: str, join: str, found: list[tuple[str, str, str]]) -> None:
    lines = PLAIN if split == AND else FORK
    assert told(gateways(g=split, j=join) + TASKS, lines) == found


@pytest.mark.parametrize(
    ("why", "elements", "lines", "found"),
    [
        (
            "a task that two branches lead to is a merge",
            gateways(g=AND) + TASKS,
            "s > g\ng > a\ng > b\na > c\nb > c\nc > e",
            [("error", "c", "重")],
        ),
        (
            "branches may each reach the end",
            gateways(g=AND) + TASKS,
            "s > g\ng > a\ng > b\na > e\nb > e",
            [],
        ),
        (
            "and through a merge as well, when nothing is done after it",
            gateways(g=AND, j=XOR) + TASKS,
            "s > g\ng > a\ng > b\na > j\nb > j\nj > e",
            [],
        ),
        (
            "a task with two ways out is a parallel split",
            gateways(j=XOR) + TASKS,
            "s > a\na > b\na > c\nb > j\nc > j\nj > d\nd > e".replace("d", "u"),
            [("error", "j", "重")],
        ),
        (
            "each round of a loop adds a token",
            gateways(m=XOR, g=AND) + TASKS,
            "s > m\nm > g\ng > a\ng > b\nb > m\na > e",
            [("error", "m", "重")],
        ),
        (
            "a rework loop around parallel work is sound",
            gateways(m=XOR, g=AND, j=AND, again=XOR) + TASKS,
            "s > m\nm > g\ng > a\ng > b\na > j\nb > j\nj > again\nagain > m [x]\nagain > e [not x]",
            [],
        ),
        (
            "a loop inside one branch is sound",
            gateways(g=AND, j=AND, m=XOR, again=XOR) + TASKS,
            "s > g\ng > m\nm > a\na > again\nagain > m [x]\nagain > j [y]\ng > b\nb > j\nj > c\nc > e",
            [],
        ),
        (
            "a branch that leaves the parallel part keeps its join waiting",
            gateways(g=AND, x=XOR, j=AND) + MORE,
            "s > g\ng > a\na > x\nx > j [p]\nx > e2 [q]\ng > b\nb > j\nj > c\nc > e",
            [("error", "j", "卡")],
        ),
        (
            "unless it ends everything",
            gateways(g=AND, x=XOR, j=AND) + TASKS + '<endEvent id="t"><terminateEventDefinition/></endEvent>',
            "s > g\ng > a\na > x\nx > j [p]\nx > t [q]\ng > b\nb > j\nj > c\nc > e",
            [],
        ),
        (
            "the first of several events is one token",
            gateways(g="eventBasedGateway", j=AND)
            + "".join(
                f'<intermediateCatchEvent id="{n}">{TIMER}</intermediateCatchEvent>' for n in ("w1", "w2")
            ),
            "s > g\ng > w1\ng > w2\nw1 > j\nw2 > j\nj > e",
            [("error", "j", "卡")],
        ),
        (
            "a boundary event that interrupts takes the normal way's place",
            gateways(j=AND) + TASKS + f'<boundaryEvent id="t" attachedToRef="a">{TIMER}</boundaryEvent>',
            "s > a\na > j\nt > j\nj > e",
            [("error", "j", "卡")],
        ),
        (
            "a reminder that runs into the main way may do it twice",
            TASKS + f'<boundaryEvent id="t" attachedToRef="a" cancelActivity="false">{TIMER}</boundaryEvent>',
            "s > a\na > b\nt > b\nb > e",
            [("warning", "b", "重")],
        ),
        (
            "a reminder with an end of its own does not, in a loop neither",
            gateways(m=XOR, x=XOR)
            + MORE
            + f'<boundaryEvent id="t" attachedToRef="a" cancelActivity="false">{TIMER}</boundaryEvent>',
            "s > m\nm > a\na > x\nx > m [p]\nx > e [q]\nt > c\nc > e2",
            [],
        ),
        (
            "links are flows",
            gateways(g=XOR, j=AND)
            + TASKS
            + '<intermediateThrowEvent id="to"><linkEventDefinition name="L"/></intermediateThrowEvent>'
            '<intermediateCatchEvent id="from"><linkEventDefinition name="L"/></intermediateCatchEvent>',
            "s > g\ng > a [x]\ng > to [y]\nfrom > b\na > j\nb > j\nj > e",
            [("error", "j", "卡")],
        ),
        (
            "a sub-process is looked into",
            '<subProcess id="sub"><startEvent id="s1"/><endEvent id="e1"/>'
            + gateways(g=XOR, j=AND)
            + TASKS
            + flows("s1 > g\ng > a [x]\ng > b [y]\na > j\nb > j\nj > e1")
            + "</subProcess>",
            "s > sub\nsub > e",
            [("error", "j", "卡")],
        ),
        (
            "only the first cause of many tokens is told",
            gateways(g=AND, j=XOR, k=XOR, x=XOR) + MORE,
            "s > g\ng > a\ng > b\na > j\nb > j\nj > x\nx > c [p]\nx > d [q]\nc > k\nd > k\nk > u\nu > e",
            [("error", "j", "重")],
        ),
    ],
)
def test_tokens_are_followed_wherever_they_go(
    why: str, elements: str, lines: str, found: list[tuple[str, str, str]]
) -> None:
    if "u" in lines.replace("sub", ""):
        elements += '<task id="u"/>'
    assert told(elements, lines) == found, why


def test_the_sentence_names_the_gateway_the_empty_entrance_and_the_cure() -> None:
    elements = gateways(g=XOR) + '<parallelGateway id="j" name="会签完成"/>' + TASKS
    (problem,) = soundness(drawing(elements, FORK))
    assert (problem.element_id, problem.file) == ("j", "f.bpmn")
    assert problem.message.startswith("流程会卡在“会签完成”：入口“f4_b_j”")
    assert "排他" in problem.message


def test_a_path_that_always_goes_on_beside_one_that_ends_is_told() -> None:
    """Where an exclusive gateway may leave the loop, or end everything, all is well."""
    endless = "s > m; m > g; g > a; g > e; a > m"
    (problem,) = soundness(drawing(gateways(m=XOR, g=AND) + TASKS, endless))
    assert (problem.severity, problem.element_id) == ("warning", "s")
    assert "永远不会全部走完" in problem.message
    left = "s > m; m > a; a > g; g > m [x]; g > e"
    assert list(soundness(drawing(gateways(m=XOR, g=XOR) + TASKS, left))) == []
    stop = '<endEvent id="t"><terminateEventDefinition/></endEvent>'
    stopped = "s > m; m > g; g > a; g > t; a > m"
    assert list(soundness(drawing(gateways(m=XOR, g=AND) + TASKS + stop, stopped))) == []


def test_a_drawing_without_start_and_end_events_is_followed_as_well() -> None:
    drawn = read_bundle({"f.bpmn": process(TASKS, "a > c\nb > c")})
    assert [problem.element_id for problem in soundness(drawn.processes[0])] == ["c"]
    drawn = read_bundle({"f.bpmn": process(TASKS + gateways(j=AND), "a > j\nb > j\nj > c")})
    assert list(soundness(drawn.processes[0])) == []


def test_of_several_ways_to_begin_one_is_taken() -> None:
    messages = ("m_more", "m_stop")
    receive = "".join(f'<receiveTask id="r{m}" instantiate="true" messageRef="{m}"/>' for m in messages)
    drawn = read_bundle({"f.bpmn": process(END + receive + TASKS, "rm_more > a\nrm_stop > a\na > e")})
    assert list(soundness(drawn.processes[0])) == []


def knot(pairs: int) -> tuple[str, str]:
    """`pairs` parallel branches, each with two half-joins to its neighbour: no rule shrinks it."""
    elements, lines = gateways(g=AND, j=AND), "s > g\nj > e"
    for n in range(pairs):
        elements += gateways(**{f"x{n}": XOR, f"m{n}": XOR, f"y{n}": XOR}) + f'<task id="t{n}"/>'
        lines += (
            f"\ng > m{n}\nm{n} > x{n}\nx{n} > t{n} [p]\nx{n} > y{n} [q]\nt{n} > y{n} [r]\n"
            f"t{n} > m{n} [u]\ny{n} > j [v]\ny{n} > m{n} [w]"
        )
    return elements, lines


def test_well_structured_parts_are_not_explored_one_by_one() -> None:
    # given: 40 parallel branches of 20 tasks, more than 20^40 states
    lines = "s > g\nj > e"
    elements = gateways(g=AND, j=AND)
    for branch in range(40):
        names = [f"t{branch}_{n}" for n in range(20)]
        elements += "".join(f'<task id="{name}"/>' for name in names)
        lines += "".join(f"\n{a} > {b}" for a, b in zip(["g", *names], [*names, "j"], strict=True))
    # then
    assert told(elements, lines) == []


def test_beyond_the_bound_it_says_that_it_did_not_finish() -> None:
    elements, lines = knot(12)
    problems = list(soundness(drawing(elements, lines)))
    assert [(problem.severity, "没有查完" in problem.message) for problem in problems] == [("warning", True)]


def test_within_the_bound_every_state_is_visited() -> None:
    elements, lines = knot(3)
    assert explore(net_of(drawing(elements, lines).block, certain=True)).whole
