"""Attacks kept as data: every expression, file and table of `hostile/` is refused, and soon."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from engine.bpmn.compile import compile_bundle
from engine.bpmn.execution import Execution, StepEnv
from engine.bpmn.expression import evaluate
from engine.errors import DiagramError, ExpressionError, StepFailed
from tests.unit.bpmn.drawn import END, NOW, START, Case, due_in_ten_days, process, program
from tests.unit.bpmn.test_decisions import NAMESPACES, table
from tests.unit.bpmn.test_expression import DATA

HERE = Path(__file__).parent / "hostile"
SOON_S = 2.0


def read(name: str, key: str) -> Mapping[str, Mapping[str, Any]]:
    entries = tomllib.loads((HERE / name).read_text())[key]
    assert len({entry["why"] for entry in entries}) == len(entries)
    return {entry["why"]: entry for entry in entries}


def text_of(entry: Mapping[str, Any]) -> str:
    if "text" in entry:
        return str(entry["text"])
    return entry["before"] + entry.get("repeat", "") * entry.get("times", 0) + entry.get("after", "")


@contextmanager
def soon() -> Iterator[None]:
    begun = time.process_time()
    yield
    assert time.process_time() - begun < SOON_S


EXPRESSIONS = read("expressions.toml", "attack")
FILES = read("files.toml", "file")
TABLES = read("tables.toml", "table")


def test_there_are_as_many_as_were_asked_for() -> None:
    assert len(EXPRESSIONS) >= 50
    assert len(FILES) >= 20
    assert len(TABLES) >= 20


@pytest.mark.parametrize("why", EXPRESSIONS)
def test_a_hostile_expression_is_refused(why: str) -> None:
    with soon(), pytest.raises(ExpressionError):
        evaluate(text_of(EXPRESSIONS[why]), DATA)


@pytest.mark.parametrize("why", EXPRESSIONS)
def test_a_hostile_expression_in_a_diagram_becomes_a_problem_or_an_incident(why: str) -> None:
    text = escape(text_of(EXPRESSIONS[why]))
    if "\0" in text:
        pytest.skip("XML cannot hold it")
    script = f"<scriptTask id='x'><script>y = ({text})</script></scriptTask>"
    with soon(), pytest.raises((DiagramError, StepFailed)):
        Case(program(process(START + END + script, "s > x\nx > e")), **DATA)


@pytest.mark.parametrize("why", FILES)
def test_a_hostile_file_is_refused(why: str) -> None:
    entry = FILES[why]
    content = text_of(entry).encode(entry.get("encoding", "utf-8"))
    with soon(), pytest.raises(DiagramError) as caught:
        compile_bundle({"x.bpmn": content})
    assert all(problem.file == "x.bpmn" for problem in caught.value.problems)


def drawn(where: str, text: str) -> bytes:
    """A table with `text` in one place, or a decision that is only `text`."""
    if where == "literal":
        inside = f"<literalExpression><text>{escape(text)}</text></literalExpression>"
        root = f'<definitions xmlns="{NAMESPACES[2]}"><decision id="d">{inside}</decision></definitions>'
        return root.encode()
    cells = {"cell": "-", "answer": "1", where: text}
    column = escape(text) if where == "column" else "x"
    return table([[cells["cell"], cells["answer"]]], inputs=(column,))


@pytest.mark.parametrize("why", TABLES)
def test_a_hostile_table_is_refused(why: str) -> None:
    content = drawn(TABLES[why]["where"], text_of(TABLES[why]))
    with soon(), pytest.raises(DiagramError):
        compile_bundle({"x.dmn": content})


ENDLESS = {
    "a loop of gateways": (
        '<exclusiveGateway id="g"/><exclusiveGateway id="h"/>',
        "s > g\ng > h\nh > g [true]\nh > e [false]",
    ),
    "a loop of scripts": (
        '<exclusiveGateway id="g"/><scriptTask id="x"><script>n = get("n", 0) + 1</script></scriptTask>'
        '<exclusiveGateway id="h"/>',
        "s > g\ng > x\nx > h\nh > g [n > 0]\nh > e [n == 0]",
    ),
    "tokens that double": (
        '<exclusiveGateway id="g"/><parallelGateway id="h"/><task id="t"/>',
        "s > g\ng > h\nh > g\nh > t\nt > g",
    ),
    "a standard loop": (
        '<scriptTask id="x"><standardLoopCharacteristics><loopCondition>true</loopCondition>'
        "</standardLoopCharacteristics><script>n = 1</script></scriptTask>",
        "s > x\nx > e",
    ),
    "a process that calls itself": ('<callActivity id="c" calledElement="p"/>', "s > c\nc > e"),
    "timers that are always due": (
        '<exclusiveGateway id="g"/><intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>PT0S'
        "</timeDuration></timerEventDefinition></intermediateCatchEvent><exclusiveGateway id='h'/>",
        "s > g\ng > t\nt > h\nh > g [true]\nh > e [false]",
    ),
}


@pytest.mark.parametrize("why", ENDLESS)
def test_a_diagram_that_runs_for_ever_stops_at_the_step_budget(why: str) -> None:
    made = program(process(START + END + ENDLESS[why][0], ENDLESS[why][1]))
    env = StepEnv(now=NOW, due=due_in_ten_days)
    with soon():
        execution = Execution.start(made, "p", {}, env)
        if why == "timers that are always due":  # each round is a step of its own, by the job pump
            execution.run()
            assert len(execution.timers()) == 1
            return
        with pytest.raises(StepFailed) as caught:
            execution.run()
    assert "超过" in caught.value.reason
    assert caught.value.element_id
